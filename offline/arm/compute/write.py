"""Writing a scale set: the full PUT, from the body to the instances. The PUT of a child extension is one, too."""

from __future__ import annotations

from offline.arm.compute import guest, model, refusals, upgrade
from offline.arm.compute import instances as fleet
from offline.arm.compute.model import ScaleSet
from offline.arm.http import Json
from offline.arm.store import Store


def write(store: Store, set_id: str, new: Json, old: Json | None) -> Json:
    """Checks and completes the body, brings capacity and instances to it, and gives the body to store (with `_operationError` on a failure).

    `sku.capacity` is taken as it is stated. The instances that stay are upgraded before new ones are made; new ones have the latest model.
    """
    scale_set = ScaleSet(store, set_id, model.complete(set_id, new, old, store))
    refusals.check(scale_set, None if old is None else ScaleSet(store, set_id, old))
    store.log("modelWritten", set_id, changed=model.changed_properties(scale_set.body, old))
    present = len(fleet.instances(store, set_id))
    for instance in fleet.leaving(scale_set, max(0, present - scale_set.capacity)):
        fleet.delete(scale_set, instance)
    upgraded = upgrade.apply(scale_set)
    failed, took = fleet.create(scale_set, max(0, scale_set.capacity - present))
    store.advance(max(upgraded.seconds, took))
    failures = upgraded.failures + failed
    body = dict(scale_set.body)
    if failures:
        scale_set.properties["provisioningState"] = "Failed"
        body["_operationError"] = guest.operation_error(failures)
    return body
