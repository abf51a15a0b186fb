"""The checks azure-native makes before it calls Azure: what is required is there, and values are of the right type. Unknowns are skipped."""

from __future__ import annotations

from typing import Any

from offline.arm.http import Json
from offline.arm.shapes import Kind, Shape, properties
from offline.plugin.tokens import ResourceType
from offline.plugin.values import UNKNOWN, Asset

_TYPES = {"integer": "integer", "number": "number", "boolean": "boolean", "string": "string", "list": "array"}


def problems(of: ResourceType, inputs: Json) -> list[str]:
    """Everything that is wrong with the inputs of a resource, each with the property path."""
    missing = [f"missing required property '{name}'" for name in of.parameters if name not in inputs]
    wrong = [problem for name in of.parameters if name in inputs for problem in _value(name, Kind("string"), inputs[name])]
    return missing + wrong + _object("", of.inputs, inputs)


def _object(path: str, of: Shape, values: Json) -> list[str]:
    found: list[str] = []
    for name, (_, field) in properties(of).items():
        here = f"{path}.{name}" if path else name
        if name in values:
            found += _value(here, field.kind, values[name])
        elif field.required and not field.read_only:
            found.append(f"missing required property '{here}'" + (_LOCATION if here == "location" else ""))
    return found


_LOCATION = ". Either set it explicitly or configure it with 'pulumi config set azure-native:location <value>'."


def _value(path: str, kind: Kind, value: Any) -> list[str]:
    if value is UNKNOWN or kind.name == "any" or isinstance(value, Asset):
        return []
    if isinstance(value, dict):
        return _map(path, kind, value)
    if isinstance(value, list):
        if kind.is_string_set:
            return [problem for index, item in enumerate(value) for problem in _value(f"{path}[{index}]", Kind("string"), item)]
        if kind.name != "list" or kind.item is None:
            return [f"'{path}' should be of type '{_name(kind)}' but got an array"]
        return [problem for index, item in enumerate(value) for problem in _value(f"{path}[{index}]", kind.item, item)]
    if isinstance(value, bool):
        return [] if kind.name == "boolean" else [f"'{path}' should be of type '{_name(kind)}' but got a boolean"]
    if isinstance(value, str):
        return [] if kind.name == "string" else [f"'{path}' should be of type '{_name(kind)}' but got a string"]
    if kind.name not in ("integer", "number"):
        return [f"'{path}' should be of type '{_name(kind)}' but got a number"]
    return [f"'{path}' must be an integer but got {value:f}"] if kind.name == "integer" and isinstance(value, float) else []


def _map(path: str, kind: Kind, value: Json) -> list[str]:
    of = kind.shape_of(value)
    if of:
        return _object(path, of, value)
    if kind.shape:
        return [
            f"'{path}.{kind.shape.discriminator}' should be one of {', '.join(kind.shape.variants)} but got '{value.get(str(kind.shape.discriminator))}'"
        ]
    if kind.name != "map" or kind.is_string_set:
        return [f"'{path}' should be of type '{_name(kind)}' but got an object"]
    return [problem for name, item in value.items() if kind.item for problem in _value(f"{path}.{name}", kind.item, item)]


def _name(kind: Kind) -> str:
    return "array" if kind.is_string_set else _TYPES.get(kind.name, "object")
