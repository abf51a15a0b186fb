"""Shapes from the classes of Azure's Python SDK."""

from __future__ import annotations

from typing import Any

from offline.arm.shapes import attribute_maps, rest_fields
from offline.arm.shapes.description import Shape

_SHAPES: dict[type[Any], Shape] = {}


def shape(model: type[Any]) -> Shape:
    """The shape of a model class; raises TypeError for a class that is no model of the SDK."""
    if model not in _SHAPES:
        _SHAPES[model] = _describe(model)
    return _SHAPES[model]


def _describe(model: type[Any]) -> Shape:
    if hasattr(model, "_attribute_map"):
        return attribute_maps.describe(model, shape)
    if getattr(model, "_is_model", False):
        return rest_fields.describe(model, shape)
    raise TypeError(f"{model.__module__}.{model.__qualname__} is no model of Azure's Python SDK")
