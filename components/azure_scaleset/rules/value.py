"""Reading inputs that may be of any shape: unknown at preview, of a wrong type, or absent. Nothing here raises."""

import enum
import functools
from collections.abc import Iterator, Mapping
from typing import Any, Final


class Unknown(enum.Enum):
    """The type of `UNKNOWN`."""

    UNKNOWN = "unknown"

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown.UNKNOWN
"""Stands in inputs for a value, or a whole part of them, that the preview doesn't know yet. It is neither absent nor of a wrong type: a rule says nothing about it."""

_NOTHING: Final[Mapping[str, Any]] = {}


@functools.cache
def _keys(path: str) -> tuple[str, ...]:
    return tuple(path.split("."))


def get(inputs: Any, path: str) -> Any:
    """The value at *path* (`virtualMachineProfile.osProfile`) in *inputs*.

    None where it, or a parent, is absent, null or of a wrong type; UNKNOWN where it, or a parent, is unknown.
    """
    value = inputs
    for key in _keys(path):
        if isinstance(value, Mapping):
            value = value.get(key)
        else:
            return UNKNOWN if value is UNKNOWN else None
    return value


def items(inputs: Any, path: str) -> Iterator[tuple[str, Any]]:
    """The elements of the list at *path*, each with its own path (`zones[1]`); none where there is no list. An element may be UNKNOWN or of any type."""
    value = get(inputs, path)
    if isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield f"{path}[{index}]", item


def maps(inputs: Any, path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Those of `items` that are maps."""
    for place, item in items(inputs, path):
        if isinstance(item, Mapping):
            yield place, item


def known(inputs: Any, path: str) -> bool:
    """Whether it is known what is at *path*: a value or nothing. A list is known if it itself and each of its elements is."""
    value = get(inputs, path)
    return value is not UNKNOWN and not (isinstance(value, list | tuple) and any(item is UNKNOWN for item in value))


def absent(inputs: Any, path: str) -> bool:
    """Whether there certainly is nothing at *path*."""
    return get(inputs, path) is None


def text(value: Any) -> str | None:
    """*value* if it is a text."""
    return value if isinstance(value, str) else None


def integer(value: Any) -> int | None:
    """*value* if it is a whole number; Pulumi hands numbers over as floats. None for booleans, fractions, infinities and texts."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, float) and value.is_integer() else None


def number(value: Any) -> float | None:
    """*value* if it is a finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if value == value and value not in (float("inf"), float("-inf")) else None


def boolean(value: Any) -> bool | None:
    """*value* if it is a boolean."""
    return value if isinstance(value, bool) else None


def mapping(value: Any) -> Mapping[str, Any]:
    """*value* if it is a map, otherwise an empty one."""
    return value if isinstance(value, Mapping) else _NOTHING


def same(value: Any, expected: str) -> bool:
    """Whether *value* is the text *expected*, letter case aside: Azure compares its names of choices so."""
    return isinstance(value, str) and value.casefold() == expected.casefold()


def one_of(value: Any, expected: tuple[str, ...]) -> bool:
    """Whether *value* is one of the texts *expected*, letter case aside."""
    return any(same(value, each) for each in expected)
