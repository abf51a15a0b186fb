"""What changes between two sets of inputs, with property paths, and what of it replaces the resource."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from offline.arm.http import Json
from offline.arm.shapes import Shape, properties
from offline.plugin.tokens import ResourceType


@dataclass(frozen=True)
class Change:
    """One property that is added, updated or deleted; `replaces`: the resource can't be updated to it."""

    kind: Literal["add", "update", "delete"]
    replaces: bool = False


def difference(of: ResourceType, old: Json, new: Json, state: Json) -> dict[str, Change]:
    """Path -> change, from old inputs to new inputs. `state` are the old outputs: setting an input to what Azure has chosen replaces nothing."""
    keys = _replacing(of)
    found = _objects(old, new, "", "")
    changes = {}
    for path, (kind, pattern) in found.items():
        parents = [pattern[:index] for index, letter in enumerate(pattern) if letter in ".["]
        replaces = pattern in keys or (kind == "update" and any(parent in keys for parent in parents))
        if kind == "add" and path in new and new[path] == state.get(path):
            replaces = False
        changes[path] = Change(kind, replaces)
    return changes


def _replacing(of: ResourceType) -> set[str]:
    """Paths (`[]` for any item) that replace: parameters of the id, and create-only properties at the top and one level below, as azure-native looks."""
    keys = set(of.parameters) | of.force_new
    for name, (_, field) in properties(of.inputs).items():
        keys |= {name} if field.create_only else set()
        item = field.kind.item if field.kind.name == "list" else None
        inner: Shape | None = item.shape if item else field.kind.shape
        if inner:
            prefix = f"{name}[]." if item else f"{name}."
            keys |= {prefix + below for below, (_, each) in properties(inner).items() if each.create_only}
    return keys


_Found = dict[str, tuple[Literal["add", "update", "delete"], str]]


def _objects(old: Json, new: Json, path: str, pattern: str) -> _Found:
    found: _Found = {}
    # Names that start with two underscores are the plugin's own notes.
    for name in [*old, *(name for name in new if name not in old)]:
        if name.startswith("__"):
            continue
        here, there = path + name, pattern + name
        if name not in new:
            found[here] = ("delete", there)
        elif name not in old:
            found[here] = ("add", there)
        elif not _same(here, old[name], new[name]):
            found |= _values(old[name], new[name], here, there)
    return found


def _values(old: Any, new: Any, path: str, pattern: str) -> _Found:
    if isinstance(old, dict) and isinstance(new, dict):
        return _objects(old, new, path + ".", pattern + ".")
    if isinstance(old, list) and isinstance(new, list):
        found: _Found = {}
        for index, (before, after) in enumerate(zip(old, new, strict=False)):
            if before != after:
                found |= _values(before, after, f"{path}[{index}]", f"{pattern}[]")
        found |= {f"{path}[{index}]": ("add", f"{pattern}[]") for index in range(len(old), len(new))}
        return found | {f"{path}[{index}]": ("delete", f"{pattern}[]") for index in range(len(new), len(old))}
    return {path: ("update", pattern)}


def _same(path: str, old: Any, new: Any) -> bool:
    """Equal; for the location, case and spaces don't count."""
    if path == "location" and isinstance(old, str) and isinstance(new, str):
        return old.replace(" ", "").lower() == new.replace(" ", "").lower()
    return bool(old == new)
