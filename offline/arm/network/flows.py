"""Established flows: with whom one is, how long, and what ends it. Read off the event log.

A flow stays with the instance that its first packet reached, wherever the rules send new ones, and also when the instance's probe fails (Azure's Standard balancer lets
established TCP flows go on). It ends when its client closes it, when nothing was sent for the rule's idle timeout, or when the instance goes out under it: then it is cut.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from offline.arm.http import Json
from offline.arm.network.reach import later, reach


@dataclass(frozen=True)
class Stay:
    """One period in which new requests could reach an instance, and how long the flows that began in it may last."""

    instance: str
    since: str
    until: str | None
    """New requests could reach it until then; None: they still do."""
    cut: str | None
    """When it went out (deleted, stopped, restarted, reimaged, brought to another model), and every flow with it; None: it did not yet."""
    idle_minutes: int
    """The idle timeout of the rule that they came by, the longest where there were several."""

    @property
    def drained_seconds(self) -> float | None:
        """From the last new request to the cut: what flows had to come to their end. None while there is no cut."""
        if self.cut is None:
            return None
        return (datetime.fromisoformat(self.cut) - datetime.fromisoformat(self.until or self.cut)).total_seconds()


def stays(events: Sequence[Json], frontend: str, port: int | None = None) -> list[Stay]:
    """All such periods of a front end, in order of their beginning."""
    outages = _outages(events)
    opened: dict[str, Stay] = {}
    found: list[Stay] = []
    for each in reach(events, frontend, port):
        for instance in sorted(opened.keys() - set(each.instances)):
            found.append(replace(opened.pop(instance), until=each.time))
        for route in each.routes:
            for instance in route.instances:
                stay = opened.get(instance) or Stay(instance, each.time, None, None, route.idle_minutes)
                opened[instance] = replace(stay, idle_minutes=max(stay.idle_minutes, route.idle_minutes))
    done = [replace(each, cut=_first_after(outages.get(each.instance, ()), each.since)) for each in [*found, *opened.values()]]
    return sorted(done, key=lambda each: (datetime.fromisoformat(each.since), each.instance))


@dataclass(frozen=True)
class End:
    """What ends a flow."""

    time: str
    why: str
    """`closed` by its client, `idle` (the log may not have come so far), or `cut`."""


def end(stay: Stay, last_packet: str, closes: str | None = None) -> End:
    """How a flow of a stay ends. *last_packet*: nothing was sent after it; *closes*: when its client closes it."""
    idle = later(last_packet, 60 * stay.idle_minutes)
    ways = [(time, why) for time, why in ((closes, "closed"), (stay.cut, "cut"), (idle, "idle")) if time is not None]
    time, why = min(ways, key=lambda way: datetime.fromisoformat(way[0]))
    return End(time, why)


def _outages(events: Iterable[Json]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for event in events:
        if event["kind"] in ("workBegan", "instanceDeleted"):
            found.setdefault(event["subject"], []).append(event["time"])
    return found


def _first_after(times: Iterable[str], since: str) -> str | None:
    return next((time for time in times if datetime.fromisoformat(time) > datetime.fromisoformat(since)), None)
