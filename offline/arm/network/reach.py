"""Whom a new request on a load balancer's front end would reach, at each moment: read off the event log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from offline.arm.http import Json

CONVERGENCE_SECONDS = 10
"""After a write some nodes of the balancer still send as before. The figure is this Azure's own; in Azure it is seconds (T19)."""


@dataclass(frozen=True)
class Route:
    """One way that a new request may take."""

    rule: str
    port: int
    """Of the front end; 0 for all."""
    idle_minutes: int
    """The rule's idle timeout."""
    instances: tuple[str, ...]
    """Ids of the instances that it may reach; none when nobody behind the rule is in rotation: the request fails."""


@dataclass(frozen=True)
class Reach:
    """From a moment on."""

    time: str
    routes: tuple[Route, ...]
    """More than one while a write has not reached all of the balancer, and for a front end of several rules. None: no rule listens."""

    @property
    def instances(self) -> tuple[str, ...]:
        """Everyone whom a request may reach."""
        return tuple(sorted({each for route in self.routes for each in route.instances}))

    @property
    def fewest(self) -> int:
        """How many there are at the end of the worst way."""
        return min((len(route.instances) for route in self.routes), default=0)


def reach(events: Iterable[Json], frontend: str, port: int | None = None) -> list[Reach]:
    """What holds for a front end (its id) from each change on, in order of time. *port*: of one rule only.

    `events` are those of `Store.events`, all of them. A rule with a probe sends to the instances of its pool that are in rotation (event `serving`: the probe is
    taken to see what the health signal reports), a rule without one to all of them, whether they answer or not.
    """
    seen = _Seen(frontend.lower(), port)
    found: list[Reach] = []
    for time, due in _moments(events):
        for event in due:
            seen.take(event)
        now = Reach(time, tuple(seen.routes(time)))
        if not found or found[-1].routes != now.routes:
            found.append(now)
    return found


def at(reaches: Sequence[Reach], time: str) -> Reach:
    """What holds at a time (ISO 8601)."""
    moment = datetime.fromisoformat(time)
    past = [each for each in reaches if datetime.fromisoformat(each.time) <= moment]
    return past[-1] if past else Reach(time, ())


def frontends(events: Iterable[Json]) -> list[str]:
    """The front ends (ids in lower case) that a rule has listened on."""
    return sorted({rule["frontend"] for event in events if event["kind"] == "routing" for rule in event["data"]["rules"]})


def later(time: str, seconds: float) -> str:
    """A time of the log, so much later."""
    return (datetime.fromisoformat(time) + timedelta(seconds=seconds)).isoformat()


def _moments(events: Iterable[Json]) -> Iterator[tuple[str, list[Json]]]:
    """Each time at which something may change, with the events of that time: those in the log, and the ends of convergence."""
    at_time: dict[str, list[Json]] = {}
    for event in events:
        at_time.setdefault(event["time"], []).append(event)
        if event["kind"] == "routing":
            at_time.setdefault(later(event["time"], CONVERGENCE_SECONDS), [])
    yield from sorted(at_time.items(), key=lambda item: datetime.fromisoformat(item[0]))


@dataclass
class _Seen:
    """What the events so far come to."""

    frontend: str
    port: int | None
    pools: dict[str, list[str]] = field(default_factory=dict)
    """Instance -> its pools."""
    in_rotation: set[str] = field(default_factory=set)
    routings: dict[str, list[tuple[str, list[Json]]]] = field(default_factory=dict)
    """Balancer -> (time, rules of the front end) of the writes that count, the last one last."""

    def take(self, event: Json) -> None:
        subject, data = event["subject"], event["data"]
        match event["kind"]:
            case "pools":
                self.pools[subject] = data["pools"]
            case "serving":
                (self.in_rotation.add if data["serving"] else self.in_rotation.discard)(subject)
            case "instanceDeleted":
                self.pools.pop(subject, None)
            case "routing":
                rules = [each for each in data["rules"] if each["frontend"] == self.frontend and self.port in (None, each["port"])]
                if rules or subject.lower() in self.routings:
                    self.routings.setdefault(subject.lower(), []).append((event["time"], rules))

    def routes(self, time: str) -> Iterator[Route]:
        for routings in self.routings.values():
            # What a write superseded counts until that write has reached all of the balancer.
            while len(routings) > 1 and datetime.fromisoformat(later(routings[1][0], CONVERGENCE_SECONDS)) <= datetime.fromisoformat(time):
                routings.pop(0)
            ways = [self._route(rule) for _, rules in routings for rule in rules]
            yield from dict.fromkeys(ways)

    def _route(self, rule: Json) -> Route:
        wanted = set(rule["pools"])
        members = {instance for instance, pools in self.pools.items() if wanted.intersection(pools)}
        chosen = members & self.in_rotation if rule["probed"] else members
        return Route(rule["name"], rule["port"], rule["idleTimeoutInMinutes"], tuple(sorted(chosen)))
