"""What a definition says of security, by what its versions are made of."""

import pytest

from azure_scaleset.images.destination import image_properties
from azure_scaleset.images.source import Machine


@pytest.mark.parametrize(
    ("machine", "expected"),
    [
        (Machine("Linux", "V2", True), ["TrustedLaunch"]),
        # Azure takes no version of a VM for images that support both (T25).
        (Machine("Linux", "V2", False), []),
        (Machine("Linux", "V1", False), []),
        # A base image, which makes machines of both kinds.
        (Machine("Linux", "V2"), ["TrustedLaunchSupported"]),
        (Machine("Linux", "V1"), []),
        (None, ["TrustedLaunchSupported"]),
    ],
)
def test_security_of_a_definition(machine: Machine | None, expected: list[str]) -> None:
    """Of a VM it is the VM's, of everything else of generation 2 it is both."""
    assert [each["value"] for each in image_properties({}, machine)["features"]] == expected
