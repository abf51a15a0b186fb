"""Azure's built-in roles, as far as they matter here, custom roles, and what a role assignment allows."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator
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
    not_actions: tuple[str, ...] = ()


BUILT_IN: dict[str, Role] = {
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": Role("Owner", ("*",)),
    "b24988ac-6180-42a0-ab88-20f7382dd24c": Role("Contributor", ("*",)),
    "acdd72a7-3385-48ef-bd42-f606fba81ae7": Role("Reader", ("*/read",)),
    "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": Role("User Access Administrator", ("*/read", "Microsoft.Authorization/*")),
    "9980e02c-c2be-4d73-94e8-173b1dc7cf3c": Role(
        "Virtual Machine Contributor",
        (
            "Microsoft.Authorization/*/read",
            "Microsoft.Compute/availabilitySets/*",
            "Microsoft.Compute/locations/*",
            "Microsoft.Compute/virtualMachines/*",
            "Microsoft.Compute/virtualMachineScaleSets/*",
            "Microsoft.Compute/cloudServices/*",
            "Microsoft.Compute/disks/write",
            "Microsoft.Compute/disks/read",
            "Microsoft.Compute/disks/delete",
            "Microsoft.Network/loadBalancers/read",
            "Microsoft.Network/loadBalancers/backendAddressPools/join/action",
            "Microsoft.Network/loadBalancers/inboundNatPools/join/action",
            "Microsoft.Network/loadBalancers/inboundNatRules/join/action",
            "Microsoft.Network/loadBalancers/probes/join/action",
            "Microsoft.Network/locations/*",
            "Microsoft.Network/networkInterfaces/*",
            "Microsoft.Network/networkSecurityGroups/join/action",
            "Microsoft.Network/networkSecurityGroups/read",
            "Microsoft.Network/publicIPAddresses/join/action",
            "Microsoft.Network/publicIPAddresses/read",
            "Microsoft.Network/virtualNetworks/read",
            "Microsoft.Network/virtualNetworks/subnets/join/action",
            "Microsoft.Resources/deployments/*",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
        ),
    ),
    "85a2d0d9-2eba-4c9c-b355-11c2cc0788ab": Role(
        "Compute Gallery Artifacts Publisher",
        (
            "Microsoft.Compute/galleries/*",
            "Microsoft.Compute/locations/capsOperations/read",
            "Microsoft.Compute/locations/communityGalleries/*",
            "Microsoft.Compute/locations/sharedGalleries/*",
            "Microsoft.Compute/images/*",
            "Microsoft.Compute/virtualMachines/write",
            "Microsoft.Compute/disks/write",
            "Microsoft.Authorization/*/read",
            "Microsoft.Insights/alertRules/*",
            "Microsoft.Resources/deployments/*",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
        ),
        not_actions=("Microsoft.Compute/galleries/share/action",),
    ),
    "cf7c76d2-98a3-4358-a134-615aa78bf44d": Role(
        "Compute Gallery Image Reader", ("Microsoft.Compute/galleries/images/read", "Microsoft.Compute/galleries/images/versions/read")
    ),
    "1ef6a3be-d0ac-425d-8c01-acb62866290b": Role("Compute Gallery Sharing Admin", ("Microsoft.Compute/galleries/share/action",)),
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
    permissions = [
        {
            "actions": list(role.actions),
            "notActions": list(role.not_actions),
            "dataActions": list(role.data_actions),
            "notDataActions": [],
        }
    ]
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


def named(store: Store, definition_id: str) -> Role | None:
    """The role of a definition's id: a built-in one, or a custom one that was written; None when there is none."""
    guid = definition_id.rsplit("/", 1)[-1].lower()
    if guid in BUILT_IN:
        return BUILT_IN[guid]
    for each in store.resources(resource_type=DEFINITION):
        if each["name"].lower() == guid:
            return _custom(each["properties"])
    return None


def _custom(properties: Json) -> Role:
    def all_of(kind: str) -> tuple[str, ...]:
        return tuple(action for each in properties.get("permissions") or [] for action in each.get(kind) or [])

    return Role(properties["roleName"], all_of("actions"), all_of("dataActions"), all_of("notActions"))


def allows(store: Store, principal_id: str, scope: str, data_action: str, since: datetime) -> bool:
    """Whether a principal may do something with data at a scope, by an assignment at that scope or above that was made before `since`."""
    return any(_matches(data_action, role.data_actions) for role in _roles_of(store, principal_id, scope, since))


def may(store: Store, principal_id: str, scope: str, action: str, since: datetime) -> bool:
    """Whether a principal may do something with a resource, by such an assignment."""
    found = _roles_of(store, principal_id, scope, since)
    return any(_matches(action, role.actions) and not _matches(action, role.not_actions) for role in found)


def _roles_of(store: Store, principal_id: str, scope: str, since: datetime) -> Iterator[Role]:
    for assignment in store.resources(resource_type=ASSIGNMENT):
        properties = assignment["properties"]
        role = named(store, properties["roleDefinitionId"])
        if (
            role is not None
            and properties["principalId"].lower() == principal_id.lower()
            and f"{scope.lower()}/".startswith(properties["scope"].lower() + "/")
            and datetime.fromisoformat(properties["createdOn"]) <= since
        ):
            yield role


def _matches(action: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch.fnmatch(action.lower(), pattern.lower()) for pattern in patterns)
