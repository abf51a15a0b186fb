"""The plugin's own table and shapes against the installed pulumi_azure_native package, which is generated from the real plugin's schema."""

import importlib
import inspect
import re
import sys
import typing
from typing import Any

import pulumi
import pytest
from pulumi._types import input_type_py_to_pulumi_names

from offline.arm.shapes import Kind, Shape, properties
from offline.plugin.functions import GETTERS
from offline.plugin.tokens import TYPES, ResourceType, resource_type

_STANDALONE = "These are also available as standalone resources."
ALL = pytest.mark.parametrize("of", TYPES.values(), ids=lambda of: of.token)


def _module(of: ResourceType) -> Any:
    return importlib.import_module(f"pulumi_azure_native.{of.token.split(':')[1]}")


def _class(of: ResourceType) -> Any:
    return getattr(_module(of), of.token.split(":")[2])


def _arguments(of: ResourceType) -> Any:
    # `SubnetInitArgs` instead of `SubnetArgs` where the package has a nested type of that name too: the module exports the right one first.
    module = sys.modules[_class(of).__module__]
    return getattr(module, module.__all__[0])


def _nested(annotation: Any) -> list[type]:
    """The Args classes that an input's annotation leads to, through Optional, Input, lists and choices."""
    if isinstance(annotation, type) and annotation.__name__.endswith("Args"):
        return [annotation]
    return [found for each in typing.get_args(annotation) for found in _nested(each)]


def _inputs(arguments: type) -> dict[str, tuple[list[type], bool]]:
    """azure-native's name of each input -> (Args classes of the value, whether it is required)."""
    constructor, own = vars(arguments)["__init__"], vars(inspect.getmodule(arguments))
    hints = typing.get_type_hints(constructor, {**vars(pulumi.output), **own})
    signature = inspect.signature(constructor)
    return {
        # By name once more: Python keeps what a name in quotes stood for in the module that was asked first.
        name: (
            [own.get(each.__name__, each) for each in _nested(hints[attribute])],
            signature.parameters[attribute].default is inspect.Parameter.empty,
        )
        for attribute, name in input_type_py_to_pulumi_names(arguments).items()
    }


def _shape_of(kind: Kind, arguments: type) -> Shape | None:
    """The shape of an object of *kind* that *arguments* make: of several, the one whose name they are documented to take."""
    if kind.item and not kind.shape:
        return _shape_of(kind.item, arguments)
    if kind.shape is None or kind.shape.discriminator is None:
        return kind.shape
    expected = re.search(r"Expected value is '(\w+)'", inspect.getdoc(vars(arguments)["__init__"]) or "")
    variant = kind.shape.variants.get(expected[1]) if expected else None
    return variant() if variant else None


def _unlike(arguments: type, of: Shape, parameters: list[str], seen: set[type]) -> list[str]:
    """Inputs of azure-native that the shape has not, or has otherwise."""
    if arguments in seen:
        return []
    seen.add(arguments)
    known = {name: field for name, (_, field) in properties(of).items()}
    found = []
    for name, (below, required) in _inputs(arguments).items():
        if name in parameters:
            continue
        if name not in known:
            found.append(f"{arguments.__name__}.{name}: unknown")
            continue
        if known[name].required != required and name != "location":
            found.append(f"{arguments.__name__}.{name}: required in {'azure-native' if required else 'the shape'} only")
        for each in below:
            inner = _shape_of(known[name].kind, each)
            if inner:
                found += _unlike(each, inner, [], seen)
            else:
                found.append(f"{arguments.__name__}.{name}: {each.__name__} in azure-native only")
    return found


_OTHERWISE = {
    # The newer specification requires it, azure-native's older one documents it as required only.
    "SecurityRuleArgs.priority: required in the shape only",
    # Required in azure-native's older specification, no longer in the newer one.
    "ActiveDirectoryPropertiesArgs.domainGuid: required in azure-native only",
    "ActiveDirectoryPropertiesArgs.domainName: required in azure-native only",
    # azure-native fills in the default in its SDKs.
    "NetworkRuleSetArgs.defaultAction: required in the shape only",
    "SasPolicyArgs.expirationAction: required in the shape only",
}
"""Where the SDK that describes bodies is newer than the API version of azure-native."""


@ALL
def test_the_shape_has_every_input_of_azure_native(of: ResourceType) -> None:
    """Every input name of azure-native, at every depth, is in the flattened shape, and required there exactly when it is required in azure-native."""
    assert set(_unlike(_arguments(of), of.inputs, of.parameters, set())) - _OTHERWISE == set()


@ALL
def test_the_parameters_of_the_path_are_inputs(of: ResourceType) -> None:
    """azure-native takes the parameters of the path as inputs, and all of them but the name are required."""
    inputs = _inputs(_arguments(of))
    assert {name: inputs[name][1] for name in of.parameters} == {name: name != of.name for name in of.parameters}


@ALL
def test_the_api_version_is_azure_natives(of: ResourceType) -> None:
    """The API version is the one azure-native documents; the blob, which is not in ARM, has none."""
    found = re.search(r"Uses Azure REST API version (\S+?)\.(?:\s|$)", _class(of).__init__.__doc__ or inspect.getsource(_class(of)))
    assert (found[1] if found else "") == of.api_version


@ALL
def test_kept_lists_are_those_azure_native_warns_about(of: ResourceType) -> None:
    """The lists that an update keeps are exactly those whose items azure-native documents as resources of their own."""
    parameters = (inspect.getdoc(_arguments(of).__init__) or "").split(":param ")[1:]
    documented = [re.findall(r" (\w+): ", text)[0] for text in parameters if _STANDALONE in text]
    names = input_type_py_to_pulumi_names(_arguments(of))
    assert {path[-1] for path in of.kept} == {names[attribute] for attribute in documented}


def test_getters_are_functions_of_azure_native() -> None:
    """Every `get` function the plugin answers exists in azure-native, with the same required arguments."""
    for token, of in GETTERS.items():
        name = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", token.split(":")[2]).lower()
        source = inspect.getsource(getattr(_module(of), name))
        assert token in source
        assert set(of.parameters) <= set(re.findall(r"__args__\['(\w+)'\]", source)), token


def test_unknown_types_are_refused_by_name() -> None:
    """A type that is not in the table, and one with an explicit API version, are refused with their names."""
    for token in ("azure-native:sql:Server", "azure-native:compute/v20241101:VirtualMachineScaleSet"):
        with pytest.raises(LookupError, match=re.escape(f"Resource type {token} not found")):
            resource_type(token)
