"""Microsoft.Compute/images: managed images, from a generalized machine or from a disk, a snapshot or a VHD blob that is said to be."""

from __future__ import annotations

from dataclasses import replace

from azure.mgmt.compute import models

from offline.arm import ids, provisioning
from offline.arm.compute.durations import IMAGE_SECONDS
from offline.arm.compute.images import managed, sources
from offline.arm.compute.images.image import GENERALIZED, TRUSTED_LAUNCH, Content
from offline.arm.compute.images.sources import Source
from offline.arm.compute.tree import dig
from offline.arm.errors import ArmError, bad_request, conflict
from offline.arm.http import Json
from offline.arm.registry import Context, ResourceType, register


def _put(context: Context, new: Json, old: Json | None) -> Json:
    properties = {"hyperVGeneration": "V1", **(new.get("properties") or {})}
    if old is not None:
        for name in ("sourceVirtualMachine", "storageProfile", "hyperVGeneration"):
            if name in (new.get("properties") or {}) and properties[name] != old["properties"].get(name):
                raise conflict("PropertyChangeNotAllowed", f"Changing property '{name}' is not allowed.", name)
        return {**new, "properties": old["properties"]}
    source = _source(context, new["location"], properties)
    _check(source, properties)
    # No guest state of Trusted Launch, and the generation that was said: a wrong one doesn't boot.
    said = properties["hyperVGeneration"]
    boots = source.content.prepared and source.content.generation == said
    replace(source.content, trusted=False, generation=said, prepared=boots).save(context.store, context.id.text)
    if dig(properties, "storageProfile.osDisk") is None:
        disk = dig(context.store.get(source.id), "properties.storageProfile.osDisk") or {}
        shown = {"osType": source.content.os, "osState": GENERALIZED, "caching": disk.get("caching") or "ReadWrite"}
        if disk.get("managedDisk"):
            shown["managedDisk"] = {"id": disk["managedDisk"]["id"]}
        properties["storageProfile"] = {
            "dataDisks": [],
            "zoneResilient": False,
            **(properties.get("storageProfile") or {}),
            "osDisk": shown,
        }
    return provisioning.begin(context, {**new, "properties": properties}, old, IMAGE_SECONDS)


def _source(context: Context, location: str, properties: Json) -> Source:
    """V1: a machine, or an OS disk with exactly one of snapshot, disk, blob."""
    machine, disk = dig(properties, "sourceVirtualMachine.id"), dig(properties, "storageProfile.osDisk")
    if bool(machine) == bool(disk):
        raise bad_request(
            "InvalidParameter",
            "Exactly one of 'sourceVirtualMachine' and 'storageProfile.osDisk' must be specified.",
            "sourceVirtualMachine",
        )
    if machine:
        return sources.named(context.store, machine, location)
    origins = [
        (name, dig(disk, path)) for name, path in (("snapshot", "snapshot.id"), ("managedDisk", "managedDisk.id"), ("blobUri", "blobUri"))
    ]
    given = [(name, value) for name, value in origins if value]
    if len(given) != 1:
        raise bad_request(
            "InvalidParameter", "Exactly one of 'snapshot', 'managedDisk' and 'blobUri' must be specified.", "storageProfile.osDisk"
        )
    (name, value) = given[0]
    stated = Content(disk["osType"], properties["hyperVGeneration"], prepared=disk["osState"] == GENERALIZED)
    if name == "blobUri":
        return sources.blob(context.store, value, stated, "storageProfile.osDisk.blobUri")
    return sources.named(context.store, value, location)


def _check(source: Source, properties: Json) -> None:
    if source.security == TRUSTED_LAUNCH:
        raise conflict(
            "OperationNotAllowed", "Creation of managed images are not supported for virtual machine with TrustedLaunch security type."
        )
    if source.content.architecture != "x64":
        raise conflict(
            "OperationNotAllowed",
            f"Creating an image with sourceVirtualMachine source that has CPU Architecture '{source.content.architecture}' is not supported. "
            "Please select a source resource with a supported CPU Architecture: 'x64'.",
        )
    if source.type == sources.MACHINE.lower() and source.state != GENERALIZED:
        name = ids.parse(source.id).name
        raise conflict("OperationNotAllowed", f"The operation 'Create Image' requires the Virtual Machine '{name}' to be Generalized.")
    if source.type == sources.MACHINE.lower() and source.content.generation != properties["hyperVGeneration"]:
        raise ArmError(
            409,
            "OperationNotAllowed",
            f"The Hypervisor generation '{properties['hyperVGeneration']}' of the image differs from '{source.content.generation}' of its source "
            f"'{source.id}'.",
            "hyperVGeneration",
        )


register(ResourceType(managed.NAME, models.Image, on_put=_put, patch_model=models.ImageUpdate))
