"""Writing resources: what is the same for every type."""

from __future__ import annotations

from typing import Any

from offline.arm import ids, lookup, operations, read_only, references, shapes, tenant
from offline.arm.errors import ArmError, bad_request, conflict
from offline.arm.http import Json, Response
from offline.arm.ids import ResourceId
from offline.arm.registry import OPERATION, Context, ResourceType

_ADDED = ("id", "name", "type", "etag")
GROUP = "microsoft.resources/resourcegroups"
"""The type of resource groups, lower case."""


def put(context: Context) -> Response:
    """PUT <id>: 201 for a new resource, 200 for an update (the body replaces the old one)."""
    _check_place(context)
    resource_type = lookup.known_type(context.id.type)
    old = lookup.find(context.store, context.id)
    body = shapes.as_typed(context.request.body or {}, resource_type.model)
    shapes.check(_checked_part(body, resource_type), resource_type.model)
    return _write(context, resource_type, body, old)


def _checked_part(body: Json, resource_type: ResourceType) -> Json:
    if not resource_type.tracked:  # ARM takes a location for everything: `az` sends one with a NAT rule
        body = {name: value for name, value in body.items() if name != "location"}
    holder, name = resource_type.unchecked or ("", "")
    properties = body.get("properties")
    if not isinstance(properties, dict) or not isinstance(properties.get(holder), dict):
        return body
    rest = {key: value for key, value in properties[holder].items() if key != name}
    return {**body, "properties": {**properties, holder: rest}}


def patch(context: Context) -> Response:
    """PATCH <id>: the body is merged onto the stored one (null removes), and the whole is written like a PUT."""
    _check_place(context)
    resource_type = lookup.known_type(context.id.type)
    old = lookup.find(context.store, context.id)
    if old is None:
        raise lookup.absent(context.store, context.id)
    change = shapes.as_typed(context.request.body or {}, resource_type.patch_model or resource_type.model)
    merged = merge(old, change)
    # Merged onto nothing, the change is without the nulls that only say what to remove.
    shapes.check(*((merge({}, change), resource_type.patch_model) if resource_type.patch_model else (merged, resource_type.model)))
    return _write(context, resource_type, merged, old)


def merge(old: Any, change: Any) -> Any:
    """JSON merge patch (RFC 7396)."""
    if not isinstance(change, dict):
        return change
    old = old if isinstance(old, dict) else {}
    kept = {name: value for name, value in old.items() if name not in change}
    return kept | {name: merge(old.get(name), value) for name, value in change.items() if value is not None}


def operation_headers(context: Context, body: Json, operation: str | None) -> dict[str, str]:
    """The headers that lead to the operation of a call about a resource; None: to one that ended with the call."""
    if operation is None:
        operation = operations.begin(context.store)
        operations.end(context.store, operation, None)
    return operations.headers(context, body.get("location", "westeurope"), operation)


def _check_place(context: Context) -> None:
    """The subscription, the resource group and the scope of the resource exist."""
    resource_id = context.id
    tenant.known_subscription(resource_id.subscription)
    if resource_id.resource_group and resource_id.type.lower() != GROUP:
        group = ids.parse("/".join(resource_id.text.split("/")[:5]))
        if lookup.find(context.store, group) is None:
            raise lookup.absent(context.store, group)
    owner = resource_id.parent or resource_id.scope
    if "/providers/" in owner.lower() and lookup.find(context.store, ids.parse(owner)) is None:
        raise ArmError(
            404,
            "ParentResourceNotFound",
            f"Failed to perform 'write' on resource '{resource_id.text}', because the parent resource '{owner}' could not be found.",
        )


def _write(context: Context, resource_type: ResourceType, body: Json, old: Json | None) -> Response:
    check_writable(resource_type)
    new = read_only.without_read_only({name: value for name, value in body.items() if name not in _ADDED}, resource_type.model)
    if resource_type.collection is not None and context.id.parent is not None:
        child = {"name": context.id.name, **resource_type.on_put(context, new, old)}
        operation = write_parent(context, resource_type, child)
    else:
        operation = _store(context, resource_type, new, old)
    stored = lookup.find(context.store, context.id)
    assert stored is not None, f"'{context.id.text}' was written a line before"
    headers = operation_headers(context, stored, operation) if operation else {}
    return Response(resource_type.created if old is None else 200, resource_type.on_get(context, stored), headers)


def write_parent(context: Context, child_type: ResourceType, child: Json | None) -> str | None:
    """Writes the parent with the child in place of the one of the same name (None: without it)."""
    above = Context(context.store, ids.parse(str(context.id.parent)), context.request)
    parent = lookup.find(context.store, above.id) or {}
    siblings = lookup.items(parent, child_type)
    names = [str(each.get("name", "")).lower() for each in siblings]
    place = names.index(context.id.name.lower()) if context.id.name.lower() in names else len(names)
    children = [*siblings[:place], *([child] if child is not None else []), *siblings[place + 1 :]]
    return _store(above, lookup.known_type(above.id.type), lookup.with_items(parent, child_type, children), parent)


def _store(context: Context, resource_type: ResourceType, body: Json, old: Json | None) -> str | None:
    """Writes a resource; gives the id of the operation that goes on, None when all is done."""
    store = context.store
    if old is not None:  # An id keeps the case in which the resource was made.
        context = Context(store, ids.parse(old["id"]), context.request)
    new = {name: value for name, value in body.items() if name not in _ADDED}
    if resource_type.tracked:
        new["location"] = _location(context.id, resource_type, new, old)
    references.check(context, new)
    stored = resource_type.on_put(context, new, old)
    operation: str | None = stored.pop(OPERATION, None)
    resource_id = context.id.text
    etag = {"etag": f'W/"{store.now().isoformat()}"'} if "etag" in shapes.shape(resource_type.model).fields else {}
    store.put(resource_id, resource_type.name, {"id": resource_id, "name": context.id.name, "type": resource_type.name, **stored, **etag})
    # With the body as it came: so that tests can compare what two programs send.
    store.log(context.request.method, resource_id, body=context.request.body)
    return operation


def _location(resource_id: ResourceId, resource_type: ResourceType, new: Json, old: Json | None) -> str:
    if not new.get("location"):
        raise bad_request("LocationRequired", "The location property is required for this definition.", "location")
    wanted = tenant.location(new["location"], resource_type.name)
    if old is not None and old.get("location") not in (None, wanted):
        raise conflict(
            "InvalidResourceLocation",
            f"The resource '{resource_id.name}' already exists in location '{old['location']}' in resource group '{resource_id.resource_group}'. "
            f"A resource with the same name cannot be created in location '{wanted}'. Please select a new resource name.",
            "location",
        )
    return wanted


def check_writable(resource_type: ResourceType) -> None:
    """Refuses what can only be read by its own id."""
    if not resource_type.writable:
        raise ArmError(405, "MethodNotAllowed", f"A resource of type '{resource_type.name}' can only be read by its own id.")
