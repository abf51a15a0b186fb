"""The resources of a stack or a file, and which of them belong to a scale set."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from azure_scaleset.rules.facts import HEALTH_PROBE, INTERFACES, PROFILE
from azure_scaleset.rules.network import addresses, addresses_known
from azure_scaleset.rules.resource_kind import ResourceKind
from azure_scaleset.rules.value import UNKNOWN, get, items, maps, same, text

_BALANCER = re.compile(r"/loadBalancers/([^/]+)/", re.IGNORECASE)
_SUBNET = re.compile(r"/virtualNetworks/([^/]+)/subnets/([^/]+)/?\Z", re.IGNORECASE)
_SCALE_SET = re.compile(r"/virtualMachineScaleSets/([^/]+)/?\Z", re.IGNORECASE)
_POOLS = ("loadBalancerBackendAddressPools", "loadBalancerInboundNatPools")


@dataclass(frozen=True)
class Resource:
    """One resource."""

    kind: ResourceKind
    """What it is."""
    name: str
    """What its program or file calls it."""
    inputs: Any
    """azure-native's inputs as a plain map, with `UNKNOWN` in them, or in place of it."""
    urn: str = ""
    """What other resources of the stack refer to it by; empty where nothing does."""
    uses: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Input -> URNs of the resources that its value comes from. It tells what belongs together before there are ids."""


@dataclass(frozen=True)
class Part:
    """A resource, or a part of one, that belongs to a scale set."""

    resource: Resource
    """The resource."""
    path: str
    """Where in it the part is, `subnets[1]`; empty for the whole."""
    inputs: Any
    """Inputs of the part."""


def load_balancers_of(scale_set: Resource, stack: Sequence[Resource]) -> list[Part | None]:
    """The balancers that *scale_set* names in pools and probe; None stands for one that isn't in *stack*, or not known."""
    ids = [get(scale_set.inputs, HEALTH_PROBE)]
    ids += [get(pool, "id") for name in _POOLS for _, address in addresses(scale_set.inputs) for _, pool in items(address, name)]
    names = {match[1].casefold() for id in ids if isinstance(id, str) and (match := _BALANCER.search(id))}
    given = [each for each in stack if each.kind is ResourceKind.LOAD_BALANCER]
    found = [next((each for each in given if _named(each, name, "loadBalancerName")), None) for name in sorted(names)]
    if UNKNOWN in ids or not all(addresses_known(scale_set.inputs, name) for name in _POOLS):
        used = [each for each in given if _uses(scale_set, PROFILE, each) and each not in found]
        found += used or [None]
    return [None if each is None else Part(each, "", each.inputs) for each in found]


def subnets_of(scale_set: Resource, stack: Sequence[Resource]) -> list[Part | None]:
    """The subnets of the interfaces of *scale_set*; None stands for one that isn't in *stack*, or not known."""
    ids = [get(address, "subnet.id") for _, address in addresses(scale_set.inputs)]
    names = {(match[1], match[2]) for id in ids if isinstance(id, str) and (match := _SUBNET.search(id))}
    given = list(_subnets(stack))
    found = [next((part for part in given if _is_subnet(part, *each)), None) for each in sorted(names)]
    if UNKNOWN in ids or get(scale_set.inputs, INTERFACES) is UNKNOWN:
        used = [part for part in given if _uses(scale_set, PROFILE, part.resource)]
        # A network with several subnets doesn't tell which one it is.
        found += used if len(used) == 1 else [None]
    return found


def autoscale_of(scale_set: Resource, stack: Sequence[Resource]) -> Part | None:
    """The autoscale setting that targets *scale_set*."""
    for each in stack:
        target = get(each.inputs, "targetResourceUri")
        match = _SCALE_SET.search(target) if isinstance(target, str) else None
        name = get(scale_set.inputs, "vmScaleSetName")
        if each.kind is ResourceKind.AUTOSCALE and (
            (match is not None and same(name, match[1])) or (target is UNKNOWN and _uses(each, "targetResourceUri", scale_set))
        ):
            return Part(each, "", each.inputs)
    return None


def owner_of(extension: Resource, stack: Sequence[Resource]) -> Resource | None:
    """The scale set of an extension that is a resource of its own."""
    name = get(extension.inputs, "vmScaleSetName")
    for each in stack:
        if each.kind is ResourceKind.SCALE_SET and (
            (text(name) is not None and _named(each, str(name), "vmScaleSetName") and _same_group(each, extension))
            or (name is UNKNOWN and _uses(extension, "vmScaleSetName", each))
        ):
            return each
    return None


def _subnets(stack: Sequence[Resource]) -> Iterator[Part]:
    for each in stack:
        if each.kind is ResourceKind.SUBNET:
            yield Part(each, "", each.inputs)
        elif each.kind is ResourceKind.VIRTUAL_NETWORK:
            for path, subnet in maps(each.inputs, "subnets"):
                yield Part(each, path, subnet)


def _is_subnet(part: Part, network: str, subnet: str) -> bool:
    own = get(part.inputs, "name" if part.path else "subnetName")
    return _named(part.resource, network, "virtualNetworkName") and same(own, subnet)


def _named(resource: Resource, name: str, key: str) -> bool:
    return same(get(resource.inputs, key), name)


def _same_group(one: Resource, other: Resource) -> bool:
    """Whether the two may be in one resource group."""
    group, expected = (text(get(each.inputs, "resourceGroupName")) for each in (one, other))
    return group is None or expected is None or same(group, expected)


def _uses(user: Resource, key: str, used: Resource) -> bool:
    return used.urn != "" and used.urn in user.uses.get(key, ())
