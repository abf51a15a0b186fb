"""Work on an instance: it begins, takes virtual time, and ends. An instance does one thing at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from offline.arm import agenda, operations
from offline.arm.compute import health
from offline.arm.compute.instances import STILL_UP, resource_id, save
from offline.arm.compute.model import ScaleSet, load
from offline.arm.errors import conflict
from offline.arm.http import Json
from offline.arm.store import Store

End = Callable[[ScaleSet, Json, Json], list[Json] | None]
"""What the end of a kind of work does to the instance (changed in place), which is written afterwards; gives what went wrong, None when the instance is gone or has begun something else."""

ENDS: dict[str, End] = {}
"""Kind of work -> its end; `verbs` fills it."""


def begin(
    scale_set: ScaleSet, instance: Json, kind: str, seconds: float, operation: str | None, state: str = "Updating", **data: Any
) -> None:
    """Begins work; what the instance was doing is left undone. `state`: its provisioning state meanwhile. `operation`: waits for the end."""
    store = scale_set.store
    abandon(store, instance)
    data["before"] = instance["provisioningState"]
    instance |= {"turn": instance["turn"] + 1, "work": {"kind": kind, "operation": operation, **data}, "provisioningState": state}
    if operation is not None:
        operations.wait_for_one_more(store, operation)
    if is_in_place(instance["work"]):
        health.work_in_place(scale_set, instance)
    elif kind not in STILL_UP:
        health.go_down(scale_set, instance)
    store.log("workBegan", resource_id(scale_set.id, instance["instanceId"]), work=kind)
    save(scale_set, instance)
    store.plan(scale_set.id, "workEnds", seconds, instance=instance["instanceId"], turn=instance["turn"])


def is_in_place(work: Json) -> bool:
    """Whether the instance keeps running and keeps its disk: then what was reported of its health stands until the probes look again."""
    return bool(work["kind"] == "update" and work.get("disk") is None and not (work.get("taking") or {}).get("restart"))


def abandon(store: Store, instance: Json) -> None:
    """Ends what the instance is doing without its effect; the operation that waits for it is Canceled."""
    working = instance["work"]
    if working is not None and working["operation"] is not None:
        preempted = {
            "code": operations.PREEMPTED,
            "message": "Operation execution has been preempted by a more recent operation.",
            "target": instance["instanceId"],
        }
        operations.part_done(store, working["operation"], [preempted], cancelled=True)
    instance["work"] = None


def refuse_busy(chosen: list[Json]) -> None:
    """409 when one of the instances is at work."""
    for instance in chosen:
        if instance["work"] is not None:
            raise conflict(
                "Conflict",
                "The request failed due to conflict with a concurrent request. To resolve it, please refer to https://aka.ms/activitylog "
                "to get more details on the conflicting requests.",
                instance["instanceId"],
            )


@agenda.deed("workEnds")
def end(store: Store, owner: str, data: Json) -> None:
    """The end of work, unless the instance has begun something else since."""
    scale_set = load(store, owner)
    instance = store.document("instance", owner, data["instance"])
    if scale_set is None or instance is None or instance["turn"] != data["turn"]:
        return
    working = instance["work"]
    instance["work"] = None
    failures = ENDS[working["kind"]](scale_set, instance, working)
    if failures is not None:
        _settle_down(scale_set, instance, is_in_place(working))
    if working["operation"] is not None:
        operations.part_done(store, working["operation"], failures or [])


def _settle_down(scale_set: ScaleSet, instance: Json, in_place: bool) -> None:
    instance["drained"] = in_place and instance.get("drained", False)
    if instance["powerState"] == "running":
        health.come_up(scale_set, instance, in_place)
    else:
        instance |= {"signal": None, "health": None}
    save(scale_set, instance)
    if instance["surplus"] or scale_set.mode == "Automatic":
        scale_set.store.plan(scale_set.id, "workEnded", 0, instance=instance["instanceId"])
