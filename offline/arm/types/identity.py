"""User-assigned identities."""

from __future__ import annotations

import uuid

from azure.mgmt.msi.v2024_11_30 import models

from offline.arm.http import Json
from offline.arm.registry import Context, ResourceType, register
from offline.arm.tenant import TENANT

NAME = "Microsoft.ManagedIdentity/userAssignedIdentities"
"""The type."""


def _put(context: Context, new: Json, old: Json | None) -> Json:
    if old is not None:
        return {**new, "properties": {**(new.get("properties") or {}), **_ids(old)}, "systemData": old["systemData"]}
    # A counter in the seed: an identity that is made again under its old name is another principal.
    number = (context.store.document("counter", NAME, "made") or {"number": 0})["number"] + 1
    context.store.put_document("counter", NAME, "made", {"number": number})
    ids = {name: str(uuid.uuid5(uuid.NAMESPACE_URL, f"{context.id.key} {number} {name}")) for name in ("principalId", "clientId")}
    return {
        **new,
        "properties": {**(new.get("properties") or {}), **ids, "tenantId": TENANT},
        "systemData": {"createdAt": context.store.now().isoformat()},
    }


def _ids(body: Json) -> Json:
    return {name: body["properties"][name] for name in ("principalId", "clientId", "tenantId")}


register(ResourceType(NAME, models.Identity, on_put=_put, patch_model=models.IdentityUpdate))
