"""Refuses bodies that Azure would not take, with Azure's codes and messages."""

from __future__ import annotations

from typing import Any

from offline.arm.errors import ArmError
from offline.arm.http import Json
from offline.arm.shapes.describe import shape
from offline.arm.shapes.description import Field, Kind, Shape

_PYTHON: dict[str, tuple[type, ...]] = {"string": (str,), "boolean": (bool,), "object": (dict,), "map": (dict,), "list": (list,)}


def check(body: Json, model: type[Any]) -> None:
    """Raises ArmError for a PUT body that doesn't fit the model: all problems in `details`, the first in the error itself.

    Read-only properties are accepted, as ARM does, because clients send back what they read.
    """
    problems = _object(body, shape(model), "")
    if problems:
        first = problems[0]
        raise ArmError(400, first["code"], first["message"], first["target"], problems)


def _object(body: Json, of: Shape, path: str) -> list[Json]:
    # Names are compared without regard to case: so does ARM's JSON reader.
    known = {name.lower(): field for name, field in of.fields.items()}
    given = {name.lower() for name, value in body.items() if value is not None}
    problems: list[Json] = []
    for name, value in body.items():
        here = f"{path}.{name}" if path else name
        field = known.get(name.lower())
        if field is None:
            text = f"Could not find member '{name}' on object of type '{of.name}'. Path '{here}', line 1, position 1."
            problems.append(
                _problem("InvalidRequestContent", f"The request content was invalid and could not be deserialized: '{text}'.", here)
            )
        elif value is not None and not field.read_only:
            problems += _value(value, field.kind, here)
    return problems + [_missing(field, path) for field in of.fields.values() if field.required and field.name.lower() not in given]


def _value(value: Any, kind: Kind, path: str) -> list[Json]:
    if not _fits(value, kind):
        return [
            _problem(
                "InvalidParameter", f"The value of parameter {path} is invalid: expected {_expected(kind)}, got {_given(value)}.", path
            )
        ]
    if kind.shape:
        of = kind.shape_of(value)
        return [_no_variant(value, kind.shape, path)] if of is None else _object(value, of, path)
    if isinstance(value, list) and kind.item:
        return [problem for index, item in enumerate(value) for problem in _value(item, kind.item, f"{path}[{index}]")]
    if isinstance(value, dict) and kind.name == "map" and kind.item:
        return [problem for name, item in value.items() for problem in _value(item, kind.item, f"{path}.{name}")]
    if kind.values and value.lower() not in {allowed.lower() for allowed in kind.values}:
        return [
            _problem(
                "InvalidParameter",
                f"The value '{value}' of parameter {path} is not one of the allowed values: {', '.join(kind.values)}.",
                path,
            )
        ]
    return []


def _no_variant(value: Json, of: Shape, path: str) -> Json:
    here = f"{path}.{of.discriminator}"
    given = value.get(str(of.discriminator))
    if given is None:
        return _problem("InvalidParameter", f"Required parameter '{here}' is missing (null).", here)
    return _problem(
        "InvalidParameter", f"The value '{given}' of parameter {here} is not one of the allowed values: {', '.join(of.variants)}.", here
    )


def _fits(value: Any, kind: Kind) -> bool:
    if kind.name == "any":
        return True
    if kind.name in ("integer", "number"):
        whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
        return not isinstance(value, bool) and (whole or (kind.name == "number" and isinstance(value, float)))
    return isinstance(value, _PYTHON[kind.name])


def _missing(field: Field, path: str) -> Json:
    here = f"{path}.{field.name}" if path else field.name
    return _problem("InvalidParameter", f"Required parameter '{here}' is missing (null).", here)


def _problem(code: str, message: str, target: str) -> Json:
    return {"code": code, "message": message, "target": target}


def _expected(kind: Kind) -> str:
    return {"object": f"an object ({kind.type_name})", "map": "an object", "list": "an array", "integer": "an integer"}.get(
        kind.name, f"a {kind.name}"
    )


def _given(value: Any) -> str:
    if isinstance(value, dict):
        return "an object"
    return "an array" if isinstance(value, list) else repr(value)
