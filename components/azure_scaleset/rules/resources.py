"""A scale set with the resources around it, as the rules of several resources read them. Nothing here is a rule."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from azure_scaleset.rules.autoscale import count
from azure_scaleset.rules.facts import capacity, flexible
from azure_scaleset.rules.network import addresses, addresses_known
from azure_scaleset.rules.rolling import batch_size, rolling_policy
from azure_scaleset.rules.value import get, items, mapping, maps, same


@dataclass(frozen=True)
class Resources:
    """A scale set's inputs, with those of what belongs to it. Paths begin with `loadBalancers[0]`, `subnets[0]`, `extensions[0]` or `autoscale`, without any for the scale set."""

    scale_set: Any
    """The scale set."""
    load_balancers: Sequence[Mapping[str, Any]]
    """The balancers of its pools."""
    subnets: Sequence[Mapping[str, Any]]
    """The subnets of its interfaces."""
    extensions: Sequence[Mapping[str, Any]]
    """The extensions that are resources of their own."""
    autoscale: Any
    """The autoscale setting that targets it."""
    all_known: bool
    """Whether none of the lists has, or is, something else than maps: what isn't known is an empty map here, and nothing may be concluded from its lack."""


def resources_of(scale_set: Any, load_balancers: Any, subnets: Any, extensions: Any, autoscale: Any) -> Resources:
    """`Resources` of parts that may be of any shape."""
    lists = [given if isinstance(given, list | tuple) else None for given in (load_balancers, subnets, extensions)]
    balancers, networks, separate = ([mapping(item) for item in given or ()] for given in lists)
    all_known = all(given is not None and all(isinstance(item, Mapping) for item in given) for given in lists)
    return Resources(scale_set, balancers, networks, separate, autoscale, all_known)


def most_instances(resources: Resources) -> int | None:
    """The most instances that the scale set may have: its capacity or autoscale's highest maximum."""
    maxima = [count(get(profile, "capacity.maximum")) for _, profile in maps(resources.autoscale, "profiles")]
    return max((each for each in (capacity(resources.scale_set), *maxima) if each is not None), default=None)


def _overprovisioned(scale_set: Any) -> bool:
    """Whether Azure certainly makes 20 % more machines for a while."""
    return flexible(scale_set) is False and get(scale_set, "overprovision") in (None, True)


def most_machines(resources: Resources) -> int | None:
    """`most_instances`, and what overprovisioning (20 %) or surge (a batch) adds for a while."""
    instances = most_instances(resources)
    if instances is None:
        return None
    surplus = -(-instances // 5) if _overprovisioned(resources.scale_set) else 0
    policy = rolling_policy(resources.scale_set)
    return instances + max(surplus, (batch_size(instances, policy) or 0) if policy.surge else 0)


_CHILD = re.compile(r"/loadBalancers/([^/]+)/(probes|backendAddressPools|inboundNatPools)/([^/]+)/?\Z", re.IGNORECASE)


def balancer_child(value: Any, kind: str) -> tuple[str, str] | None:
    """Balancer and name in the id of a balancer's part of *kind*, in small letters."""
    match = _CHILD.search(value) if isinstance(value, str) else None
    return (match[1].casefold(), match[3].casefold()) if match and same(match[2], kind) else None


def backend_pools(resources: Resources) -> set[tuple[str, str]] | None:
    """The pools of all addresses; None where one isn't known."""
    given = [pool for _, address in addresses(resources.scale_set) for _, pool in items(address, "loadBalancerBackendAddressPools")]
    found = [balancer_child(get(pool, "id"), "backendAddressPools") for pool in given]
    known_all = addresses_known(resources.scale_set, "loadBalancerBackendAddressPools") and None not in found
    return {each for each in found if each is not None} if known_all else None
