"""What ARM shows of a rolling upgrade."""

from __future__ import annotations

from offline.arm.compute.model import ScaleSet
from offline.arm.compute.rolling.record import ROLLING_UPGRADE, RUNNING
from offline.arm.http import Json

_HISTORY = "Microsoft.Compute/virtualMachineScaleSets/osUpgradeHistory"


def status(scale_set: ScaleSet, upgrade: Json) -> Json:
    """GET `rollingUpgrades/latest` (`RollingUpgradeStatusInfo`)."""
    properties: Json = {
        "policy": upgrade["policy"],
        "runningStatus": {name: upgrade[name] for name in ("code", "startTime", "lastAction", "lastActionTime")},
        "progress": _progress(upgrade),
    }
    if upgrade["error"] is not None:
        properties["error"] = upgrade["error"]
    return {
        "id": f"{scale_set.id}/rollingUpgrades/latest",
        "name": "latest",
        "type": ROLLING_UPGRADE,
        "location": scale_set.body.get("location"),
        "properties": properties,
    }


def history(scale_set: ScaleSet) -> Json:
    """GET `osUpgradeHistory`: the rolling upgrades of the image of the OS, whoever started them. (Azure doesn't say how far back it goes; here it is all.)"""
    found = scale_set.store.documents("osUpgrade", scale_set.id)
    return {"value": [{"type": _HISTORY, "location": scale_set.body.get("location"), "properties": _past(each)} for each in found]}


def _past(upgrade: Json) -> Json:
    ended = {"endTime": upgrade["endTime"]} if "endTime" in upgrade else {}
    return {
        "runningStatus": {"code": upgrade["code"], "startTime": upgrade["startTime"], **ended},
        "progress": _progress(upgrade),
        "startedBy": upgrade["startedBy"],
        "targetImageReference": upgrade["image"],
        "rollbackInfo": {"successfullyRolledbackInstanceCount": upgrade["rolledBack"], "failedRolledbackInstanceCount": 0},
        **({"error": upgrade["error"]} if upgrade["error"] is not None else {}),
    }


def _progress(upgrade: Json) -> Json:
    goes_on = upgrade["code"] in RUNNING
    return {
        "successfulInstanceCount": len(upgrade["succeeded"]),
        "failedInstanceCount": len(upgrade["failed"]),
        "inProgressInstanceCount": len(upgrade["batch"]) if goes_on else 0,
        "pendingInstanceCount": len([name for name in upgrade["todo"] if name not in upgrade["batch"] or not goes_on]),
    }
