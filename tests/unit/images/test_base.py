"""The base of a build: what it tells, and whether what is built on it fits where it goes."""

import asyncio
from typing import Any

import pulumi
import pytest

from azure_scaleset.errors import ArgumentError
from azure_scaleset.extensions.context import OperatingSystem
from azure_scaleset.images import base, resolve
from azure_scaleset.images.base import Base
from azure_scaleset.images.definition import definition_properties
from azure_scaleset.images.machine import Machine
from azure_scaleset.review_rounds import NOT_KNOWN
from azure_scaleset.rollout.arm import Arm
from offline.arm.http import Json
from tests.unit.images.builder import TEMPLATE, Builder
from tests.unit.offline.arm import GROUP, SUBSCRIPTION
from tests.unit.offline.images.workshop import DEFINITION, GALLERY, GENERATION_1, IMAGE, MACHINE, Workshop

UBUNTU = Machine("Linux", "V2", "TrustedLaunchSupported", "x64")
OLD = Machine("Linux", "V1", "Standard", "x64")
SUPPORTED = [{"name": "SecurityType", "value": "TrustedLaunchSupported"}]
ALONE = [{"name": "SecurityType", "value": "TrustedLaunch"}]


@pytest.mark.parametrize(
    ("security", "expected"),
    [
        (None, "Standard"),
        ("trustedlaunchsupported", "TrustedLaunchSupported"),
        ("TrustedLaunchSupported", "TrustedLaunchSupported"),
        ("TrustedLaunchAndConfidentialVmSupported", "TrustedLaunchSupported"),
        ("ConfidentialVmSupported", "ConfidentialVmSupported"),
    ],
)
def test_what_is_built_supports_what_its_base_does(security: str | None, expected: str) -> None:
    """And architecture and plan are the base's: a platform image's, or that of a gallery image's definition."""
    plan = {"name": "stable", "publisher": "kinvolk", "product": "flatcar"}
    features = [{"name": "SecurityType", "value": security}] if security else []
    common = {"hyperVGeneration": "V2", "architecture": "Arm64", "features": features}
    told = Machine("Linux", "V2", expected, "Arm64", plan)

    assert base.read({"properties": {**common, "osDiskImage": {"operatingSystem": "Linux"}, "plan": {**plan, "more": "x"}}}) == told
    assert base.read({"properties": {**common, "osType": "Linux", "purchasePlan": plan}}) == told


def test_a_base_that_image_builder_does_not_take() -> None:
    """Of the other system, for trusted launch alone: both are told."""
    assert base.refusals(UBUNTU, OperatingSystem.LINUX) == []
    assert [
        each.partition(",")[0] for each in base.refusals(Machine("Windows", "V2", security="TrustedLaunch"), OperatingSystem.LINUX)
    ] == [
        "an image of Windows",
        "an image only for machines of TrustedLaunch",
    ]


def test_a_base_must_be_there_for_the_template(arm: Arm, workshop: Workshop) -> None:
    """An image, its version, in the template's region, and generalized: else it is told why, in the words of a scale set's image."""
    workshop.generalized(GENERATION_1)
    image = f"{GROUP}/providers/{IMAGE}"
    workshop.done("PUT", IMAGE, {"location": "westeurope", "properties": {"sourceVirtualMachine": {"id": f"{GROUP}/providers/{MACHINE}"}}})
    of_generation_1: Any = {"hyperVGeneration": "V1", "features": []}
    gallery = workshop.definition(**of_generation_1)
    workshop.version()
    special = workshop.definition(f"{GALLERY}/images/special", osState="Specialized")

    def told(text: str, region: str = "westeurope") -> list[str]:
        return base.described(arm, text, SUBSCRIPTION.rpartition("/")[2], region)[1]

    fine = ("Canonical:ubuntu-24_04-lts:server:24.04.202510010", image, f"{gallery}/versions/1.0.0")
    assert [told(each) for each in fine] == [[], [], []]
    assert told("Canonical:ubuntu-24_04-lts:server:1.2.3") == ["which Azure doesn't have in westeurope (G3). Take another image."]
    assert told(f"{image}2") == ["which Azure doesn't have (G3). Take another image."]
    assert told(image, "uksouth") == [
        "and it is a managed image of westeurope (G6). Expected one of uksouth; a gallery carries images to other regions."
    ]
    assert told(f"{gallery}/versions/2.0.0") == [
        "and its definition has no version 2.0.0 (G3). Take one that is there, or leave /versions/2.0.0 out."
    ]
    assert told(f"{gallery}/versions/1.0.0", "uksouth") == [
        "and its version 1.0.0 is not replicated to uksouth (only to westeurope) (G6). Take another version, or publish this one there."
    ]
    assert told(f"{special}/versions/1.0.0")[1:] == [
        "and it is specialized: Image Builder builds on generalized images alone (B2). Take one of these."
    ]


