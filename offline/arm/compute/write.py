"""Writing a scale set: the full PUT, from the body to the work that it begins on instances. The PUT of a child extension is one, too."""

from __future__ import annotations

from offline.arm import agenda, operations
from offline.arm.compute import model, refusals, scaling, upgrade
from offline.arm.compute.model import SCALE_SET, ScaleSet, load
from offline.arm.http import Json
from offline.arm.registry import OPERATION
from offline.arm.store import Store


def write(store: Store, set_id: str, new: Json, old: Json | None) -> Json:
    """Checks and completes the body, begins the work that it takes, and gives the body to store (with `OPERATION` while work goes on).

    `sku.capacity` is taken as it is stated. New instances have the latest model. The operation waits for instances that are made, deleted or, in
    mode Automatic, upgraded; a rolling upgrade goes on after it (M13).
    """
    scale_set = ScaleSet(store, set_id, model.complete(set_id, new, old, store))
    before = None if old is None else ScaleSet(store, set_id, old)
    refusals.check(scale_set, before)
    upgrade.refuse_during_another(scale_set, before)
    store.log("modelWritten", set_id, changed=model.changed_properties(scale_set.body, old))
    scale_set.remember()
    operation = operations.begin(store)
    scaling.fit(scale_set, operation)
    if before is None or not _only_capacity(scale_set, before):
        upgrade.apply(scale_set, operation)
    body = dict(scale_set.body)
    others = [each["operation"] for each in store.documents("write", set_id)]
    if others:  # what the client waits for is the set, not this call's share of it
        operations.wait_for_one_more(store, operation)
    if operations.waits(store, operation):
        operations.then(store, operation, set_id, "setWritten")
        store.put_document("write", set_id, operation, {"operation": operation, "after": others})
        body["properties"]["provisioningState"] = "Creating" if old is None else "Updating"
        body[OPERATION] = operation
    else:
        operations.end(store, operation, None)
    return body


def _only_capacity(new: ScaleSet, old: ScaleSet) -> bool:
    """Whether nothing but the capacity changes: that is no update of the model, and starts no upgrade."""
    return model.changed_properties(new.body, old.body) == ["sku"] and new.size == old.size


@agenda.deed("setWritten")
def written(store: Store, owner: str, data: Json) -> None:
    """The operation of a write has ended: a write that waits for it hears how, and the set has its state when no other goes on."""
    scale_set = load(store, owner)
    if scale_set is None:
        return
    store.delete_document("write", owner, data["operation"])
    for other in store.documents("write", owner):
        if data["operation"] in other["after"]:
            other["after"].remove(data["operation"])
            store.put_document("write", owner, other["operation"], other)
            if not other["after"]:
                operations.part_done(store, other["operation"], operations.failures_of(store, data["operation"]))
    if not store.documents("write", owner):
        scale_set.properties["provisioningState"] = "Failed" if data["failed"] else "Succeeded"
        store.put(scale_set.id, SCALE_SET, scale_set.body)
