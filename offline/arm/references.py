"""References between resources: who names whom, and the refusal of a name that leads nowhere.

A reference is a string under `id`, `…Id` or `…Uri` that is an ARM id, or a key of `userAssignedIdentities`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from offline.arm import ids
from offline.arm.errors import ArmError, bad_request, not_implemented
from offline.arm.http import Json
from offline.arm.ids import ResourceId
from offline.arm.lookup import child, find
from offline.arm.registry import TYPES, Context
from offline.arm.store import Store

_FREE_TEXT = {"tags", "settings", "protectedsettings", "template", "parameters", "outputs", "outputresources"}
"""What is below these keys is the user's, not Azure's: an extension's settings may hold any id, a deployment's template expressions in their place."""

_CHECKED_BY_ITS_TYPE = (
    "imageReference.id",
    "storageProfile.source.id",
    "storageProfile.source.virtualMachineId",
    ".galleryImageId",
    ".imageId",
    ".imageVersionId",
)
"""The ends of the paths of references whose refusal is the type's own."""


@dataclass(frozen=True)
class Reference:
    """One reference: where it is (`properties.subnets[0].properties.natGateway.id`) and what it names."""

    path: str
    target: str


def references(body: Any, path: str = "") -> Iterator[Reference]:
    """All references in a body."""
    if isinstance(body, list):
        for number, item in enumerate(body):
            yield from references(item, f"{path}[{number}]")
    elif isinstance(body, dict):
        for key, value in body.items():
            below = f"{path}.{key}" if path else key
            if key.lower() in _FREE_TEXT or below in ("id", "systemData"):
                continue
            if key == "userAssignedIdentities":
                yield from (Reference(f"{below}['{identity}']", identity) for identity in value or {})
            elif isinstance(value, str) and key.lower().endswith(("id", "uri")):
                yield from _reference(below, key, value)
            else:
                yield from references(value, below)


def _reference(path: str, key: str, value: str) -> Iterator[Reference]:
    if value.lower().startswith("/subscriptions/"):
        yield Reference(path, value)
    elif key == "id" and value and not value.startswith("/"):
        raise bad_request(
            "LinkedInvalidPropertyId",
            f"Property id '{value}' at path '{path}' is invalid. Expect fully qualified resource Id that start with "
            "'/subscriptions/{subscriptionId}' or '/providers/{resourceProviderNamespace}/'.",
            path,
        )


def check(context: Context, body: Json) -> None:
    """Refuses the body if one of its references names what does not exist, or what can't be used from here."""
    for reference in references(body):
        if reference.path.endswith(_CHECKED_BY_ITS_TYPE):
            continue
        target = ids.parse(reference.target)
        if not _exists(context, body, target, reference.path):
            raise _missing(context.id, target, reference)
        if target.type.lower().startswith("microsoft.network/"):
            _check_reach(context, body, target, reference)


def _exists(context: Context, body: Json, target: ResourceId, path: str) -> bool:
    resource_type = TYPES.get(target.type.lower())
    if resource_type is None:
        raise not_implemented(f"the resource type '{target.type}', to which '{path}' refers")
    if target.key.startswith(context.id.key + "/") and resource_type.collection is not None and target.parent is not None:
        return child(body, resource_type, target.name) is not None
    return target.key == context.id.key or find(context.store, target) is not None


def _missing(owner: ResourceId, target: ResourceId, reference: Reference) -> ArmError:
    if "userAssignedIdentities" in reference.path:
        return bad_request(
            "FailedIdentityOperation",
            f"Identity operation for resource '{owner.text}' failed with error 'Failed to perform resource identity operation. "
            f"The resource '{target.text}' was not found.'.",
            reference.path,
        )
    if target.type.lower().startswith("microsoft.network/"):
        return bad_request(
            "InvalidResourceReference",
            f"Resource {target.text} referenced by resource {owner.text} was not found. "
            "Please make sure that the referenced resource exists, and that both resources are in the same region.",
            reference.path,
        )
    return ArmError(
        404, "ResourceNotFound", f"The Resource '{target.text}', to which '{reference.path}' refers, was not found.", reference.path
    )


def _check_reach(context: Context, body: Json, target: ResourceId, reference: Reference) -> None:
    """A network resource is used from its own subscription and its own region only."""
    if target.subscription.lower() != context.id.subscription.lower():
        raise bad_request(
            "SubscriptionNotRegisteredForFeature",
            f"Subscription {context.id.subscription} is not registered for feature Microsoft.Network/AllowCrossSubscriptionReferences "
            f"required to carry out the requested operation: '{target.text}' is in another subscription.",
            reference.path,
        )
    there = _location(context.store, target)
    if there is not None and body.get("location") not in (None, there):
        raise bad_request(
            "InvalidResourceReference",
            f"Resource {target.text} referenced by resource {context.id.text} was not found in '{body['location']}': it is in '{there}'. "
            "Please make sure that the referenced resource exists, and that both resources are in the same region.",
            reference.path,
        )


def _location(store: Store, target: ResourceId) -> str | None:
    body = find(store, target) or {}
    return body.get("location") or (_location(store, ids.parse(target.parent)) if target.parent else None)


def users(store: Store, resource_id: str, resource_type: str | None = None) -> list[Json]:
    """The stored resources (of one type, or any) that refer to a resource or to anything below it, other than those below and above it."""
    wanted = resource_id.lower()
    return [
        resource
        for resource in store.resources(resource_type=resource_type)
        if not _within(resource["id"].lower(), wanted)
        and not _within(wanted, resource["id"].lower())
        and any(_within(reference.target.lower(), wanted) for reference in references(resource))
    ]


def _within(key: str, owner: str) -> bool:
    return key == owner or key.startswith(owner + "/")
