"""Where a resource is: on its own in the store, inside the body of its parent, or always there."""

from __future__ import annotations

from collections.abc import Iterator

from offline.arm import ids
from offline.arm.errors import ArmError, not_found, not_implemented
from offline.arm.http import Json
from offline.arm.ids import ResourceId
from offline.arm.registry import TYPES, ResourceType
from offline.arm.store import Store


def known_type(name: str) -> ResourceType:
    """The entry of a type; refuses a type by name that this Azure does not know."""
    found = TYPES.get(name.lower())
    if found is None:
        raise not_implemented(f"the resource type '{name}'")
    return found


def find(store: Store, resource_id: ResourceId) -> Json | None:
    """The body of a resource as it is stored, with id, name and type; None if there is none."""
    resource_type = known_type(resource_id.type)
    if resource_type.collection is None or resource_id.parent is None:
        stored = store.get(resource_id.text)
        return stored if stored is not None else resource_type.built_in(store, resource_id)
    parent = find(store, ids.parse(resource_id.parent))
    return None if parent is None else child(parent, resource_type, resource_id.name)


def absent(store: Store, resource_id: ResourceId) -> ArmError:
    """The refusal of a call about a resource that does not exist: Azure names its resource group when that is what is missing."""
    group = resource_id.resource_group
    if group and store.get(f"/subscriptions/{resource_id.subscription}/resourceGroups/{group}") is None:
        return ArmError(404, "ResourceGroupNotFound", f"Resource group '{group}' could not be found.")
    return not_found(resource_id.text)


def child(parent: Json, child_type: ResourceType, name: str) -> Json | None:
    """The child of that name in the body of its parent, or None."""
    return next((each for each in items(parent, child_type) if str(each.get("name", "")).lower() == name.lower()), None)


def items(parent: Json, child_type: ResourceType) -> list[Json]:
    """The children of one type in the body of their parent."""
    holder = parent.get("properties") or {}
    *way, last = str(child_type.collection).split(".")
    for key in way:
        holder = holder.get(key) or {}
    return list(holder.get(last) or [])


def with_items(parent: Json, child_type: ResourceType, children: list[Json]) -> Json:
    """The parent's body with other children of one type."""
    *way, last = str(child_type.collection).split(".")
    body = {**parent, "properties": {**(parent.get("properties") or {})}}
    holder = body["properties"]
    for key in way:
        holder[key] = {**(holder.get(key) or {})}
        holder = holder[key]
    holder[last] = children
    return body


def embedded_types(resource_type: str) -> Iterator[ResourceType]:
    """The types whose resources live in the body of a resource of this type."""
    for each in TYPES.values():
        if each.collection is not None and each.name.rpartition("/")[0].lower() == resource_type.lower():
            yield each
