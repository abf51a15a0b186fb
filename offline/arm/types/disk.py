"""Microsoft.Compute/disks: OS disks of instances and machines, made with them, and disks made from a snapshot, another disk, a VHD blob or an image."""

from __future__ import annotations

from azure.mgmt.compute import models

from offline.arm import provisioning
from offline.arm.compute import images
from offline.arm.compute.durations import DISK_SECONDS
from offline.arm.compute.images import Content
from offline.arm.compute.images.sources import DISK, copied
from offline.arm.compute.tree import dig
from offline.arm.errors import conflict
from offline.arm.http import Json
from offline.arm.registry import Context, ResourceType, register


def _put(context: Context, new: Json, old: Json | None) -> Json:
    properties = {**new["properties"]}
    if old is not None:
        if properties["creationData"] != old["properties"]["creationData"]:
            raise conflict("PropertyChangeNotAllowed", "Changing property 'creationData' is not allowed.", "creationData")
        kept = {name: value for name, value in old.items() if name in ("managedBy", "sku", "zones")}
        return {**kept, **new, "properties": {**old["properties"], **properties}}
    content = _content(context, new["location"], properties)
    if content is not None:
        content.save(context.store, context.id.text)
        properties |= content.shown
    properties |= {"diskState": "Unattached", "timeCreated": context.store.now().isoformat()}
    kind = (new.get("sku") or {}).get("name") or "Standard_LRS"
    body = {**new, "sku": {"name": kind, "tier": kind.partition("_")[0]}, "properties": {"diskSizeGB": 30, **properties}}
    return provisioning.begin(context, body, old, DISK_SECONDS)


def _content(context: Context, location: str, properties: Json) -> Content | None:
    """What is on the new disk; None on an empty one."""
    data = properties["creationData"]
    if data["createOption"] == "Empty":
        return None
    if data["createOption"] == "FromImage":
        reference = data.get("galleryImageReference") or data.get("imageReference") or {}
        return images.find(context.store, {"id": dig(reference, "id")}, context.id.text, location).content
    return copied(context.store, properties, location)


def _delete(context: Context, old: Json) -> None:
    if old.get("managedBy"):
        raise conflict("OperationNotAllowed", f"Disk {old['name']} is attached to VM {old['managedBy']}.")


DISKS = register(ResourceType(DISK, models.Disk, on_put=_put, on_delete=_delete, patch_model=models.DiskUpdate))
