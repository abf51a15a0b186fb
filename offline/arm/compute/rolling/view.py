"""What ARM shows of a rolling upgrade."""

from __future__ import annotations

from offline.arm.compute.model import ScaleSet
from offline.arm.compute.rolling.record import ROLLING_UPGRADE, RUNNING
from offline.arm.http import Json


def status(scale_set: ScaleSet, upgrade: Json) -> Json:
    """GET `rollingUpgrades/latest` (`RollingUpgradeStatusInfo`)."""
    properties: Json = {
        "policy": upgrade["policy"],
        "runningStatus": {name: upgrade[name] for name in ("code", "startTime", "lastAction", "lastActionTime")},
        "progress": {
            "successfulInstanceCount": len(upgrade["succeeded"]),
            "failedInstanceCount": len(upgrade["failed"]),
            "inProgressInstanceCount": len(upgrade["batch"]) if upgrade["code"] in RUNNING else 0,
            "pendingInstanceCount": len(
                [name for name in upgrade["todo"] if name not in upgrade["batch"] or upgrade["code"] not in RUNNING]
            ),
        },
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
