"""What the program makes around a scale set. The checks of several resources need both sides, and in a preview an id is unknown: but not which resource it comes from."""

from collections.abc import Iterator, Mapping
from typing import Any

import pulumi
from pulumi.resource import DependencyResource

from azure_scaleset.hook_inputs import plain
from azure_scaleset.part_ids import balancer_name
from azure_scaleset.rules.arm_model import inputs_of
from azure_scaleset.rules.resource_kind import ResourceKind
from azure_scaleset.rules.stack_ids import PLACE
from azure_scaleset.rules.stack_resource import Resource
from azure_scaleset.rules.value import UNKNOWN
from azure_scaleset.shape import camel

_Made = tuple[pulumi.Resource, Mapping[str, Any] | None]
"""A resource, with the inputs that it is given where somebody keeps them."""

_BALANCER = "azure-native:network:LoadBalancer"

_made: dict[str, dict[str, _Made]] = {}
"""End of a URN -> the resources that it stands for, by the ends of theirs: the one that has it, or those of the component."""


_written: dict[str, Any] = {}
"""End of the URN of what this update makes or changes -> the inputs that it had; None of what is made."""


def remember(component: pulumi.Resource, resource: pulumi.Resource, inputs: Mapping[str, Any]) -> None:
    """Keeps a *resource* of *component*, with the *inputs* it is given (snake_case), for the scale sets that are given outputs of it.

    In one program an output leads to its resource by itself, but not to all inputs; through the plugin it arrives with the URN of the resource or of the
    component, and nothing else.
    """
    for owner in (component, resource):
        _made.setdefault(end_of(owner), {})[end_of(resource)] = (resource, inputs)


def note_written(hook: pulumi.ResourceHookArgs) -> None:
    """Keeps that the resource of *hook* is made or changed by this update."""
    _written[f"{hook.type}::{hook.name}"] = hook.old_inputs


def is_written(end: str) -> bool:
    """Whether this update makes or changes the resource whose URN has this *end*."""
    return end in _written


async def inputs_before(around: Resource) -> Any:
    """The inputs that *around*, which `surroundings` gave, had before this update; None where it is made or doesn't change."""
    return await plain(_written.get(around.urn))


async def surroundings(inputs: Any) -> tuple[list[Resource], dict[str, frozenset[str]]]:
    """The balancers and networks that outputs in *inputs* come from, and the `uses` (path -> URNs) of a resource that is given *inputs*, in camelCase.

    Of a resource that this update makes or changes they are the new inputs, as far as the preview knows them.
    """
    found: dict[str, Resource] = {}
    uses: dict[str, frozenset[str]] = {}
    for path, output in _outputs(inputs, ""):
        sources = [source for used in await output.resources() for source in await _sources(used)]
        # An id that is put together doesn't depend on its balancer, whose name in Azure is its name in Pulumi, too.
        balancer = balancer_name(output)
        if balancer is not None:
            sources += _made.get(f"{_BALANCER}::{balancer}", {}).values()
        for resource, given in sources:
            if end_of(resource) not in found:
                found[end_of(resource)] = await _described(resource, given)
        if sources:
            uses[path] = frozenset(end_of(resource) for resource, _ in sources)
    return list(found.values()), uses


def completed(sent: Any, given: Any) -> Any:
    """*sent*, plain inputs of a hook, with the ids that stand in for unknown ones in *given*, the plain inputs of the program."""
    if sent is UNKNOWN:
        return given if isinstance(given, str) and given.startswith(PLACE) else sent
    if isinstance(sent, Mapping) and isinstance(given, Mapping):
        return {key: completed(item, given.get(key)) for key, item in sent.items()}
    if isinstance(sent, list) and isinstance(given, list) and len(sent) == len(given):
        return [completed(*pair) for pair in zip(sent, given, strict=True)]
    return sent


def end_of(resource: pulumi.Resource) -> str:
    """The end of the URN of *resource*, which is known before the rest."""
    return f"{resource.pulumi_resource_type}::{resource.pulumi_resource_name}"


async def _sources(used: pulumi.Resource) -> list[_Made]:
    """The resources behind *used*; none where it is none of those that the checks know."""
    if isinstance(used, DependencyResource):
        kind, name = str(await used.urn.future()).split("::")[-2:]
        return list(_made.get(f"{kind.rpartition('$')[2]}::{name}", {}).values())
    known = ResourceKind.of_token(used.pulumi_resource_type) is not None
    return list(_made.get(end_of(used), {"": (used, None)}).values()) if known else []


async def _described(resource: pulumi.Resource, given: Mapping[str, Any] | None) -> Resource:
    """*resource* as the checks read it: by what it is *given*, else as it is kept."""
    kind = _kind(resource)
    inputs = await as_kept(resource) if given is None else inputs_of(camel_keys(await plain(given)), kind)
    return Resource(kind, resource.pulumi_resource_name, inputs, end_of(resource))


async def as_kept(resource: pulumi.Resource) -> Any:
    """The inputs of *resource* by its outputs: of one that doesn't change those in the state. A preview doesn't tell what isn't set from what isn't known."""
    body = {name: camel_keys(await plain(getattr(resource, key))) for key, name in _properties(resource)}
    return inputs_of(body, _kind(resource))


def _kind(resource: pulumi.Resource) -> ResourceKind:
    kind = ResourceKind.of_token(resource.pulumi_resource_type)
    assert kind is not None  # `_sources` and `remember` give no other, and scale sets are one
    return kind


def _outputs(value: Any, path: str) -> Iterator[tuple[str, pulumi.Output[Any]]]:
    """The outputs in *value*, each with its path."""
    if isinstance(value, pulumi.Output):
        yield path, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _outputs(item, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _outputs(item, f"{path}[{index}]")


def camel_keys(value: Any) -> Any:
    """*value* with the names that other languages use; the capitals of IP and the like are the rules' own business."""
    if isinstance(value, Mapping):
        return {camel(key): camel_keys(item) for key, item in value.items()}
    return [camel_keys(item) for item in value] if isinstance(value, list) else value


def _properties(resource: pulumi.Resource) -> Iterator[tuple[str, str]]:
    """The outputs of *resource*: in Python, and in other languages."""
    return ((key, camel(key)) for key, each in vars(type(resource)).items() if isinstance(each, property))
