"""How a changed model reaches the instances that exist: one function an upgrade mode, and what "brought to the model" means for one instance."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from offline.arm.compute import guest
from offline.arm.compute.instances import adopt, install_image, instances, resource_id, save
from offline.arm.compute.model import ScaleSet
from offline.arm.compute.tree import dig, seconds
from offline.arm.http import Json

ROLLING_UPGRADE = "Microsoft.Compute/virtualMachineScaleSets/rollingUpgrades"
_DEFAULT_PERCENT = 20


@dataclass(frozen=True)
class Result:
    """What came of bringing instances to something. `seconds`: how long the slowest took; they work at the same time."""

    failures: list[guest.Failure]
    seconds: float = 0

    @property
    def failed_instances(self) -> set[str]:
        """Ids of the instances that failed."""
        return {failure.instance_id for failure in self.failures}


def bring(scale_set: ScaleSet, chosen: list[Json]) -> Result:
    """Brings instances to the latest model: a changed image reimages (M7), changed extensions run, all else is only noted (M8)."""
    failures, longest = [], 0.0
    for instance in chosen:
        stated = {name: value for name, value in instance["imageReference"].items() if name != "exactVersion"}
        reimages = stated != scale_set.image_reference
        if reimages:
            _new_os_disk(scale_set, instance)
        failed, took = guest.bring_extensions(scale_set, instance)
        adopt(scale_set, instance)
        save(scale_set, instance)
        scale_set.store.log(
            "instanceUpgraded",
            resource_id(scale_set.id, instance["instanceId"]),
            reimaged=reimages,
            failed=[each.extension for each in failed],
        )
        failures += failed
        longest = max(longest, took)
    return Result(failures, longest)


def reimage(scale_set: ScaleSet, chosen: list[Json]) -> Result:
    """Gives instances a new OS disk: customData is read again and every extension runs again (X15).

    Each keeps the model that it was last brought to: only an upgrade brings the latest.
    """
    failures, longest = [], 0.0
    for instance in chosen:
        applied = scale_set.as_applied_to(instance)
        _new_os_disk(applied, instance)
        failed, took = guest.bring_extensions(applied, instance)
        save(scale_set, instance)
        failures += failed
        longest = max(longest, took)
    return Result(failures, longest)


def _new_os_disk(scale_set: ScaleSet, instance: Json) -> None:
    install_image(scale_set, instance)
    instance |= {"extensions": {}, "powerState": "running"}
    scale_set.store.log(
        "instanceReimaged",
        resource_id(scale_set.id, instance["instanceId"]),
        imageReference=instance["imageReference"],
        customData=instance["customData"],
    )


def automatic(scale_set: ScaleSet, outdated: list[Json]) -> Result:
    """All instances at once (M12)."""
    return bring(scale_set, outdated)


def manual(scale_set: ScaleSet, outdated: list[Json]) -> Result:
    """None: they wait for `manualupgrade` (M11)."""
    return Result([])


def rolling(scale_set: ScaleSet, outdated: list[Json]) -> Result:
    """Batches, one after the other, till all are done or too many of those done have failed (U9, U10).

    The PUT that began it ends well in either case (M13): what came of it is `rollingUpgrades/latest`.
    """
    policy = dig(scale_set.properties, "upgradePolicy.rollingUpgradePolicy") or {}
    everyone = len(instances(scale_set.store, scale_set.id))
    size = max(1, math.ceil(everyone * policy.get("maxBatchInstancePercent", _DEFAULT_PERCENT) / 100))
    allowed = policy.get("maxUnhealthyUpgradedInstancePercent", _DEFAULT_PERCENT)
    pause = seconds(policy.get("pauseTimeBetweenBatches") or "PT0S") or 0.0
    started, done, failed = scale_set.store.now().isoformat(), 0, set[str]()
    breached = False
    while done < len(outdated) and not breached:
        if done:
            scale_set.store.advance(pause)
        batch = outdated[done : done + size]
        result = bring(scale_set, batch)
        scale_set.store.advance(result.seconds)
        done += len(batch)
        failed |= result.failed_instances
        breached = len(failed) * 100 / done > allowed
        scale_set.store.log("batch", scale_set.id, instances=[each["instanceId"] for each in batch], failed=sorted(result.failed_instances))
    _record(scale_set, started, "Faulted" if breached else "Completed", done - len(failed), len(failed), len(outdated) - done)
    return Result([])


def _record(scale_set: ScaleSet, started: str, code: str, successful: int, failed: int, pending: int) -> None:
    """Writes `rollingUpgrades/latest`."""
    upgrade_id = f"{scale_set.id}/rollingUpgrades/latest"
    properties: Json = {
        "policy": dig(scale_set.properties, "upgradePolicy.rollingUpgradePolicy") or {},
        "runningStatus": {"code": code, "startTime": started, "lastAction": "Start", "lastActionTime": started},
        "progress": {
            "successfulInstanceCount": successful,
            "failedInstanceCount": failed,
            "inProgressInstanceCount": 0,
            "pendingInstanceCount": pending,
        },
    }
    if code == "Faulted":
        properties["error"] = {
            "code": "MaxUnhealthyUpgradedInstancePercentExceededInRollingUpgrade",
            "message": f"Rolling Upgrade failed after exceeding the MaxUnhealthyUpgradedInstancePercent value defined in the RollingUpgradePolicy. {failed} instances failed.",
        }
    body = {
        "id": upgrade_id,
        "name": "latest",
        "type": ROLLING_UPGRADE,
        "location": scale_set.body.get("location"),
        "properties": properties,
    }
    scale_set.store.put(upgrade_id, ROLLING_UPGRADE, body)


MODES: dict[str, Callable[[ScaleSet, list[Json]], Result]] = {"Automatic": automatic, "Manual": manual, "Rolling": rolling}
"""Upgrade mode -> what brings the outdated instances to the model."""


def apply(scale_set: ScaleSet) -> Result:
    """What a written model does to the instances that exist, in the set's upgrade mode; nothing when all have it already."""
    outdated = [each for each in instances(scale_set.store, scale_set.id) if each["model"] != scale_set.model_fingerprint]
    return MODES[scale_set.mode](scale_set, outdated) if outdated else Result([])
