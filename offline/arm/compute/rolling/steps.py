"""How a rolling upgrade goes on: check, upgrade a batch, wait for its health, judge, pause, and again. Each phase looks every few seconds."""

from __future__ import annotations

from offline.arm import agenda
from offline.arm.compute import scaling, verbs
from offline.arm.compute.durations import APP_START_SECONDS, HEALTH_WAIT_SECONDS, UPGRADE_TICK_SECONDS
from offline.arm.compute.instances import Places, is_leaving
from offline.arm.compute.model import ScaleSet, load
from offline.arm.compute.rolling import batches, record
from offline.arm.http import Json
from offline.arm.store import Store


@agenda.deed("rollingUpgrade")
def step(store: Store, owner: str, data: Json) -> None:
    """One look at the upgrade, unless it has ended or another has taken its place."""
    scale_set, upgrade = load(store, owner), record.latest(store, owner)
    if scale_set is None or upgrade is None or upgrade["number"] != data["number"] or upgrade["code"] not in record.RUNNING:
        return
    after = PHASES[upgrade["phase"]](scale_set, upgrade)
    if after is not None:
        record.save(scale_set, upgrade)
        store.plan(owner, "rollingUpgrade", after, number=upgrade["number"])


def _check(scale_set: ScaleSet, upgrade: Json) -> float | None:
    """Before a batch: too many unhealthy end the upgrade (U10). Those of which nothing is known yet are waited for."""
    everyone = scaling.members(scale_set)
    waiting = _waiting(upgrade, everyone)
    if not waiting:
        record.finish(scale_set, upgrade, "Completed")
        return None
    allowed = batches.percent(upgrade["policy"], "maxUnhealthyInstancePercent")
    share = batches.unhealthy_percent(everyone)
    if share > allowed:
        undecided = any(each["health"] in ("unknown", "initializing") for each in everyone)
        if undecided and scale_set.store.seconds - upgrade["since"] < HEALTH_WAIT_SECONDS:
            return UPGRADE_TICK_SECONDS
        begun = bool(upgrade["succeeded"] or upgrade["failed"])
        _fault(scale_set, upgrade, f"MaxUnhealthyInstancePercentExceeded{'In' if begun else 'Before'}RollingUpgrade", share, allowed)
        return None
    free = [each for each in waiting if each["work"] is None]
    if not free:
        return UPGRADE_TICK_SECONDS
    _begin(scale_set, upgrade, batches.next_batch(free, len(everyone), upgrade["policy"]))
    return UPGRADE_TICK_SECONDS


def _waiting(upgrade: Json, everyone: list[Json]) -> list[Json]:
    """The instances that are still to be upgraded; those that were stopped or protected meanwhile are noted and left out."""
    todo = [each for each in everyone if each["instanceId"] in upgrade["todo"]]
    left_out = {
        each["instanceId"]: "protected" if each["protection"].get("protectFromScaleSetActions") else each["powerState"]
        for each in todo
        if each["protection"].get("protectFromScaleSetActions") or (each["powerState"] != "running" and each["work"] is None)
    }
    upgrade["skipped"] += [{"instanceId": name, "reason": reason} for name, reason in left_out.items()]
    upgrade["todo"] = [each["instanceId"] for each in todo if each["instanceId"] not in left_out]
    return [each for each in todo if each["instanceId"] not in left_out]


def _begin(scale_set: ScaleSet, upgrade: Json, batch: list[Json]) -> None:
    upgrade |= {"phase": "work", "batch": [each["instanceId"] for each in batch], "surge": {}}
    places = Places(scale_set)
    for instance in batch:
        upgrade["before"][instance["instanceId"]] = {"model": instance["model"], "image": instance["imageReference"]}
        if upgrade["policy"].get("maxSurge"):
            made = verbs.create(scale_set, places, None, surge=True)
            upgrade["surge"][instance["instanceId"]] = made["instanceId"]
        else:
            verbs.update(scale_set, instance, None, image=upgrade["image"], new_disk=upgrade["kind"] == "os")


def _work(scale_set: ScaleSet, upgrade: Json) -> float | None:
    """While the batch is being upgraded."""
    if not any(each["work"] for each in _upgraded(scale_set, upgrade).values()):
        upgrade |= {"phase": "health", "since": scale_set.store.seconds}
    return UPGRADE_TICK_SECONDS


