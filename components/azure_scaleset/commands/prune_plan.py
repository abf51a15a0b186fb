"""What `scaleset prune` removes. Pure: what there is and what is used is given."""

import enum
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any


class Kind(enum.StrEnum):
    """What can be pruned."""

    VERSION = "image version"
    MANAGED_IMAGE = "managed image"
    PAYLOAD = "payload"


@dataclass(frozen=True)
class Item:
    """Something that was made and kept."""

    kind: Kind
    id: str
    """Resource id of an image, address of a blob."""
    of: str
    """What it is one of: an image definition, the managed images whose ids begin so, a blob container."""
    made: datetime
    resource_id: str = ""
    """Of a blob, beside its address."""
    latest: bool = False
    """Of a version: whether a reference without version means it, in some region."""

    @property
    def name(self) -> str:
        """Short, for people."""
        parts = self.id.split("/")
        return f"{parts[-3]}/{parts[-1]}" if self.kind is Kind.VERSION else parts[-1]


@dataclass(frozen=True)
class Decision:
    """What becomes of an item."""

    item: Item
    kept: str | None
    """Why it stays; None where it is removed."""

    @property
    def record(self) -> dict[str, Any]:
        """For programs."""
        item = self.item
        return {"kind": item.kind.value, "id": item.id, "made": item.made.isoformat(), "remove": self.kept is None, "kept": self.kept}


def decide(items: Sequence[Item], used: Mapping[str, str], now: datetime, older_than: timedelta, keep: int) -> list[Decision]:
    """A decision for each item, the newest of each definition (or beginning of managed images) and container first. *used*: id in small letters -> why it stays. What is used stays, and what is younger than
    *older_than*, and of each the *keep* newest."""
    groups: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        groups[item.of].append(item)
    return [
        Decision(item, _reason(item, place, used, now, older_than, keep))
        for _, group in sorted(groups.items())
        for place, item in enumerate(sorted(group, key=lambda each: (each.made, each.id), reverse=True))
    ]


def _reason(item: Item, place: int, used: Mapping[str, str], now: datetime, older_than: timedelta, keep: int) -> str | None:
    if item.id.casefold() in used:
        return used[item.id.casefold()]
    if place < keep:
        return f"one of the {keep} newest" if keep > 1 else "the newest"
    if now - item.made < older_than:
        return f"younger than {older_than.days} days"
    return None


def mentioned(items: Sequence[Item], text: str) -> list[Item]:
    """The items whose id, or of a blob its address, a state (as JSON text) holds, as a whole value or before a query: `1.0.1` isn't in `1.0.10`."""
    folded = text.casefold()
    return [
        item
        for item in items
        if any(f"{name.casefold()}{end}" in folded for name in (item.id, item.resource_id) if name for end in ('"', "\\", "?", "'"))
    ]
