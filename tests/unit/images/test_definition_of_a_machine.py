"""What a definition says of its versions, by what they are made of."""

from typing import Any

import pytest

from azure_scaleset.extensions.context import OperatingSystem
from azure_scaleset.images.arguments import Architecture, Generation, ImageDefinition, ImageSecurity
from azure_scaleset.images.definition import definition_properties
from azure_scaleset.images.machine import Machine

PLAN = {"name": "stable", "publisher": "kinvolk", "product": "flatcar"}


@pytest.mark.parametrize(
    ("machine", "expected"),
    [
        (Machine("Linux", "V2", "TrustedLaunch"), ["TrustedLaunch"]),
        # Azure takes no version of a VM or of a snapshot for images that support both (T25).
        (Machine("Linux", "V2", "Standard"), []),
        (Machine("Linux", "V1", "Standard"), []),
        # A base image or a managed one, which makes machines of both kinds.
        (Machine("Linux", "V2"), ["TrustedLaunchSupported"]),
        (Machine("Linux", "V1"), []),
        (Machine("Linux", "V2", architecture="Arm64"), []),
        (None, ["TrustedLaunchSupported"]),
    ],
)
def test_security_of_a_definition(machine: Machine | None, expected: list[str]) -> None:
    """Of a VM and a snapshot it is their own, of everything else of generation 2 and x64 it is both."""
    assert [each["value"] for each in definition_properties({}, machine)["features"]] == expected


def test_a_security_type_that_is_not_known_must_be_given() -> None:
    """Azure may have newer ones: nothing is guessed, and what is given holds."""
    machine = Machine("Linux", "V2", "Newest")
    with pytest.raises(ValueError, match=r"destination\.definition\.security is missing, .* Newest, .*Expected Standard, TrustedLaunch, "):
        definition_properties({}, machine)
    assert definition_properties({"security": ImageSecurity.STANDARD}, machine)["features"] == []


GIVEN: ImageDefinition = {
    "os": OperatingSystem.LINUX,
    "generation": Generation.V1,
    "architecture": Architecture.X64,
    "security": ImageSecurity.STANDARD,
    "purchase_plan": {"name": "other", "publisher": "b", "product": "c"},
}


@pytest.mark.parametrize(
    ("definition", "machine", "expected"),
    [
        (
            {},
            Machine("Linux", "V2", "Standard", "Arm64", PLAN),
            {"osType": "Linux", "hyperVGeneration": "V2", "architecture": "Arm64", "features": [], "purchasePlan": PLAN},
        ),
        (
            GIVEN,
            Machine("Windows", "V2", "TrustedLaunch", "Arm64", PLAN),
            {
                "osType": "Linux",
                "hyperVGeneration": "V1",
                "architecture": "x64",
                "features": [],
                "purchasePlan": {"name": "other", "publisher": "b", "product": "c"},
            },
        ),
        (
            {"os": OperatingSystem.WINDOWS},
            None,
            {
                "osType": "Windows",
                "hyperVGeneration": "V2",
                "architecture": "x64",
                "features": [{"name": "SecurityType", "value": "TrustedLaunchSupported"}],
            },
        ),
    ],
)
def test_a_definition_says_what_was_given_else_what_the_source_is(definition: Any, machine: Machine | None, expected: Any) -> None:
    """Architecture and plan go along; of a VHD nothing is known."""
    assert definition_properties(definition, machine) == expected
