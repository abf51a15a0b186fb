"""How a changed model reaches the instances that exist: the upgrade mode, and the call `manualupgrade`."""

from __future__ import annotations

from collections.abc import Callable

from offline.arm import agenda
from offline.arm.compute import scaling, verbs, work
from offline.arm.compute.model import ScaleSet, load
from offline.arm.compute.rolling import record
from offline.arm.http import Json
from offline.arm.store import Store


def outdated(scale_set: ScaleSet) -> list[Json]:
    """The instances that have not the latest model, without those that are protected from the set's actions."""
    return [
        each
        for each in scaling.members(scale_set)
        if each["model"] != scale_set.model_fingerprint and not each["protection"].get("protectFromScaleSetActions")
    ]


def automatic(scale_set: ScaleSet, operation: str) -> None:
    """All instances at once (M12). What is being done to one ends first (`after_work`)."""
    for instance in outdated(scale_set):
        if instance["work"] is None:
            verbs.update(scale_set, instance, operation)


def manual(scale_set: ScaleSet, operation: str) -> None:
    """None: they wait for `manualupgrade` (M11)."""


def rolling(scale_set: ScaleSet, operation: str) -> None:
    """A rolling upgrade, which goes on after the write (M13). One that stopped begins again with any update of the model (T11)."""
    chosen = outdated(scale_set)
    if chosen and not record.running(scale_set.store, scale_set.id):
        record.start(scale_set, "model", chosen)


MODES: dict[str, Callable[[ScaleSet, str], None]] = {"Automatic": automatic, "Manual": manual, "Rolling": rolling}
"""Upgrade mode -> what brings the outdated instances to the model; the write's operation waits for the work that it is handed to."""


def apply(scale_set: ScaleSet, operation: str) -> None:
    """What a written model does to the instances that exist, in the set's upgrade mode."""
    MODES[scale_set.mode](scale_set, operation)


def refuse_during_another(new: ScaleSet, old: ScaleSet | None) -> None:
    """409 for a change of the model while a rolling upgrade of the set goes on."""
    if old is not None and new.model_fingerprint != old.model_fingerprint:
        record.refuse_running(new)


def bring(scale_set: ScaleSet, chosen: list[Json], operation: str) -> None:
    """`manualupgrade`: the instances that have not the latest model, or failed with it, get it."""
    record.refuse_running(scale_set)
    wanting = [
        each for each in chosen if each["model"] != scale_set.model_fingerprint or each["provisioningState"] == "Failed" or each["work"]
    ]
    work.refuse_busy(wanting)
    for instance in wanting:
        verbs.update(scale_set, instance, operation)


@agenda.deed("workEnded")
def after_work(store: Store, owner: str, data: Json) -> None:
    """What follows from the end of work: a surplus instance goes; in mode Automatic an instance that the model has left behind follows it."""
    scale_set = load(store, owner)
    instance = store.document("instance", owner, data["instance"])
    if scale_set is None or instance is None or instance["work"] is not None:
        return
    if instance["surplus"]:
        verbs.delete(scale_set, instance, None)
    elif scale_set.mode == "Automatic" and any(each["instanceId"] == instance["instanceId"] for each in outdated(scale_set)):
        verbs.update(scale_set, instance, None)
