"""How many instances serve, at each moment: read off the event log."""

from __future__ import annotations

from collections.abc import Iterable

from offline.arm.http import Json


def serving(events: Iterable[Json], set_id: str) -> list[tuple[str, int]]:
    """(time, how many instances of the set are in the balancer's rotation from then on), at each change, in order.

    `events` are those of `Store.events`, all of them or those of kind `serving`. An instance is in rotation while it runs, nothing is being done to
    it, and its health signal says healthy (without a signal: while it is provisioned).
    """
    below = f"{set_id}/".lower()
    in_rotation: set[str] = set()
    counts: list[tuple[str, int]] = []
    for event in events:
        if event["kind"] == "serving" and event["subject"].lower().startswith(below):
            (in_rotation.add if event["data"]["serving"] else in_rotation.discard)(event["subject"])
            counts.append((event["time"], len(in_rotation)))
    return counts


def fewest(counts: list[tuple[str, int]], since: str) -> int:
    """The lowest count from a time (ISO 8601, as the log has it) on, what held at that time included; 0 when nothing served yet."""
    before = [count for time, count in counts if time < since]
    return min([*before[-1:], *(count for time, count in counts if time >= since)], default=0)
