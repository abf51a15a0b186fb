"""The record of a set's last rolling upgrade: one document, and the resource `rollingUpgrades/latest` that shows it."""

from __future__ import annotations

from typing import Any

from offline.arm.compute import verbs
from offline.arm.compute.model import ScaleSet
from offline.arm.compute.rolling.batches import policy_of
from offline.arm.errors import conflict
from offline.arm.http import Json
from offline.arm.store import Store

ROLLING_UPGRADE = "Microsoft.Compute/virtualMachineScaleSets/rollingUpgrades"
RUNNING = ("RollingForward", "RollingBack")


def latest(store: Store, set_id: str) -> Json | None:
    """The record of the last rolling upgrade of a set, None when there was none."""
    return store.document("rollingUpgrade", set_id, "latest")


def running(store: Store, set_id: str) -> bool:
    """Whether a rolling upgrade of the set goes on."""
    found = latest(store, set_id)
    return found is not None and found["code"] in RUNNING


def refuse_running(scale_set: ScaleSet) -> None:
    """409 while a rolling upgrade of the set goes on."""
    if running(scale_set.store, scale_set.id):
        raise conflict("OperationNotAllowed", f"A rolling upgrade of '{scale_set.name}' is in progress. Wait for it, or cancel it.")


def start(
    scale_set: ScaleSet, kind: str, chosen: list[Json], policy: Json | None = None, image: Json | None = None, started_by: str = "User"
) -> None:
    """Begins a rolling upgrade. `kind`: "model", "os" (a new OS disk for each, with `image`) or "extension". Instances that do not run are left out, noted.
    `started_by`: "User" or "Platform"."""
    store, now = scale_set.store, scale_set.store.now().isoformat()
    stopped = [each for each in chosen if each["powerState"] not in ("running", "starting")]
    record: Json = {
        "number": store.count_up(scale_set.id, "rollingUpgrade"),
        "kind": kind,
        "image": image,
        "startedBy": started_by,
        "code": "RollingForward",
        "startTime": now,
        "lastAction": "Start",
        "lastActionTime": now,
        "policy": policy_of(scale_set.properties) if policy is None else policy,
        "phase": "check",
        "since": store.seconds,
        "todo": [each["instanceId"] for each in chosen if each not in stopped],
        "skipped": [{"instanceId": each["instanceId"], "reason": each["powerState"]} for each in stopped],
        "batch": [],
        "surge": {},
        "succeeded": [],
        "failed": [],
        "before": {},
        "rolledBack": 0,
        "error": None,
    }
    upgrade_id = f"{scale_set.id}/rollingUpgrades/latest"
    store.put(upgrade_id, ROLLING_UPGRADE, {"id": upgrade_id, "name": "latest", "type": ROLLING_UPGRADE})
    store.log("rollingUpgrade", scale_set.id, code="RollingForward", upgrade=kind, skipped=record["skipped"])
    save(scale_set, record)
    store.plan(scale_set.id, "rollingUpgrade", 0, number=record["number"])


def save(scale_set: ScaleSet, record: Json) -> None:
    """Writes the record; that of an OS upgrade stays in the history."""
    scale_set.store.put_document("rollingUpgrade", scale_set.id, "latest", record)
    if record["kind"] == "os":
        scale_set.store.put_document("osUpgrade", scale_set.id, str(record["number"]), record)


def finish(scale_set: ScaleSet, record: Json, code: str, error: Json | None = None, **changes: Any) -> None:
    """Ends a rolling upgrade: Completed, Cancelled or Faulted with the error."""
    record |= {"code": code, "error": error, "endTime": scale_set.store.now().isoformat(), **changes}
    scale_set.store.log("rollingUpgrade", scale_set.id, code=code, upgrade=record["kind"], error=(error or {}).get("code"))
    save(scale_set, record)


def cancel(scale_set: ScaleSet) -> None:
    """`rollingUpgrades/cancel`: no further batch begins; what is being done to instances ends. What max surge was making goes, the old stay."""
    record = latest(scale_set.store, scale_set.id)
    if record is None or record["code"] not in RUNNING:
        raise conflict("OperationNotAllowed", f"There is no rolling upgrade of '{scale_set.name}' to cancel.")
    for made in record["surge"].values():
        instance = scale_set.store.document("instance", scale_set.id, made)
        if instance is not None:
            verbs.delete(scale_set, instance, None)
    finish(scale_set, record, "Cancelled", lastAction="Cancel", lastActionTime=scale_set.store.now().isoformat())