def _health(scale_set: ScaleSet, upgrade: Json) -> float | None:
    """While health is waited for; then what failed is judged (U10)."""
    upgraded = _upgraded(scale_set, upgrade)
    # What was reported before an upgrade in place is no answer.
    settling = APP_START_SECONDS + max((each["signal"]["seconds"] for each in upgraded.values() if each["signal"]), default=0)
    unheard = scale_set.store.seconds - upgrade["since"] <= settling
    open_ = [
        each for each in upgraded.values() if each["provisioningState"] != "Failed" and (unheard or batches.ill(each)) and each["signal"]
    ]
    if open_ and scale_set.store.seconds - upgrade["since"] < HEALTH_WAIT_SECONDS:
        return UPGRADE_TICK_SECONDS
    # An instance that was deleted meanwhile is neither here nor there.
    failed = [name for name in upgrade["batch"] if name in upgraded and batches.ill(upgraded[name])]
    if upgrade["surge"]:
        _swap(scale_set, upgrade, failed)
    upgrade["failed"] += failed
    upgrade["succeeded"] += [name for name in upgrade["batch"] if name in upgraded and name not in failed]
    upgrade["todo"] = [name for name in upgrade["todo"] if name not in upgrade["batch"]]
    scale_set.store.log("batch", scale_set.id, instances=upgrade["batch"], failed=failed)
    upgrade |= {"phase": "check", "batch": [], "surge": {}, "since": scale_set.store.seconds + batches.pause(upgrade["policy"])}
    done = len(upgrade["failed"]) + len(upgrade["succeeded"])
    allowed = batches.percent(upgrade["policy"], "maxUnhealthyUpgradedInstancePercent")
    share = 100 * len(upgrade["failed"]) / done if done else 0.0
    if share > allowed:
        _roll_back(scale_set, upgrade)
        _fault(scale_set, upgrade, "MaxUnhealthyUpgradedInstancePercentExceededInRollingUpgrade", share, allowed)
        return None
    return batches.pause(upgrade["policy"]) if upgrade["todo"] else 0


def _upgraded(scale_set: ScaleSet, upgrade: Json) -> dict[str, Json]:
    """The batch as it is now, by the ids of the instances that were to be upgraded: they themselves, or what max surge has made for them."""
    found = {name: scale_set.store.document("instance", scale_set.id, upgrade["surge"].get(name, name)) for name in upgrade["batch"]}
    return {name: instance for name, instance in found.items() if instance is not None}


def _swap(scale_set: ScaleSet, upgrade: Json, failed: list[str]) -> None:
    """Max surge: a new instance that is well takes the place of the old one, which is deleted. One that is not goes itself, and so does one whose
    place a scale-in has taken meanwhile."""
    for name, made in upgrade["surge"].items():
        new = scale_set.store.document("instance", scale_set.id, made)
        old = scale_set.store.document("instance", scale_set.id, name)
        if new is None or is_leaving(new):
            continue
        if name in failed or old is None or is_leaving(old):
            verbs.delete(scale_set, new, None)
            continue
        scale_set.store.put_document("instance", scale_set.id, made, {**new, "surge": False})
        verbs.delete(scale_set, old, None)


def _roll_back(scale_set: ScaleSet, upgrade: Json) -> None:
    """`rollbackFailedInstancesOnPolicyBreach` (Uniform only), and an automatic OS upgrade's own rollback: the failed get back what they had."""
    own = upgrade["kind"] == "os" and not (scale_set.properties.get("upgradePolicy", {}).get("automaticOSUpgradePolicy") or {}).get(
        "disableAutomaticRollback"
    )
    if (
        scale_set.flexible
        or not (own or upgrade["policy"].get("rollbackFailedInstancesOnPolicyBreach"))
        or upgrade["policy"].get("maxSurge")
    ):
        return
    for name in upgrade["failed"]:
        instance = scale_set.store.document("instance", scale_set.id, name)
        if instance is not None and instance["work"] is None:
            before = upgrade["before"][name]
            image = before["image"] if instance["imageReference"] != before["image"] else None
            verbs.update(scale_set.with_model(before["model"]), instance, None, image=image, new_disk=image is not None)
            upgrade["rolledBack"] += 1


def _fault(scale_set: ScaleSet, upgrade: Json, code: str, share: float, allowed: int) -> None:
    message = (
        f"Rolling Upgrade failed after exceeding the {code.partition('Exceeded')[0]} value defined in the RollingUpgradePolicy: "
        f"{share:.0f}% of instances are unhealthy, {allowed}% are allowed. {len(upgrade['failed'])} instances failed."
    )
    record.finish(scale_set, upgrade, "Faulted", {"code": code, "message": message})


PHASES = {"check": _check, "work": _work, "health": _health}
"""Phase -> what a look does; it gives the seconds to the next look, None when the upgrade has ended."""
