"""`python -m offline reach`: whom a new request on a load balancer's front end reaches."""

import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from offline import workspace
from offline.arm.network import flows, reach
from offline.arm.store import Store


def show(home: Path, frontend: str, port: int | None, at: str | None, log: bool) -> int:
    """Prints what holds now, at a time, or at each change with the flows that stay (*log*)."""
    store = Store(workspace.azure_file(home))
    events, now = store.events(), store.now().isoformat()
    store.close()
    if at and log:
        return _refuse("--at and --log were given. Expected one of them.")
    known = reach.frontends(events)
    if frontend.lower() not in known:
        listed = "\n  ".join(known) or "(none: no load balancer has a rule)"
        return _refuse(f"no rule listens on '{frontend}'. Front ends with rules:\n  {listed}")
    found = reach.reach(events, frontend, port)
    if log:
        lines = [line for each in found for line in _lines(each)] + [_stay(each) for each in flows.stays(events, frontend, port)]
    else:
        try:
            moment = _time(at or now)
        except ValueError:
            return _refuse(f"--at is '{at}'. Expected a time in ISO 8601, as {now}")
        lines = [*_lines(reach.Reach(moment, reach.at(found, moment).routes))]
    print("\n".join(lines))
    return 0


def _time(text: str) -> str:
    """A time without an offset is meant as UTC."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat()


def _lines(moment: reach.Reach) -> Iterator[str]:
    if not moment.routes:
        yield f"{moment.time}  no rule"
    for route in moment.routes:
        yield f"{moment.time}  {route.rule}:{route.port or 'all'}  {_names(route.instances)}"


def _names(instances: Sequence[str]) -> str:
    return ", ".join(_name(each) for each in instances) or "nobody"


def _name(instance: str) -> str:
    """Set and instance."""
    head, _, number = instance.rpartition("/virtualMachines/")
    return f"{head.rpartition('/')[2]}/{number}"


def _stay(stay: flows.Stay) -> str:
    until = f"until {stay.until}" if stay.until else "still"
    drained = stay.drained_seconds
    cut = "flows not cut" if drained is None else f"flows cut at {stay.cut}, {drained:.0f} s after the last new one"
    return f"{_name(stay.instance)}: reached from {stay.since} {until}; {cut}"


def _refuse(message: str) -> int:
    print(f"reach: {message}", file=sys.stderr)
    return 2
