"""Deleting resources: what is the same for every type."""

from __future__ import annotations

from offline.arm import ids, lookup, tenant
from offline.arm.errors import ArmError
from offline.arm.http import Json, Response
from offline.arm.registry import Context, ResourceType
from offline.arm.writing import GROUP, check_writable, operation_headers, write_parent


def delete(context: Context) -> Response:
    """DELETE <id>: 200, 202 when it takes time, or 204 when there is none."""
    store, resource_id = context.store, context.id
    tenant.known_subscription(resource_id.subscription)
    resource_type = lookup.known_type(resource_id.type)
    old = lookup.find(store, resource_id)
    if old is None:
        if resource_id.type.lower() == GROUP:
            raise lookup.absent(store, resource_id)
        return Response(204)
    operation = None
    if resource_type.collection is not None and resource_id.parent is not None:
        check_writable(resource_type)
        resource_type.on_delete(context, old)
        operation = write_parent(context, resource_type, None)
    elif resource_id.type.lower() == GROUP:
        _delete_group(context)
    else:
        _check_nested(context, resource_type)
        operation = _delete_one(context, resource_type, old)
    store.log("DELETE", resource_id.text)
    return Response(200) if operation is None else Response(202, None, operation_headers(context, old, operation))


def _check_nested(context: Context, resource_type: ResourceType) -> None:
    nested = context.store.resources(context.id.text + "/") if resource_type.nested_first else []
    if nested:
        raise ArmError(
            409,
            "CannotDeleteResource",
            f"Cannot delete resource while nested resources exist. Some existing nested resource IDs include: '{', '.join(each['id'] for each in nested)}'. "
            "Please delete all nested resources before deleting this resource.",
        )


def _delete_one(context: Context, resource_type: ResourceType, body: Json) -> str | None:
    store, resource_id = context.store, context.id
    operation = resource_type.on_delete(context, body)
    if operation is not None:
        return operation
    for below in [body["id"], *(each["id"] for each in store.resources(resource_id.text + "/"))]:
        store.delete(below)
        store.delete_documents(below)
    return None


def _delete_group(context: Context) -> None:
    """Deletes what is in a resource group. What is in use waits until its user is gone; what is used from outside blocks the deletion."""
    store = context.store
    blocked: list[ArmError] = []
    waiting = [each for each in store.resources(context.id.text + "/") if ids.parse(each["id"]).parent is None]
    while waiting:
        blocked, left = [], []
        for resource in waiting:
            inner = Context(store, ids.parse(resource["id"]), context.request)
            body = store.get(resource["id"])  # as the deletions before have left it: a disk without its machine
            if body is None:
                continue
            try:
                _delete_one(inner, lookup.known_type(inner.id.type), body)
            except ArmError as refusal:
                blocked.append(refusal)
                left.append(resource)
        if len(left) == len(waiting):
            raise ArmError(
                409,
                "ResourceGroupDeletionBlocked",
                f"Deletion of resource group '{context.id.name}' failed as resources with identifiers '{','.join(each['id'] for each in left)}' are currently in use.",
                details=[refusal.error() for refusal in blocked],
            )
        waiting = left
    store.delete(context.id.text)
    store.delete_documents(context.id.text)
