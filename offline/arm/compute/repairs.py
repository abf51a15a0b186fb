"""Automatic repairs (R3, R4), and the orchestration service by which they are suspended."""

from __future__ import annotations

from offline.arm import agenda
from offline.arm.compute import health, scaling, verbs
from offline.arm.compute.durations import REPAIR_AGAIN_SECONDS
from offline.arm.compute.instances import Places, resource_id
from offline.arm.compute.model import ScaleSet, load
from offline.arm.errors import bad_request
from offline.arm.http import Json
from offline.arm.store import Store

SERVICE = "AutomaticRepairs"
_AT_ONCE_PERCENT = 5


def suspended(store: Store, set_id: str) -> bool:
    """Whether somebody has suspended the repairs of a set."""
    return store.document("orchestrationService", set_id, SERVICE) is not None


def services(scale_set: ScaleSet) -> list[Json]:
    """`orchestrationServices` of the set's instance view; empty without automatic repairs."""
    if not (scale_set.properties.get("automaticRepairsPolicy") or {}).get("enabled"):
        return []
    return [{"serviceName": SERVICE, "serviceState": "Suspended" if suspended(scale_set.store, scale_set.id) else "Running"}]


def set_state(scale_set: ScaleSet, wanted: Json) -> None:
    """`setOrchestrationServiceState`: `{"serviceName": "AutomaticRepairs", "action": "Suspend" | "Resume"}`."""
    if wanted.get("serviceName") != SERVICE:
        raise bad_request(
            "InvalidParameter", f"The value '{wanted.get('serviceName')}' of parameter 'serviceName' is invalid.", "serviceName"
        )
    if wanted.get("action") not in ("Suspend", "Resume"):
        raise bad_request("InvalidParameter", f"The value '{wanted.get('action')}' of parameter 'action' is invalid.", "action")
    if not services(scale_set):
        raise bad_request("OperationNotAllowed", f"The service '{SERVICE}' is not enabled for '{scale_set.name}'.", "serviceName")
    if wanted["action"] == "Suspend":
        scale_set.store.put_document("orchestrationService", scale_set.id, SERVICE, {})
        return
    scale_set.store.delete_document("orchestrationService", scale_set.id, SERVICE)
    for each in scaling.members(scale_set):
        if health.is_ill(each):
            scale_set.store.plan(scale_set.id, "repair", 0, instance=each["instanceId"], since=each["healthTime"])


@agenda.deed("repair")
def repair(store: Store, owner: str, data: Json) -> None:
    """The grace period is over: an instance that has been ill all the time is repaired, at most 5 % of the set at a time.

    While repairs are suspended nothing happens; `Resume` looks again.
    """
    scale_set = load(store, owner)
    instance = store.document("instance", owner, data["instance"])
    if scale_set is None or instance is None or instance["healthTime"] != data["since"] or not health.is_ill(instance):
        return
    policy = scale_set.properties.get("automaticRepairsPolicy") or {}
    protected = instance["protection"].get("protectFromScaleSetActions") or instance["work"] is not None
    # What failed provisioning is not repaired (R4).
    if not policy.get("enabled") or suspended(store, owner) or protected or instance["provisioningState"] == "Failed":
        return
    everyone = scaling.members(scale_set)
    if len([each for each in everyone if each["work"]]) >= max(1, len(everyone) * _AT_ONCE_PERCENT // 100):
        store.plan(owner, "repair", REPAIR_AGAIN_SECONDS, **data)
        return
    action = policy.get("repairAction") or "Replace"
    store.log("repair", resource_id(scale_set.id, instance["instanceId"]), action=action)
    match action:
        case "Restart":
            verbs.restart(scale_set, instance, None)
        case "Reimage":
            verbs.reimage(scale_set, instance, None)
        case _:
            verbs.delete(scale_set, instance, None)
            verbs.create(scale_set, Places(scale_set), None)
