"""Microsoft.Compute/snapshots: copies of disks."""

from __future__ import annotations

import uuid

from azure.mgmt.compute import models

from offline.arm import provisioning
from offline.arm.compute.durations import DISK_SECONDS
from offline.arm.compute.images.sources import SNAPSHOT, copied
from offline.arm.errors import conflict
from offline.arm.http import Json
from offline.arm.registry import Context, ResourceType, register


def _put(context: Context, new: Json, old: Json | None) -> Json:
    properties = {**new["properties"]}
    if old is not None:
        if properties["creationData"] != old["properties"]["creationData"]:
            raise conflict("PropertyChangeNotAllowed", "Changing property 'creationData' is not allowed.", "creationData")
        return {**new, "properties": {**old["properties"], **properties}}
    content = copied(context.store, properties, new["location"])
    content.save(context.store, context.id.text)
    properties |= {
        **content.shown,
        "diskSizeGB": properties.get("diskSizeGB") or 30,
        "diskState": "Unattached",
        "uniqueId": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{context.id.key} {context.store.now().isoformat()}")),
        "timeCreated": context.store.now().isoformat(),
    }
    return provisioning.begin(context, {**new, "properties": properties}, old, DISK_SECONDS)


register(ResourceType(SNAPSHOT, models.Snapshot, on_put=_put, patch_model=models.SnapshotUpdate))
