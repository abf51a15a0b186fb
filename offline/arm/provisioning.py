"""Writes that take time and do nothing meanwhile but wait: the resource is `Creating` or `Updating` until its operation ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from offline.arm import agenda, operations
from offline.arm.http import Json
from offline.arm.registry import OPERATION, Context
from offline.arm.store import Store

End = Callable[[Store, Json, Json], Json | None]
"""What the end of a write does: the store, the body of the resource (changed in place, written afterwards), the data of `begin`; gives the error
(`{"code", "message"}`) that it failed with, or None."""

ENDS: dict[str, End] = {}
"""Resource type -> the end of its writes; a type that is not here only becomes `Succeeded`."""


def begin(context: Context, body: Json, old: Json | None, seconds: float, **data: Any) -> Json:
    """The body to store for a write that ends after so many seconds, with its operation. A newer write of the resource takes the place of this one."""
    store = context.store
    operation = operations.begin(store)
    operations.wait_for_one_more(store, operation)
    owner = old["id"] if old else context.id.text
    earlier = store.document("provisioning", owner, "operation")
    if earlier is not None:
        preempted = {"code": operations.PREEMPTED, "message": "Operation execution has been preempted by a more recent operation."}
        operations.part_done(store, earlier["operation"], [preempted], cancelled=True)
    store.put_document("provisioning", owner, "operation", {"operation": operation})
    store.plan(owner, "provisioned", seconds, operation=operation, **data)
    properties = {**(body.get("properties") or {}), "provisioningState": "Creating" if old is None else "Updating"}
    return {**body, "properties": properties, OPERATION: operation}


@agenda.deed("provisioned")
def end(store: Store, owner: str, data: Json) -> None:
    """The end of a write, unless a newer one has begun."""
    going_on = store.document("provisioning", owner, "operation")
    body = store.get(owner)
    if body is None or going_on is None or going_on["operation"] != data["operation"]:
        return
    store.delete_document("provisioning", owner, "operation")
    finish = ENDS.get(body["type"].lower())
    failure = finish(store, body, data) if finish else None
    body["properties"]["provisioningState"] = "Failed" if failure else "Succeeded"
    store.put(body["id"], body["type"], body)
    operations.part_done(store, data["operation"], [failure] if failure else [])
