"""Template functions that need their arguments only. Those that ask for the deployment or for Azure are in `scope`."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from typing import Any

from offline.arm.deployments.expressions import invalid


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, separators=(",", ":"))


def _concat(*parts: Any) -> Any:
    if parts and all(isinstance(part, list) for part in parts):
        return [item for part in parts for item in part]
    if any(isinstance(part, list | dict) for part in parts):
        raise invalid("The template language function 'concat' expects only strings, or only arrays")
    return "".join(_text(part) for part in parts)


def _format(pattern: str, *values: Any) -> str:
    return re.sub(r"\{(\d+)\}", lambda match: _text(values[int(match[1])]), pattern)


def _union(first: Any, *others: Any) -> Any:
    if isinstance(first, dict):
        return {name: value for each in (first, *others) for name, value in each.items()}
    found: list[Any] = []
    for item in (item for each in (first, *others) for item in each):
        if item not in found:
            found.append(item)
    return found


def _contains(container: Any, item: Any) -> bool:
    if isinstance(container, dict):
        return str(item).lower() in [name.lower() for name in container]
    return item in container if isinstance(container, list) else _text(item) in container


def _equals(one: Any, other: Any) -> bool:
    if isinstance(one, bool) != isinstance(other, bool):
        return False
    return bool(one == other)


def _split(text: str, delimiters: str | list[str]) -> list[str]:
    signs = [delimiters] if isinstance(delimiters, str) else delimiters
    return re.split("|".join(re.escape(sign) for sign in signs), text)


PURE: dict[str, Callable[..., Any]] = {
    "add": lambda one, other: one + other,
    "and": lambda *values: all(values),
    "array": lambda value: value if isinstance(value, list) else [value],
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64tostring": lambda text: base64.b64decode(text).decode(),
    "bool": lambda value: value in (True, 1) or str(value).lower() == "true",
    "coalesce": lambda *values: next((value for value in values if value is not None), None),
    "concat": _concat,
    "contains": _contains,
    "createarray": lambda *values: list(values),
    "createobject": lambda *pairs: dict(zip(pairs[::2], pairs[1::2], strict=True)),
    "empty": lambda value: value is None or len(value) == 0,
    "endswith": lambda text, end: text.lower().endswith(end.lower()),
    "equals": _equals,
    "false": lambda: False,
    "first": lambda value: value[0] if value else None,
    "format": _format,
    "greater": lambda one, other: one > other,
    "int": int,
    "join": lambda values, sign: sign.join(_text(value) for value in values),
    "json": json.loads,
    "last": lambda value: value[-1] if value else None,
    "length": len,
    "less": lambda one, other: one < other,
    "max": max,
    "min": min,
    "mul": lambda one, other: one * other,
    "not": lambda value: not value,
    "null": lambda: None,
    "or": lambda *values: any(values),
    "range": lambda start, count: list(range(start, start + count)),
    "replace": lambda text, old, new: text.replace(old, new),
    "split": _split,
    "startswith": lambda text, start: text.lower().startswith(start.lower()),
    "string": _text,
    "sub": lambda one, other: one - other,
    "substring": lambda text, start, length=None: text[start:] if length is None else text[start : start + length],
    "tolower": lambda text: text.lower(),
    "toupper": lambda text: text.upper(),
    "trim": lambda text: text.strip(),
    "true": lambda: True,
    "union": _union,
}
"""Function name in lower case -> what it gives."""


def carried_out(name: str, arguments: list[Any]) -> Any:
    """What a pure function gives; refuses arguments that it can't take, and a result that there is not."""
    try:
        return PURE[name.lower()](*arguments)
    except (TypeError, ValueError, LookupError, AttributeError) as error:
        raise invalid(f"The template language function '{name}' was called with arguments that it does not take: {error}") from error
