"""Galleries, definitions, versions: what they are made of, where they arrive, what they refuse."""

from typing import Any

import pytest

from tests.unit.offline.arm import GROUP
from tests.unit.offline.images.workshop import (
    DEFINITION,
    GALLERY,
    GENERATION_1,
    IMAGE,
    MACHINE,
    VERSION,
    Workshop,
    changed,
    code_of,
    version,
)


def test_version_is_made_of_a_captured_machine_and_arrives(workshop: Workshop) -> None:
    """A version is `Creating` until it has arrived in all its regions."""
    source = workshop.generalized()
    workshop.definition()
    answer = workshop.arm.call("PUT", VERSION, version(source, targetRegions=[{"name": "West Europe"}, {"name": "northeurope"}]))
    early = workshop.arm.call("GET", VERSION, query="$expand=ReplicationStatus&api-version=2024-03-03").body or {}
    assert workshop.outcome(answer) is None
    late = workshop.arm.call("GET", VERSION, query="$expand=ReplicationStatus&api-version=2024-03-03").body or {}
    told = [(each["properties"]["provisioningState"], each["properties"]["replicationStatus"]["aggregatedState"]) for each in (early, late)]
    assert told == [("Creating", "InProgress"), ("Succeeded", "Completed")]


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"osState": "Specialized"}, (400, "BadRequest")),
        ({"osType": "Windows"}, (400, "BadRequest")),
        ({"hyperVGeneration": "V1", "features": []}, (409, "Conflict")),
        ({"features": [{"name": "SecurityType", "value": "TrustedLaunchSupported"}]}, (400, "InvalidParameter")),
        ({"features": []}, (400, "BadRequest")),
        ({"architecture": "Arm64"}, (400, "BadRequest")),
    ],
)
def test_source_must_fit_the_definition(workshop: Workshop, properties: Any, expected: tuple[int, str]) -> None:
    """System, OS state, generation, architecture and security type of a machine are the definition's."""
    source = workshop.generalized()
    workshop.definition(**properties)
    assert workshop.refused(VERSION, version(source)) == expected


def test_machine_that_was_not_generalized_makes_no_generalized_version(workshop: Workshop) -> None:
    """Azure takes the mark, and it is not there."""
    source = workshop.machine()
    workshop.definition()
    assert workshop.refused(VERSION, version(source)) == (400, "BadRequest")


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("properties.publishingProfile.targetRegions", [{"name": "northeurope"}], (400, "InvalidParameter")),
        ("properties.publishingProfile.targetRegions", [{"name": "westeurope"}, {"name": "West Europe"}], (400, "InvalidParameter")),
        (
            "properties.publishingProfile.targetRegions",
            [{"name": "atlantis"}, {"name": "westeurope"}],
            (400, "LocationNotAvailableForResourceType"),
        ),
        ("properties.storageProfile.source", {}, (400, "InvalidParameter")),
        ("location", "northeurope", (400, "InvalidParameter")),
        ("properties.storageProfile.source.virtualMachineId", f"{GROUP}/providers/{MACHINE}x", (404, "NotFound")),
    ],
)
def test_wrong_version_is_refused(workshop: Workshop, path: str, value: Any, expected: tuple[int, str]) -> None:
    """Regions that miss the version's own, or come twice; no source, one elsewhere, one that is not there."""
    body = version(workshop.generalized())
    workshop.definition()
    if path == "location":
        body = changed(body, "properties.publishingProfile.targetRegions", [{"name": value}])
    assert workshop.refused(VERSION, changed(body, path, value)) == expected


def test_latest_is_the_highest_number_that_is_not_excluded(workshop: Workshop) -> None:
    """1.10.0 is above 1.9.0; an excluded version is passed over, everywhere or in its region."""
    workshop.generalized()
    image = {"id": workshop.definition()}
    for number in ("1.9.0", "1.10.0"):
        workshop.version(f"{DEFINITION}/versions/{number}")
    workshop.version(f"{DEFINITION}/versions/2.0.0", excludeFromLatest=True)
    workshop.version(f"{DEFINITION}/versions/3.0.0", targetRegions=[{"name": "westeurope", "excludeFromLatest": True}])
    assert workshop.outcome(workshop.put_set(image, securityProfile={"securityType": "TrustedLaunch"})) is None
    assert workshop.instance()["properties"]["storageProfile"]["imageReference"] == {**image, "exactVersion": "1.10.0"}


