"""A scale set as Azure shows it, in the shape of azure-native's inputs: what an import of it takes for its inputs."""

import functools
import inspect
import sys
import typing
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from pulumi_azure_native import compute

from azure_scaleset.rules.arm_model import FREE
from azure_scaleset.rules.arm_model import inputs_of as lifted
from azure_scaleset.rules.resource_kind import ResourceKind
from azure_scaleset.shape import camel


def inputs_of(body: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs of a scale set from Resource Manager's answer: without what only Azure writes, and without objects of which nothing is left then."""
    return _kept(lifted(body, ResourceKind.SCALE_SET), compute.VirtualMachineScaleSetArgs)


def _kept(value: Mapping[str, Any], owner: type) -> dict[str, Any]:
    types = _types(owner)
    found = {key: item if key in FREE else _value(item, types[key.lower()]) for key, item in value.items() if key.lower() in types}
    if "userAssignedIdentities" in found:
        # A map in Azure: the list of its keys has no order of its own.
        found["userAssignedIdentities"] = sorted(found["userAssignedIdentities"])
    return {key: item for key, item in found.items() if item is not None and (item != {} or value[key] == {})}


def _value(value: Any, kind: Any) -> Any:
    if isinstance(value, Mapping):
        return _kept(value, kind) if _is_object(kind) else value
    return [_value(item, kind) for item in value] if isinstance(value, list) else value


@functools.cache
def _types(owner: type) -> dict[str, Any]:
    """Property in small letters -> the class of its objects, or of its list's items; anything else where it has none."""
    names = vars(sys.modules[owner.__module__])
    # `pulumi.Input` holds a forward reference to `Output[T]` that only pulumi's own module could resolve.
    constructor = vars(owner)["__init__"]
    hints = typing.get_type_hints(constructor, names, {"Output": pulumi.Output, "T": Any})
    return {camel(name).lower(): _class(hints[name]) for name in inspect.signature(constructor).parameters if name in hints}


def _class(hint: Any) -> Any:
    """The class of objects within an annotation of an input, through lists and alternatives."""
    if _is_object(hint):
        return hint
    if typing.get_origin(hint) not in (typing.Union, list, Sequence):
        return None
    return next((found for found in map(_class, typing.get_args(hint)) if found is not None), None)


def _is_object(kind: Any) -> bool:
    return isinstance(kind, type) and kind.__module__ == compute.SkuArgs.__module__
