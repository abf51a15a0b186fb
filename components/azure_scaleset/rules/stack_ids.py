"""Ids that a preview doesn't know yet, but that can be only one: those of parts of resources that the same update makes.

`${balancer.id}/backendAddressPools/web` is unknown until the balancer exists. What the id comes from is known, though: where that resource has one part of the kind
that is asked for, the id is that part's, and an id with its names stands in for it. Where it has several, nothing is assumed.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from azure_scaleset.rules.facts import HEALTH_PROBE, INTERFACES, PROFILE
from azure_scaleset.rules.resource_kind import ResourceKind
from azure_scaleset.rules.stack_resource import Resource
from azure_scaleset.rules.value import UNKNOWN, get, items, known, maps, text

PLACE = "/subscriptions/-/resourceGroups/-/providers/"
"""With it begin the ids that stand in for those that aren't known."""
_NAMES = {ResourceKind.LOAD_BALANCER: "loadBalancerName", ResourceKind.VIRTUAL_NETWORK: "virtualNetworkName"}
_OWNERS = {
    "backendAddressPools": ResourceKind.LOAD_BALANCER,
    "inboundNatPools": ResourceKind.LOAD_BALANCER,
    "probes": ResourceKind.LOAD_BALANCER,
    "subnets": ResourceKind.VIRTUAL_NETWORK,
}
_OF_A_RULE = {"backendAddressPool": "backendAddressPools", "probe": "probes"}
_MADE_APART = frozenset({"LoadBalancerBackendAddressPool", "Subnet"})
"""Types of parts that are resources of their own: the owner's inputs don't list them."""
_TYPE = re.compile(r":(\w+)::[^:]*\Z")
_RULES = ("loadBalancingRules", "outboundRules", "inboundNatRules")


def with_ids(stack: Sequence[Resource]) -> list[Resource]:
    """*stack* with ids in place of those `UNKNOWN` ones that can be only one."""
    named = [replace(each, inputs=_filled(each.inputs, _of_balancer(each.inputs))) for each in map(_named, stack)]
    return [
        replace(each, inputs=_filled(each.inputs, _of_scale_set(each, named))) if each.kind is ResourceKind.SCALE_SET else each
        for each in named
    ]


def _named(resource: Resource) -> Resource:
    """*resource* with the name of its program, where Azure's isn't known: ids in this list name it so."""
    key = _NAMES.get(resource.kind)
    if key is None or not isinstance(resource.inputs, Mapping) or text(resource.inputs.get(key)) is not None:
        return resource
    return replace(resource, inputs={**resource.inputs, key: resource.name})


def _of_balancer(balancer: Any) -> Iterator[tuple[str, str]]:
    """Path and id of what a balancer's rules name of the balancer itself; they can't name another's."""
    name = text(get(balancer, "loadBalancerName"))
    for key in _RULES if name is not None else ():
        for path, rule in maps(balancer, key):
            for reference, parts in _OF_A_RULE.items():
                found = _parts(balancer, parts)
                if _unknown_id(rule.get(reference)) and found is not None and len(found) == 1:
                    yield f"{path}.{reference}.id", _id(ResourceKind.LOAD_BALANCER, str(name), parts, found[0])


def _of_scale_set(scale_set: Resource, stack: Sequence[Resource]) -> Iterator[tuple[str, str]]:
    """Path and id of what a scale set names of the balancers and networks in *stack*."""
    for path, parts in _references(scale_set.inputs):
        used = scale_set.uses.get(f"{path}.id", scale_set.uses.get(PROFILE, frozenset()))
        if not _unknown_id(_at(scale_set.inputs, path)) or any(match[1] in _MADE_APART for urn in used if (match := _TYPE.search(urn))):
            continue
        owners = [each for each in stack if each.kind is _OWNERS[parts] and each.urn and each.urn in used]
        found = [_parts(each.inputs, parts) for each in owners]
        names = [(owner, name) for owner, listed in zip(owners, found, strict=True) for name in listed or ()]
        if None not in found and len(names) == 1:
            owner, name = names[0]
            yield f"{path}.id", _id(owner.kind, str(get(owner.inputs, _NAMES[owner.kind])), parts, name)


def _references(scale_set: Any) -> Iterator[tuple[str, str]]:
    """Where a scale set's inputs name a part of another resource, and of which kind the part is."""
    yield HEALTH_PROBE.removesuffix(".id"), "probes"
    for interface, _ in maps(scale_set, INTERFACES):
        for address, _ in items(_at(scale_set, interface), "ipConfigurations"):
            path = f"{interface}.{address}"
            yield f"{path}.subnet", "subnets"
            for key, parts in (
                ("loadBalancerBackendAddressPools", "backendAddressPools"),
                ("loadBalancerInboundNatPools", "inboundNatPools"),
            ):
                yield from ((f"{path}.{pool}", parts) for pool, _ in items(_at(scale_set, path), key))


def _unknown_id(reference: Any) -> bool:
    return isinstance(reference, Mapping) and reference.get("id") is UNKNOWN


def _parts(owner: Any, key: str) -> list[str] | None:
    """The names of the parts of *owner*; None where they aren't all known."""
    names = [text(get(part, "name")) for _, part in items(owner, key)]
    return [name for name in names if name is not None] if known(owner, key) and None not in names else None


def _id(kind: ResourceKind, owner: str, parts: str, name: str) -> str:
    return f"{PLACE}{kind.arm_type}/{owner}/{parts}/{name}"


def _at(inputs: Any, path: str) -> Any:
    """As `value.get`, of a *path* with indices, as `items` gives them."""
    value = inputs
    for key in _keys(path):
        if isinstance(key, int):
            value = value[key] if isinstance(value, list | tuple) and key < len(value) else UNKNOWN if value is UNKNOWN else None
        else:
            value = get(value, key)
    return value


def _keys(path: str) -> list[str | int]:
    keys: list[str | int] = []
    for part in path.split("."):
        name, *indices = part.replace("]", "").split("[")
        keys += [name, *map(int, indices)]
    return keys


def _filled(inputs: Any, ids: Iterable[tuple[str, str]]) -> Any:
    """*inputs* with *ids* at their paths; what is on the way is copied."""
    filled = inputs
    for path, id in ids:
        filled = _with(filled, _keys(path), id)
    return filled


def _with(owner: Any, keys: Sequence[str | int], value: str) -> Any:
    if not keys:
        return value
    key, rest = keys[0], keys[1:]
    if isinstance(key, int):
        return [_with(item, rest, value) if index == key else item for index, item in enumerate(owner)]
    return {**owner, key: _with(owner[key], rest, value)}
