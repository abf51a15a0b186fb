"""Sources of images as Azure shows them, read through the library's own connection."""

from typing import Any

import pytest

from azure_scaleset.images.definition import definition_properties
from azure_scaleset.images.live_source import live_source
from azure_scaleset.images.machine import LiveSource, Machine, read
from azure_scaleset.rollout.arm import Arm
from tests.unit.offline.arm import GROUP
from tests.unit.offline.images.workshop import ARM64, FLATCAR, GENERATION_1, MACHINE, PLAN, Workshop, changed

VM = f"{GROUP}/providers/{MACHINE}"
SNAPSHOT = "Microsoft.Compute/snapshots/shot"


def made(workshop: Workshop, image: Any = None, plan: Any = None, size: str = "Standard_D2s_v5") -> None:
    """A VM that runs."""
    body = workshop.machine_body(*([image] if image else []))
    body["properties"]["hardwareProfile"]["vmSize"] = size
    workshop.done("PUT", MACHINE, changed(body, "plan", plan))


def snapshot(workshop: Workshop) -> None:
    """A snapshot of its OS disk."""
    disk = workshop.arm.read(MACHINE)["properties"]["storageProfile"]["osDisk"]["managedDisk"]["id"]
    body = {"location": "westeurope", "properties": {"creationData": {"createOption": "Copy", "sourceResourceId": disk}}}
    workshop.done("PUT", SNAPSHOT, body, "api-version=2024-03-02")


def told(arm: Arm, source_id: str) -> Machine:
    """What a source tells."""
    found = live_source(arm, source_id)
    assert found is not None
    return found.tells


def test_a_vm_of_arm_tells_its_architecture(arm: Arm, workshop: Workshop) -> None:
    """By its disk: the VM itself doesn't."""
    made(workshop, ARM64, size="Standard_D2ps_v5")
    assert told(arm, VM) == Machine("Linux", "V2", "Standard", "Arm64")


def test_a_vm_of_a_marketplace_image_tells_its_plan(arm: Arm, workshop: Workshop) -> None:
    """And so does a snapshot of its disk."""
    made(workshop, FLATCAR, PLAN)
    snapshot(workshop)
    machine = told(arm, VM)
    assert (machine.plan, machine.architecture) == (PLAN, "x64")
    assert told(arm, f"{GROUP}/providers/{SNAPSHOT}") == machine


@pytest.mark.parametrize(
    ("image", "features"), [(None, [{"name": "SecurityType", "value": "TrustedLaunch"}]), (GENERATION_1, [])], ids=["trusted", "standard"]
)
def test_azure_takes_a_version_of_a_snapshot_for_the_definition_that_is_made(
    arm: Arm, workshop: Workshop, image: Any, features: list[Any]
) -> None:
    """The default is the snapshot's own security type: a definition for both kinds is refused with Azure's words."""
    made(workshop, image)
    snapshot(workshop)
    properties = definition_properties({}, told(arm, f"{GROUP}/providers/{SNAPSHOT}"))
    assert properties["features"] == features

    source = {"osDiskImage": {"source": {"id": f"{GROUP}/providers/{SNAPSHOT}"}}}
    version = {"location": "westeurope", "properties": {"storageProfile": source}}
    workshop.definition("Microsoft.Compute/galleries/gallery/images/fits", **properties)
    workshop.done("PUT", "Microsoft.Compute/galleries/gallery/images/fits/versions/1.0.0", version)
    if features:
        both = [{"name": "SecurityType", "value": "TrustedLaunchSupported"}]
        workshop.definition("Microsoft.Compute/galleries/gallery/images/both", **{**properties, "features": both})
        refused = workshop.refused("Microsoft.Compute/galleries/gallery/images/both/versions/1.0.0", version)
        assert refused == (400, "InvalidParameter")


def test_a_disk_of_a_confidential_machine_is_one() -> None:
    """Azure says how it is encrypted in the same word."""
    body = {
        "id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/snapshots/s",
        "location": "westeurope",
        "properties": {"securityProfile": {"securityType": "ConfidentialVM_DiskEncryptedWithPlatformKey"}, "hyperVGeneration": "V2"},
    }
    assert read(body) == LiveSource(body["id"], "westeurope", Machine("", "V2", "ConfidentialVM"))  # type: ignore[arg-type]  # of a literal
