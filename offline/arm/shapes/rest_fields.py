"""Shapes of the newer SDK models: `rest_field` descriptors, annotations, visibility, and a list of what is flattened out of `properties`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from typing import Any, get_args, get_type_hints

from offline.arm.shapes.description import Field, Shape
from offline.arm.shapes.kinds import Describe, alias_of, kind_of


def describe(model: type[Any], shape: Describe) -> Shape:
    """The shape of one newer model."""
    fields: dict[str, Field] = {}
    discriminator: str | None = None
    for attribute, (rest_field, annotation) in _rest_fields(model).items():
        name = rest_field._rest_name_input or attribute
        discriminator = name if rest_field._is_discriminator else discriminator
        visibility = set(rest_field._visibility or ["read", "create", "update"])
        read_only = visibility <= {"read", "query"}
        fields[name] = Field(
            name=name,
            alias=alias_of(attribute, name),
            kind=kind_of(annotation, shape),
            required=type(None) not in get_args(annotation) and not read_only,
            read_only=read_only,
            create_only="create" in visibility and "update" not in visibility,
        )
    # A class that has other shapes of its own keeps the table of them; the others have the table of the class they extend.
    variants: dict[str, Callable[[], Shape]] = {
        value: partial(shape, each) for value, each in (vars(model).get("__mapping__") or {}).items()
    }
    return Shape(model.__name__, fields, _flattened(model), discriminator if variants else None, variants)


def _rest_fields(model: type[Any]) -> dict[str, tuple[Any, Any]]:
    """Attribute -> (descriptor, annotation), of the model and the models it extends."""
    found: dict[str, tuple[Any, Any]] = {}
    for base in reversed(model.__mro__):
        own = {name: value for name, value in vars(base).items() if not name.startswith("_") and hasattr(value, "_rest_name_input")}
        if own:
            hints = get_type_hints(base, {**vars(sys.modules[base.__module__]), **_names(base)})
            found |= {name: (value, hints[name]) for name, value in own.items()}
    return found


def _names(base: type[Any]) -> dict[str, Any]:
    """What annotations refer to: the SDK imports it for type checkers only."""
    package = sys.modules[base.__module__.rpartition(".")[0]]
    return {"_models": package, "_types": package, "JSON": dict[str, Any]}


def _flattened(model: type[Any]) -> frozenset[str]:
    """Containers whose fields clients see one level up: those whose model has all the attributes that the class passes on."""
    passed_on = {attribute for base in model.__mro__ for attribute in getattr(base, f"_{base.__name__.lstrip('_')}__flattened_items", ())}
    found = set()
    for attribute, (rest_field, annotation) in _rest_fields(model).items():
        inner = next((each for each in (annotation, *get_args(annotation)) if hasattr(each, "_is_model")), None)
        if passed_on and inner is not None and passed_on <= set(_rest_fields(inner)):
            found.add(rest_field._rest_name_input or attribute)
    return frozenset(found)
