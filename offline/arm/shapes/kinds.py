"""Kinds from type annotations, and names from attribute names: what both generations of SDK models have in common."""

from __future__ import annotations

import enum
import re
import types
import typing
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any, Union, get_args, get_origin

from offline.arm.shapes.description import Kind, Shape

Describe = Callable[[type[Any]], Shape]
_STRINGS = (str, bytes, datetime, date, time, timedelta)
_SCALARS = {int: Kind("integer"), float: Kind("number"), bool: Kind("boolean")}


def kind_of(annotation: Any, describe: Describe) -> Kind:
    """The kind that an annotation stands for; `Any` and what has no description is "any"."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        return _union([argument for argument in arguments if argument is not type(None)], describe)
    if origin is typing.Literal:
        values = tuple(str(getattr(argument, "value", argument)) for argument in arguments)
        return Kind("string", values=values)
    if origin is list:
        return Kind("list", item=kind_of(arguments[0], describe))
    if origin is dict:
        return Kind("map", item=kind_of(arguments[1], describe))
    if not isinstance(annotation, type):
        return Kind("any")
    if issubclass(annotation, enum.Enum):
        return Kind("string", values=tuple(member.value for member in annotation), type_name=annotation.__name__)
    if annotation in _SCALARS:
        return _SCALARS[annotation]
    if issubclass(annotation, _STRINGS):
        return Kind("string")
    if hasattr(annotation, "_is_model") or hasattr(annotation, "_attribute_map"):
        return Kind("object", type_name=annotation.__name__, load=partial(describe, annotation))
    return Kind("any")


def _union(arguments: list[Any], describe: Describe) -> Kind:
    """`Optional[X]` is X; `Union[str, SomeEnum]` is the enum: the plain `str` only lets clients send values that are newer than they are."""
    kinds = [kind_of(argument, describe) for argument in arguments]
    enums = [kind for kind in kinds if kind.values]
    if enums:
        return enums[0]
    return kinds[0] if len(kinds) == 1 else Kind("any")


def alias_of(attribute: str, wire: str) -> str:
    """The name azure-native uses: the wire name, unless the SDK attribute shows that the specification gives clients another one.

    `network_rule_set` for `networkAcls` is such a name, and so is one that only mends the spelling (`DimensionName`, `keyvaultproperties`);
    `values_property` only avoids a word of Python's own.
    """
    plain = attribute.removesuffix("_property")
    same = re.sub(r"[^a-z0-9]", "", wire.lower()) == plain.replace("_", "")
    if wire == "properties" or (same and wire[0].islower() and not (wire.islower() and "_" in plain)):
        return wire
    head, *rest = plain.split("_")
    name = head + "".join(part.capitalize() for part in rest)
    return _ALIASES.get(name, name)


_ALIASES = {"ipAddressOrRange": "iPAddressOrRange"}
"""Client names that begin with an abbreviation: only the first letter of `IPAddressOrRange` was made small."""
