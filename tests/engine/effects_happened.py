"""What happened to the instances of a scale set, read from the event log of the offline Azure."""

import enum
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from offline.arm.http import Json


class Fate(enum.StrEnum):
    """The worst that happened to an instance that was there before; in the words of a preview."""

    UNTOUCHED = "untouched"
    IN_PLACE = "updated in place"
    RESTARTED = "restarted"
    REIMAGED = "reimaged"
    DELETED = "deleted"


@dataclass(frozen=True)
class Happened:
    """What happened between two moments."""

    fates: dict[Fate, int]
    """Fate -> how many of the instances that were there."""
    made: int
    """Instances that came."""
    ran: dict[str, int]
    """Extension -> how many of the instances that were there ran it on the disk that they had."""
    at_once: int
    """The most of them that were out of service at the same time."""
    batches: int
    """Batches of Azure's rolling upgrades."""


def read(events: Sequence[Json], scale_set_id: str, before: set[str]) -> Happened:
    """*events*: of the time in question. *before*: the ids of the instances that served at its beginning."""
    at = f"{scale_set_id}/virtualMachines/"
    found: dict[str, list[Json]] = {name: [] for name in before}
    made = batches = 0
    for event in events:
        name = event["subject"].removeprefix(at)
        made += event["kind"] == "instanceCreated" and event["subject"].startswith(at)
        batches += event["kind"] == "batch" and event["subject"] == scale_set_id
        if name in found:
            found[name].append(event)
    fates = {name: _fate(own) for name, own in found.items()}
    stayed = {name: own for name, own in found.items() if fates[name] in (Fate.UNTOUCHED, Fate.IN_PLACE, Fate.RESTARTED)}
    return Happened(
        fates=dict(Counter(fates.values())),
        made=made,
        ran=dict(Counter(extension for own in stayed.values() for extension in _ran(own))),
        at_once=_most_out(events, {f"{at}{name}" for name in before}),
        batches=batches,
    )


def _fate(own: Sequence[Json]) -> Fate:
    kinds = {event["kind"] for event in own}
    if "instanceDeleted" in kinds:
        return Fate.DELETED
    if "instanceReimaged" in kinds:
        return Fate.REIMAGED
    if "powerState" in kinds:
        return Fate.RESTARTED
    took = any(event["data"]["took"] for event in own if event["kind"] == "instanceUpgraded")
    return Fate.IN_PLACE if took or "extensionRun" in kinds else Fate.UNTOUCHED


def _ran(own: Sequence[Json]) -> set[str]:
    return {event["data"]["extension"] for event in own if event["kind"] == "extensionRun"}


def _most_out(events: Sequence[Json], before: set[str]) -> int:
    out: set[str] = set()
    most = 0
    for event in events:
        if event["kind"] == "serving" and event["subject"] in before:
            (out.discard if event["data"]["serving"] else out.add)(event["subject"])
            most = max(most, len(out))
    return most
