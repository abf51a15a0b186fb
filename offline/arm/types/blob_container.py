"""The blob service of a storage account and its containers."""

from __future__ import annotations

import re

from azure.mgmt.storage import models

from offline.arm.errors import bad_request, conflict
from offline.arm.http import Json
from offline.arm.ids import ResourceId
from offline.arm.registry import Context, ResourceType, register
from offline.arm.store import Store

_SERVICES = "Microsoft.Storage/storageAccounts/blobServices"
_NAME = re.compile(r"^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$|^\$(root|web)$")


def _service(store: Store, resource_id: ResourceId) -> Json | None:
    """`default`, with the account: the one blob service there is."""
    if resource_id.name.lower() != "default" or store.get(str(resource_id.parent)) is None:
        return None
    return {"id": resource_id.text, "name": "default", "type": _SERVICES, "properties": {}}


def _put(context: Context, new: Json, old: Json | None) -> Json:
    name = context.id.name
    if not _NAME.match(name):
        raise bad_request(
            "ContainerOperationFailure",
            f"The specified resource name '{name}' contains invalid characters: 3-63 of lower-case letters, digits, single '-'.",
        )
    account = context.store.get(context.id.text.rsplit("/", 4)[0]) or {}
    properties = {"publicAccess": "None", **(new.get("properties") or {})}
    if properties["publicAccess"] != "None" and account["properties"].get("allowBlobPublicAccess") is not True:
        raise conflict(
            "PublicAccessNotPermitted", f"Public access is not permitted on storage account '{account['name']}'.", "properties.publicAccess"
        )
    properties |= {"leaseStatus": "Unlocked", "leaseState": "Available", "hasLegalHold": False, "hasImmutabilityPolicy": False}
    return {"properties": properties}


def _delete(context: Context, old: Json) -> None:
    account = context.id.names[0].lower()
    context.store.delete_blobs(f"https://{account}.blob.core.windows.net/{context.id.name}/")


register(ResourceType(_SERVICES, models.BlobServiceProperties, built_in=_service, tracked=False, writable=False))
register(ResourceType(f"{_SERVICES}/containers", models.BlobContainer, on_put=_put, on_delete=_delete, tracked=False))