def test_a_base_of_the_same_update_is_not_missed_in_its_preview(arm: Arm, workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its version is made by then, or its definition, too; the update itself looks whether it is. One that is stated must be there."""
    gallery = workshop.definition(features=SUPPORTED)
    previewed = [True]

    async def asked(_: Any, ask: Any) -> Any:
        return ask(arm)

    async def subscription(_: Any) -> str:
        return SUBSCRIPTION.rpartition("/")[2]

    for module in (base, resolve):
        monkeypatch.setattr(module, "asked", asked)
        monkeypatch.setattr(module, "ask_subscription", subscription)
    monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: previewed[0])

    def found(text: str, made_here: bool = True) -> Any:
        parent: Any = None
        return asyncio.run(base.find("BuiltImage 'web'", text, "westeurope", "*", OperatingSystem.LINUX, parent, made_here=made_here))

    version = f"{gallery}/versions/1.0.0"
    assert found(version) == Base(version, Machine("Linux", "V2", "TrustedLaunchSupported", "x64"))
    assert [found(gallery), found(f"{gallery}2/versions/1.0.0")] == [NOT_KNOWN, NOT_KNOWN]
    with pytest.raises(ArgumentError, match=r"and its definition has no version 1\.0\.0"):
        found(version, made_here=False)
    previewed[0] = False
    for text in (version, gallery):
        with pytest.raises(ArgumentError, match="has 1 problem in its arguments"):
            found(text)


DEFINED: dict[str, Any] = {"osType": "Linux", "osState": "Generalized", "hyperVGeneration": "V2", "features": SUPPORTED}


@pytest.mark.parametrize(
    ("tells", "properties", "expected"),
    [
        (UBUNTU, {}, []),
        (OLD, {"hyperVGeneration": "V1", "features": []}, []),
        (Machine("Linux", "V2", "ConfidentialVmSupported"), {"features": []}, []),
        (UBUNTU, {"osType": "Windows"}, ["the base u:u:u:1.0.0 is of Linux, and the definition web of Windows (B12)"]),
        (
            UBUNTU,
            {"hyperVGeneration": "V1", "features": []},
            ["the base u:u:u:1.0.0 is of generation V2", "the base u:u:u:1.0.0 has the security type"],
        ),
        (UBUNTU, {"architecture": "Arm64"}, ["the base u:u:u:1.0.0 is of x64, and the definition web of Arm64 (B12)"]),
        (UBUNTU, {"osState": "Specialized"}, ["what is built is generalized, and the definition web is for specialized ones (B12)"]),
        (
            UBUNTU,
            {"features": ALONE},
            ["the definition web is for machines of TrustedLaunch alone, and Image Builder makes no such images (B13)"],
        ),
        (
            UBUNTU,
            {"features": []},
            [
                "the base u:u:u:1.0.0 has the security type TrustedLaunchSupported, and the definition web Standard: both support trusted launch, or neither does (B13). "
                "Take a definition with security TrustedLaunchSupported."
            ],
        ),
        (
            Machine("Linux", "V2"),
            {},
            ["the base u:u:u:1.0.0 has the security type Standard, and the definition web TrustedLaunchSupported"],
        ),
    ],
)
def test_a_definition_that_does_not_fit_the_base(tells: Machine, properties: Json, expected: list[str]) -> None:
    """System, generation, architecture, state, security type: each with what to do."""
    found = base.unfit(Base("u:u:u:1.0.0", tells), {"name": "web", "properties": {**DEFINED, **properties}})

    assert len(found) == len(expected)
    assert all(text.startswith(words) for text, words in zip(found, expected, strict=True)), found


@pytest.mark.parametrize(
    "properties",
    [
        {},
        {"osType": "Windows"},
        {"hyperVGeneration": "V1", "features": []},
        {"architecture": "Arm64"},
        {"osState": "Specialized"},
        {"features": ALONE},
        {"features": []},
    ],
)
def test_what_is_refused_is_what_image_builder_refuses(arm: Arm, workshop: Workshop, properties: Json) -> None:
    """And nothing else: the same definitions, for the same base."""
    builder = Builder(workshop)
    workshop.done("DELETE", DEFINITION)
    workshop.definition(**{"features": SUPPORTED, **properties})
    error = builder.submit()

    assert bool(base.unfit(Base("u:u:u:1.0.0", UBUNTU), workshop.arm.read(DEFINITION))) is (error is not None)
    assert workshop.arm.read(TEMPLATE)["properties"]["provisioningState"] == ("Succeeded" if error is None else "Failed")


def test_the_definition_that_is_made_fits() -> None:
    """With no word about it."""
    for tells in (UBUNTU, OLD, Machine("Windows", "V2", "Standard", "Arm64"), Machine("Linux", "V2", "ConfidentialVmSupported")):
        assert base.unfit(Base("u:u:u:1.0.0", tells), {"name": "web", "properties": definition_properties({}, tells)}) == []