def test_version_elsewhere_is_not_available(workshop: Workshop) -> None:
    """A set in another region than the version, and one of a version that there is not, get `GalleryImageNotFound`."""
    workshop.generalized()
    workshop.definition()
    made = workshop.version()
    missing = workshop.put_set({"id": made.replace("1.0.0", "9.0.0")})
    answer = workshop.arm.call(
        "PUT", VERSION, version(f"{GROUP}/providers/{MACHINE}", targetRegions=[{"name": "westeurope"}, {"name": "uksouth"}])
    )
    assert workshop.outcome(answer) is None
    assert code_of(missing) == (404, "GalleryImageNotFound")


def test_parents_are_deleted_after_their_children(workshop: Workshop) -> None:
    """Gallery and definition stay while something is below them."""
    workshop.generalized()
    workshop.definition()
    workshop.version()
    kept = [workshop.refused(path, None, "DELETE") for path in (GALLERY, DEFINITION)]
    for path in (VERSION, DEFINITION, GALLERY):
        workshop.done("DELETE", path)
    assert kept == [(409, "CannotDeleteResource")] * 2


@pytest.mark.parametrize("field", ["osType", "osState", "hyperVGeneration", "identifier", "features", "architecture"])
def test_definition_is_fixed(workshop: Workshop, field: str) -> None:
    """What a definition says of its versions can't be changed."""
    workshop.definition()
    values = {
        "osType": "Windows",
        "osState": "Specialized",
        "hyperVGeneration": "V1",
        "identifier": {"publisher": "contoso", "offer": "web", "sku": "other"},
        "features": [],
        "architecture": "Arm64",
    }
    body = workshop.arm.read(DEFINITION)
    if field == "hyperVGeneration":
        body = changed(body, "properties.features", [])
    assert workshop.refused(DEFINITION, changed(body, f"properties.{field}", values[field])) == (409, "PropertyChangeNotAllowed")


def test_managed_image_of_trusted_launch_is_refused(workshop: Workshop) -> None:
    """Today's machine of generation 2 makes no managed image; one of generation 1 does, when it is generalized."""
    trusted = workshop.generalized()
    old = workshop.generalized(GENERATION_1, MACHINE + "1")
    running = workshop.machine(GENERATION_1, MACHINE + "2")
    bodies = [{"location": "westeurope", "properties": {"sourceVirtualMachine": {"id": each}}} for each in (trusted, running, old)]
    refusals = [workshop.refused(IMAGE, each) for each in bodies[:2]]
    workshop.done("PUT", IMAGE, bodies[2])
    assert workshop.outcome(workshop.put_set({"id": f"{GROUP}/providers/{IMAGE}"})) is None
    assert refusals == [(409, "OperationNotAllowed")] * 2


def test_managed_image_in_zone_redundant_storage_shows_its_disk(workshop: Workshop) -> None:
    """It is asked for beside the machine; the disk is the machine's in either case, and how it is kept can't be changed."""
    machine = {"sourceVirtualMachine": {"id": workshop.generalized(GENERATION_1)}}
    zoned = {"location": "westeurope", "properties": {**machine, "storageProfile": {"zoneResilient": True}}}
    workshop.done("PUT", IMAGE, zoned)
    shown = workshop.arm.read(IMAGE)["properties"]["storageProfile"]
    again = workshop.refused(IMAGE, changed(zoned, "properties.storageProfile.zoneResilient", False))
    assert (shown["zoneResilient"], shown["osDisk"]["osType"], again) == (True, "Linux", (409, "PropertyChangeNotAllowed"))
