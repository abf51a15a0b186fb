"""What differs between two inputs of a scale set, at the depth at which the table of effects tells properties apart."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from azure_scaleset.rules.effect_table import TABLE
from azure_scaleset.rules.effects_canonical import by_key, canonical, has_unknown
from azure_scaleset.rules.effects_properties import ITEM_KEYS
from azure_scaleset.rules.effects_row import Case, Row
from azure_scaleset.rules.effects_unclassified import unclassified
from azure_scaleset.rules.facts import EXTENSIONS
from azure_scaleset.rules.value import UNKNOWN, mapping


@dataclass(frozen=True)
class Change:
    """A property that differs."""

    path: str
    """Its path; an item of a list is named by what identifies it."""
    pattern: str
    """The path with `[]` for items, as in the table."""
    old: Any
    """The value before; None if absent."""
    new: Any
    """The value after; None if absent."""
    rows: Mapping[Case, Row]
    """The rows of the nearest property that the table knows."""

    @property
    def unknown(self) -> bool:
        """Whether a part of one of the values is unknown, so that nobody can say what the change does."""
        return (has_unknown(self.old) or has_unknown(self.new)) and not self._runs_anyway

    @property
    def _runs_anyway(self) -> bool:
        """Whether it is an extension of which a known part differs: it runs again, whatever the unknown part is. A payload's address is unknown in each preview of
        a changed script."""
        one, other = mapping(self.old), mapping(self.new)
        if self.pattern != f"{EXTENSIONS}[]" or not one or not other:
            return False
        known = [key for key in {*one, *other} if not has_unknown(one.get(key)) and not has_unknown(other.get(key))]
        return any(one.get(key) != other.get(key) for key in known)


def _by_path() -> dict[str, dict[Case, Row]]:
    rows: dict[str, dict[Case, Row]] = {}
    for row in TABLE:
        rows.setdefault(row.path, {})[row.case] = row
    return rows


def _parents() -> frozenset[str]:
    return frozenset(row.path[: match.start()] for row in TABLE for match in re.finditer(r"\.|\[\]", row.path))


ROWS: Mapping[str, Mapping[Case, Row]] = _by_path()
"""Path -> case -> row."""
PARENTS = _parents()
"""Paths below which the table tells properties apart."""


def rows_of(pattern: str) -> Mapping[Case, Row]:
    """The rows of the nearest property at or above *pattern* that has any; those of an unclassified one if there is none."""
    nearest = pattern
    while nearest not in ROWS:
        head, dot, _ = nearest.rpartition(".")
        if nearest.endswith("[]"):
            nearest = nearest[:-2]
        elif dot:
            nearest = head
        else:
            return {Case.ANY: unclassified(pattern)}
    return ROWS[nearest]


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    """Every difference from *old* to *new*, in no particular order."""
    return _Walk(old, new).maps(old, new, "", "")


@dataclass(frozen=True)
class _Walk:
    old_inputs: Mapping[str, Any]
    new_inputs: Mapping[str, Any]

    def maps(self, old: Mapping[str, Any], new: Mapping[str, Any], pattern: str, path: str) -> Iterator[Change]:
        dot = "." if pattern else ""
        for key in sorted({*old, *new}, key=str):
            yield from self.values(old.get(key), new.get(key), f"{pattern}{dot}{key}", f"{path}{dot}{key}")

    def values(self, old: Any, new: Any, pattern: str, path: str) -> Iterator[Change]:
        if self._same(old, new, pattern):
            return
        if f"{pattern}[]" in PARENTS or f"{pattern}[]" in ROWS:
            yield from self._lists(old, new, pattern, path)
        elif pattern in PARENTS and all(value is None or isinstance(value, Mapping) for value in (old, new)):
            yield from self.maps(old or {}, new or {}, pattern, path)
        else:
            yield Change(path, pattern, old, new, rows_of(pattern))

    def _lists(self, old: Any, new: Any, pattern: str, path: str) -> Iterator[Change]:
        before, after = by_key(old, pattern), by_key(new, pattern)
        item = f"{pattern}[]"
        if before is None or after is None:
            yield Change(path, pattern, old, new, {Case.ANY: rows_of(item)[Case.ANY]})
            return
        for key in sorted({*before, *after}):
            one, other = before.get(key), after.get(key)
            place = f"{path}[{mapping(other if one is None else one).get(ITEM_KEYS[pattern])}]"
            if one is None or other is None:
                yield Change(place, item, one, other, rows_of(item))
            else:
                yield from self.values(one, other, item, place)

    def _same(self, old: Any, new: Any, pattern: str) -> bool:
        if old is UNKNOWN or new is UNKNOWN or has_unknown(old) or has_unknown(new):
            return False
        if canonical(old, pattern, None) == canonical(new, pattern, None):
            return True
        return canonical(old, pattern, self.old_inputs) == canonical(new, pattern, self.new_inputs)
