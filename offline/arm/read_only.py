"""What a client may send back and Azure ignores: the read-only properties of a body."""

from __future__ import annotations

from typing import Any

from offline.arm.http import Json
from offline.arm.shapes import Kind, Shape, shape


def without_read_only(body: Json, model: type[Any]) -> Json:
    """The body without the properties that its model marks read-only, at every depth."""
    return _object(body, shape(model))


def _object(body: Json, of: Shape) -> Json:
    return {
        name: _value(value, of.fields[name].kind) if name in of.fields else value
        for name, value in body.items()
        if name not in of.fields or not of.fields[name].read_only
    }


def _value(value: Any, kind: Kind) -> Any:
    if isinstance(value, list) and kind.item:
        return [_value(item, kind.item) for item in value]
    if isinstance(value, dict) and kind.name == "map" and kind.item:
        return {name: _value(item, kind.item) for name, item in value.items()}
    of = kind.shape_of(value) if isinstance(value, dict) else None
    return _object(value, of) if of else value
