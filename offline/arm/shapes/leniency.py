"""Values in another spelling than Azure's own: its JSON reader takes `"80"` where a number belongs, `"true"` where a boolean does, and `"fromImage"` where the value of an
enum is `FromImage`; what it shows afterwards has its own spelling."""

from __future__ import annotations

import re
from typing import Any

from offline.arm.http import Json
from offline.arm.shapes.describe import shape
from offline.arm.shapes.description import Kind, Shape

_INTEGER = re.compile(r"^-?\d+$")


def as_typed(body: Json, model: type[Any]) -> Json:
    """The body with such values as its model spells them."""
    return _object(body, shape(model))


def _object(body: Json, of: Shape) -> Json:
    known = {name.lower(): field for name, field in of.fields.items()}
    return {name: _value(value, known[name.lower()].kind) if name.lower() in known else value for name, value in body.items()}


def _value(value: Any, kind: Kind) -> Any:
    if isinstance(value, str):
        if kind.name == "integer" and _INTEGER.match(value):
            return int(value)
        if kind.name == "boolean" and value.lower() in ("true", "false"):
            return value.lower() == "true"
        return next((known for known in kind.values if known.lower() == value.lower()), value)
    of = kind.shape_of(value) if isinstance(value, dict) else None
    if of:
        return _object(value, of)
    if isinstance(value, list) and kind.item:
        return [_value(item, kind.item) for item in value]
    if isinstance(value, dict) and kind.name == "map" and kind.item:
        return {name: _value(item, kind.item) for name, item in value.items()}
    return value
