"""Azure's built-in roles, as far as they matter here, and what a role assignment allows."""

from __future__ import annotations

import fnmatch
from dataclasses import dataclass
from datetime import datetime

from offline.arm.http import Json
from offline.arm.store import Store

ASSIGNMENT = "Microsoft.Authorization/roleAssignments"
DEFINITION = "Microsoft.Authorization/roleDefinitions"
_BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs"


@dataclass(frozen=True)
class Role:
    """A built-in role: its name, what it allows on resources and on data."""

    name: str
    actions: tuple[str, ...]
    data_actions: tuple[str, ...] = ()


BUILT_IN: dict[str, Role] = {
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": Role("Owner", ("*",)),
    "b24988ac-6180-42a0-ab88-20f7382dd24c": Role("Contributor", ("*",)),
    "acdd72a7-3385-48ef-bd42-f606fba81ae7": Role("Reader", ("*/read",)),
    "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": Role("User Access Administrator", ("*/read", "Microsoft.Authorization/*")),
    "9980e02c-c2be-4d73-94e8-173b1dc7cf3c": Role("Virtual Machine Contributor", ("Microsoft.Compute/virtualMachineScaleSets/*",)),
    "4d97b98b-1d4f-4787-a291-c67834d212e7": Role("Network Contributor", ("Microsoft.Network/*",)),
    "f1a07417-d97a-45cb-824c-7a7467783830": Role("Managed Identity Operator", ("Microsoft.ManagedIdentity/userAssignedIdentities/*/read",)),
    "17d1049b-9a84-46fb-8f53-869881c3d3ab": Role("Storage Account Contributor", ("Microsoft.Storage/storageAccounts/*",)),
    "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1": Role("Storage Blob Data Reader", (), (f"{_BLOBS}/read",)),
    "ba92f5b4-2d11-453d-a403-e96b0029c9fe": Role(
        "Storage Blob Data Contributor", (), tuple(f"{_BLOBS}/{verb}" for verb in ("read", "write", "delete"))
    ),
    "b7e6dc6d-f1e8-4753-8033-0f276bb0955b": Role("Storage Blob Data Owner", (), (f"{_BLOBS}/*",)),
}
"""Role definition GUID -> role. The GUIDs are Azure's, the same in every tenant."""


def definition(subscription: str, guid: str) -> Json | None:
    """A built-in role definition as ARM shows it, or None."""
    role = BUILT_IN.get(guid.lower())
    if role is None:
        return None
    permissions = [{"actions": list(role.actions), "notActions": [], "dataActions": list(role.data_actions), "notDataActions": []}]
    return {
        "id": f"/subscriptions/{subscription}/providers/{DEFINITION}/{guid.lower()}",
        "name": guid.lower(),
        "type": DEFINITION,
        "properties": {
            "roleName": role.name,
            "type": "BuiltInRole",
            "description": role.name,
            "assignableScopes": ["/"],
            "permissions": permissions,
        },
    }


def allows(store: Store, principal_id: str, scope: str, data_action: str, since: datetime) -> bool:
    """Whether a principal may do something with data at a scope, by an assignment at that scope or above that was made before `since`."""
    for assignment in store.resources(resource_type=ASSIGNMENT):
        properties = assignment["properties"]
        role = BUILT_IN.get(properties["roleDefinitionId"].rsplit("/", 1)[-1].lower())
        if (
            role is not None
            and properties["principalId"].lower() == principal_id.lower()
            and f"{scope.lower()}/".startswith(properties["scope"].lower() + "/")
            and datetime.fromisoformat(properties["createdOn"]) <= since
            and any(fnmatch.fnmatch(data_action, pattern) for pattern in role.data_actions)
        ):
            return True
    return False
