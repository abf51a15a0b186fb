"""azure-native's form of a body: what the specification marks for flattening is lifted out of its container, at every depth."""

from __future__ import annotations

from typing import Any

from offline.arm.http import Json
from offline.arm.shapes.describe import shape
from offline.arm.shapes.description import Field, Kind, Shape


def properties(of: Shape) -> dict[str, tuple[tuple[str, ...], Field]]:
    """Flattened name -> (containers on the wire, field). Where two meet, the one that can be written wins (`properties.name` over a read-only `name`)."""
    found: dict[str, tuple[tuple[str, ...], Field]] = {}
    for field in of.fields.values():
        inner = field.kind.shape if field.name in of.flattened else None
        lifted = (
            {field.alias: ((), field)}
            if inner is None
            else {name: ((field.name, *path), f) for name, (path, f) in properties(inner).items()}
        )
        for name, (path, candidate) in lifted.items():
            if name not in found or (found[name][1].read_only and not candidate.read_only):
                found[name] = (path, candidate)
    return found


def nest(inputs: Json, model: type[Any]) -> Json:
    """Flattened inputs -> the body of a PUT. Names that the model does not have stay where they are, for `check` to refuse."""
    return _nest(inputs, shape(model))


def flatten(body: Json, model: type[Any]) -> Json:
    """A body -> flattened properties. Names that the model does not have are kept."""
    return _flatten(body, shape(model))


def _nest(inputs: Json, of: Shape) -> Json:
    known = properties(of)
    body: Json = {}
    for name, value in inputs.items():
        path, field = known.get(name, ((), None))
        target = body
        for container in path:
            target = target.setdefault(container, {})
        target[field.name if field else name] = _walk(value, field.kind, _nest) if field else value
    return body


def _flatten(body: Json, of: Shape) -> Json:
    found: Json = {}
    lifted: Json = {}
    for name, value in body.items():
        field = of.fields.get(name)
        if field is None:
            found[name] = value
        elif name in of.flattened and field.kind.shape and isinstance(value, dict):
            lifted |= _flatten(value, field.kind.shape)
        else:
            found[field.alias] = _walk(value, field.kind, _flatten)
    writable = {name for name, (path, _) in properties(of).items() if path}
    return found | {name: value for name, value in lifted.items() if name in writable or name not in found}


def _walk(value: Any, kind: Kind, convert: Any) -> Any:
    """Converts the objects in a value; free-form maps and scalars pass, whole floats become integers where an integer belongs."""
    of = kind.shape_of(value) if isinstance(value, dict) else None
    if of:
        return convert(value, of)
    if kind.is_string_set and isinstance(value, list):
        return {name: {} for name in value}
    if kind.item and isinstance(value, list):
        return [_walk(item, kind.item, convert) for item in value]
    if kind.name == "map" and kind.item and isinstance(value, dict):
        return {name: _walk(item, kind.item, convert) for name, item in value.items()}
    if isinstance(value, float) and value.is_integer() and kind.name in ("integer", "number", "any"):
        return int(value)
    return _whole(value) if kind.name == "any" else value


def _whole(value: Any) -> Any:
    """Whole floats in free-form values become integers: they come so through protocols that know one kind of number only."""
    if isinstance(value, dict):
        return {name: _whole(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_whole(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
