"""Shapes of the older SDK models: `_attribute_map` with dotted keys for what is flattened, `_validation` for required and read-only."""

from __future__ import annotations

import re
import sys
from typing import Any, get_type_hints

from offline.arm.shapes.description import Field, Kind, Shape
from offline.arm.shapes.kinds import Describe, alias_of, kind_of

_DOT = re.compile(r"(?<!\\)\.")


def describe(model: type[Any], shape: Describe) -> Shape:
    """The shape of one older model."""
    package = sys.modules[model.__module__.rpartition(".")[0]]
    hints = get_type_hints(model.__init__, {**vars(sys.modules[model.__module__]), "_models": package, "JSON": dict[str, Any]})
    own: dict[str, Field] = {}
    contained: dict[str, dict[str, Field]] = {}
    outer = {name for container, name in map(_split, (entry["key"] for entry in model._attribute_map.values())) if not container}
    for attribute, entry in model._attribute_map.items():
        container, name = _split(entry["key"])
        kind = kind_of(hints[attribute], shape) if attribute in hints else _kind_named(entry["type"], package, shape)
        rules = model._validation.get(attribute, {})
        # Of what is flattened, only a name that is taken outside (`properties.type` beside `type`) has another one for clients.
        taken = name in outer and not attribute.endswith(f"_{container}_{name}")
        alias = alias_of(attribute, name) if taken or not container else name
        field = Field(name, alias, kind, bool(rules.get("required")), bool(rules.get("readonly")))
        (contained.setdefault(container, {}) if container else own)[name] = field
    for container, fields in contained.items():
        own[container] = _container(model, container, fields)
    return Shape(model.__name__, own, frozenset(contained))


def _split(key: str) -> tuple[str, str]:
    """`properties.profiles` -> ("properties", "profiles"); a backslash keeps a dot in a name (`odata\\.type`)."""
    container, _, name = _DOT.sub("\0", key).replace("\\.", ".").rpartition("\0")
    return container, name


def _container(model: type[Any], name: str, fields: dict[str, Field]) -> Field:
    inner = Shape(f"{model.__name__}.{name}", fields)
    return Field(name, name, Kind("object", type_name=inner.name, load=lambda: inner), any(field.required for field in fields.values()))


def _kind_named(text: str, package: Any, shape: Describe) -> Kind:
    """The kind of an entry's own type text (`str`, `[X]`, `{str}`): for attributes the constructor does not take, the read-only ones."""
    if text.startswith("["):
        return Kind("list", item=_kind_named(text[1:-1], package, shape))
    if text.startswith("{"):
        return Kind("map", item=_kind_named(text[1:-1], package, shape))
    named: dict[str, Any] = {"str": str, "int": int, "float": float, "bool": bool, "object": object, "iso-8601": str, "duration": str}
    return kind_of(named.get(text, getattr(package, text, None)), shape)
