"""The OS disk of an instance: what only a new disk takes from the model and its image, and the disk as a resource (`Microsoft.Compute/disks`)."""

from __future__ import annotations

from offline.arm.compute.model import ScaleSet
from offline.arm.compute.tree import dig
from offline.arm.http import Json
from offline.arm.store import Store

DISK = "Microsoft.Compute/disks"


def make(scale_set: ScaleSet, instance: Json) -> Json:
    """What a new OS disk changes on an instance: the image (`latest` becomes the version of now), customData, the disk itself. Nothing is written."""
    name = f"{instance['name']}_OsDisk_1_{instance['vmId'].replace('-', '')}"
    image = scale_set.image if scale_set.image_reference else None
    return {
        "imageReference": scale_set.exact_image,
        "os": image.os if image else None,
        "boots": image is None or image.boots,
        "handlers": image.content.handlers if image else {},
        "customData": dig(scale_set.profile, "osProfile.customData"),
        "disks": instance["disks"] + 1,
        "osDisk": {
            "id": f"{scale_set.id.partition('/providers/')[0]}/providers/{DISK}/{name}{instance['disks'] or ''}",
            "time": scale_set.store.now().isoformat(),
        },
    }


def attach(scale_set: ScaleSet, instance: Json, instance_id: str) -> None:
    """Writes the disk that the instance has now, as a resource. `instance_id`: the ARM id of the instance."""
    disk_id = instance["osDisk"]["id"]
    storage = dig(scale_set.profile, "storageProfile.osDisk.managedDisk.storageAccountType") or "Standard_LRS"
    body: Json = {
        "id": disk_id,
        "name": disk_id.rpartition("/")[2],
        "type": DISK,
        "location": scale_set.body.get("location"),
        "managedBy": instance_id,
        "sku": {"name": storage, "tier": storage.partition("_")[0]},
        "properties": {
            "osType": instance["os"],
            "creationData": {"createOption": "FromImage"},
            "diskState": "Attached",
            "provisioningState": "Succeeded",
            "timeCreated": instance["osDisk"]["time"],
        },
    }
    if instance["zone"] is not None:
        body["zones"] = [instance["zone"]]
    scale_set.store.put(disk_id, DISK, body)


def remove(store: Store, instance: Json) -> None:
    """Deletes the disk that the instance has."""
    store.delete(instance["osDisk"]["id"])
