"""Outputs from inputs (preview), inputs from outputs (refresh and import)."""

from __future__ import annotations

from typing import Any

from offline.arm.http import Json
from offline.arm.shapes import Kind, Shape, properties
from offline.plugin.values import UNKNOWN


def preview(inputs: Json, of: Shape) -> Json:
    """The outputs to expect: what the inputs say, and everything else Azure answers as unknown. The id is no output of its own."""
    return {name: value for name, value in _object(inputs, of).items() if name != "id"}


def _object(inputs: Json, of: Shape) -> Json:
    return {name: _preview(inputs.get(name, UNKNOWN), field.kind) for name, (_, field) in properties(of).items()}


def _preview(value: Any, kind: Kind) -> Any:
    if isinstance(value, list):
        return [_preview(item, kind.item) for item in value] if kind.name == "list" and kind.item else UNKNOWN
    if isinstance(value, dict):
        of = kind.shape_of(value)
        if of:
            return _object(value, of)
        if kind.name == "map" and kind.item and not kind.is_string_set:
            return {name: _preview(item, kind.item) for name, item in value.items()}
        return value if kind.name in ("any", "map") else UNKNOWN
    return value


def inputs_of(outputs: Json, of: Shape) -> Json:
    """The part of outputs that could be inputs: without what is read-only, and without objects of which nothing is left."""
    found = {
        name: _input(outputs[name], field.kind) for name, (_, field) in properties(of).items() if name in outputs and not field.read_only
    }
    return {name: value for name, value in found.items() if value != {} or outputs[name] == {}}


def _input(value: Any, kind: Kind) -> Any:
    if kind.is_string_set and isinstance(value, dict):
        return sorted(value)
    of = kind.shape_of(value) if isinstance(value, dict) else None
    if of:
        return inputs_of(value, of)
    if kind.name == "list" and kind.item and isinstance(value, list):
        return [_input(item, kind.item) for item in value]
    return value


def refreshed(inputs: Json, old: Json, new: Json) -> Json:
    """The inputs after a refresh: what differs between old and new outputs (both projected onto inputs) is applied to them.

    Inputs can't be read from Azure, and outputs hold defaults that Azure chose; only what changed since the last deployment says something.
    """
    result = {name: value for name, value in inputs.items() if name not in old or name in new}
    for name, value in new.items():
        if name not in old:
            result[name] = value
        elif old[name] != value:
            result[name] = _refreshed(inputs[name], old[name], value) if name in inputs else value
    return result


def _refreshed(value: Any, old: Any, new: Any) -> Any:
    if isinstance(value, dict) and isinstance(old, dict) and isinstance(new, dict):
        return refreshed(value, old, new)
    if isinstance(value, list) and isinstance(old, list) and isinstance(new, list):
        both = min(len(value), len(old))
        return [
            item if index >= both else value[index] if old[index] == item else _refreshed(value[index], old[index], item)
            for index, item in enumerate(new)
        ]
    return new
