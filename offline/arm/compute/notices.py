"""What an instance is told before it goes (Azure's scheduled events `Terminate` and `Preempt`): it runs and serves until its time is over, or until it approves."""

from __future__ import annotations

from datetime import timedelta

from offline.arm.compute import work
from offline.arm.compute.durations import TERMINATE_NOTICE
from offline.arm.compute.instances import STILL_UP, resource_id
from offline.arm.compute.model import ScaleSet
from offline.arm.compute.tree import dig, seconds
from offline.arm.http import Json
from offline.arm.store import Store


def seconds_before_deletion(scale_set: ScaleSet, instance: Json) -> float:
    """How long an instance is told of its deletion before (R1, P6); 0 when it is not told, or its time is over.

    It is told when it runs and the model that it *has* says so: one that was never brought to such a model goes at once.
    """
    if instance["powerState"] != "running" or instance["surplus"]:
        return 0
    if instance["work"] is not None and instance["work"]["kind"] == "terminate":
        return max(0.0, float(instance["work"]["until"]) - scale_set.store.seconds)
    profile = dig(scale_set.with_model(instance["model"]).profile, "scheduledEventsProfile.terminateNotificationProfile") or {}
    if not profile.get("enable"):
        return 0
    return seconds(profile.get("notBeforeTimeout") or TERMINATE_NOTICE) or 0


def tell(scale_set: ScaleSet, instance: Json, kind: str, lasts: float, operation: str | None, state: str) -> None:
    """Tells an instance what will happen in `lasts` seconds (`kind`: one of `STILL_UP`). `state`: its provisioning state meanwhile."""
    store = scale_set.store
    not_before = (store.now() + timedelta(seconds=lasts)).isoformat()
    event = kind.capitalize()
    store.log("scheduledEvent", resource_id(scale_set.id, instance["instanceId"]), event=event, notBefore=not_before)
    work.begin(scale_set, instance, kind, lasts, operation, state, until=store.seconds + lasts)


def approve(store: Store, set_id: str, instance_id: str) -> None:
    """What the application on an instance does by approving the event: it happens now. Raises ValueError when the instance was told nothing."""
    instance = store.document("instance", set_id, instance_id)
    if instance is None or instance["work"] is None or instance["work"]["kind"] not in STILL_UP:
        raise ValueError(f"The instance '{instance_id}' has no scheduled event to approve.")
    store.plan(set_id, "workEnds", 0, instance=instance_id, turn=instance["turn"])
