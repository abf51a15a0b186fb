"""Spot instances: evictions by the set's policy, and Azure's tries to restore what it evicted."""

from __future__ import annotations

from offline.arm import agenda, faults
from offline.arm.compute import notices, verbs, work
from offline.arm.compute.durations import PREEMPT_NOTICE_SECONDS, RESTORE_SECONDS, RESTORE_TIMEOUT
from offline.arm.compute.instances import Places, resource_id
from offline.arm.compute.model import SCALE_SET, ScaleSet, load
from offline.arm.compute.tree import seconds
from offline.arm.errors import conflict
from offline.arm.http import Json
from offline.arm.store import Store

_AUTOSCALE = "Microsoft.Insights/autoscaleSettings"


def evict(scale_set: ScaleSet, instance: Json) -> None:
    """`simulateEviction`: the instance is told, and goes half a minute later."""
    if scale_set.profile.get("priority") not in ("Spot", "Low"):
        raise conflict(
            "OperationNotAllowed",
            f"The operation 'simulateEviction' is not allowed: '{instance['name']}' is no Azure Spot Virtual Machine.",
        )
    work.refuse_busy([instance])
    if instance["powerState"] != "running":
        raise conflict("OperationNotAllowed", f"The operation 'simulateEviction' is not allowed: '{instance['name']}' does not run.")
    notices.tell(scale_set, instance, "preempt", PREEMPT_NOTICE_SECONDS, None, state=instance["provisioningState"])


def _evicted(scale_set: ScaleSet, instance: Json, done: Json) -> None:
    """By the set's policy (P3): deallocated, where it counts against the capacity as before, or deleted, and the capacity is one less."""
    store, policy = scale_set.store, scale_set.profile.get("evictionPolicy") or "Deallocate"
    instance["provisioningState"] = done["before"]
    store.log("evicted", resource_id(scale_set.id, instance["instanceId"]), policy=policy)
    if policy == "Delete":
        verbs.delete(scale_set, instance, None)
        _resize(scale_set, -1)
    else:
        verbs.deallocate(scale_set, instance, None)
    if (scale_set.properties.get("spotRestorePolicy") or {}).get("enabled"):
        until = store.seconds + (seconds(scale_set.properties["spotRestorePolicy"].get("restoreTimeout") or RESTORE_TIMEOUT) or 0)
        store.plan(
            scale_set.id, "spotRestore", RESTORE_SECONDS, instance=instance["instanceId"] if policy == "Deallocate" else None, until=until
        )


def _resize(scale_set: ScaleSet, by: int) -> None:
    scale_set.body["sku"]["capacity"] = scale_set.capacity + by
    scale_set.store.put(scale_set.id, SCALE_SET, scale_set.body)


@agenda.deed("spotRestore")
def restore(store: Store, owner: str, data: Json) -> None:
    """One try to restore an instance (P7): the one that was deallocated starts, for the one that was deleted another is made. None under autoscale."""
    scale_set = load(store, owner)
    if scale_set is None or _autoscaled(scale_set):
        return
    name = data["instance"]
    instance = None if name is None else store.document("instance", owner, name)
    if name is not None and (instance is None or instance["powerState"] == "running"):
        return  # deleted, or started by somebody
    busy = instance is not None and instance["work"] is not None
    if busy or faults.lacks_spot_capacity(store):
        if store.seconds + RESTORE_SECONDS <= data["until"]:
            store.plan(owner, "spotRestore", RESTORE_SECONDS, **data)
        else:
            store.log("restoreGivenUp", scale_set.id, instance=name)
        return
    if instance is not None:
        verbs.start(scale_set, instance, None)
    else:
        _resize(scale_set, 1)
        verbs.create(scale_set, Places(scale_set), None)
    store.log("restored", scale_set.id, instance=name)


def _autoscaled(scale_set: ScaleSet) -> bool:
    settings = scale_set.store.resources(resource_type=_AUTOSCALE)
    return any(
        each["properties"]["enabled"] and each["properties"]["targetResourceUri"].lower() == scale_set.id.lower() for each in settings
    )


work.ENDS["preempt"] = _evicted
