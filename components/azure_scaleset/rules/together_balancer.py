"""Rules of a scale set with its load balancers."""

from collections.abc import Iterator, Mapping
from typing import Any

from azure_scaleset.rules.facts import HEALTH_PROBE, INTERFACES
from azure_scaleset.rules.load_balancer import internal, last_name
from azure_scaleset.rules.load_balancer_rules import backend_keys
from azure_scaleset.rules.network import addresses
from azure_scaleset.rules.resources import Resources, backend_pools, balancer_child
from azure_scaleset.rules.rule import Found, Subject, Target
from azure_scaleset.rules.value import UNKNOWN, get, items, known, maps, same, text

_rules = Subject("A set and its load balancers", Target.TOGETHER)


_MOST_RULES = 300


def _pools_of(rule: Mapping[str, Any]) -> list[Any]:
    """The backend pools that a balancing rule leads to."""
    return [rule.get("backendAddressPool"), *(pool for _, pool in items(rule, "backendAddressPools"))]


def _named(resources: Resources, name: str) -> tuple[str, Mapping[str, Any]] | None:
    """The balancer of *name*, with its path."""
    for index, balancer in enumerate(resources.load_balancers):
        if same(balancer.get("loadBalancerName"), name):
            return f"loadBalancers[{index}]", balancer
    return None


@_rules.error("L2", "The health probe is used by a rule of the set's pool.", source="LBERR; Azure/ARO-RP#547")
def probe_used(resources: Resources) -> Iterator[Found]:
    """A rule whose probe or pool isn't known yet may be the one."""
    probe = balancer_child(get(resources.scale_set, HEALTH_PROBE), "probes")
    place = _named(resources, probe[0]) if probe else None
    pools = backend_pools(resources)
    if probe is None or place is None or pools is None:
        return
    path, balancer = place
    if not known(balancer, "loadBalancingRules"):
        return
    for _, rule in maps(balancer, "loadBalancingRules"):
        rule_pools = _pools_of(rule)
        ids = [text(get(pool, "id")) for pool in rule_pools if pool is not None]
        if (
            get(rule, "probe.id") is UNKNOWN
            or rule.get("backendAddressPools") is UNKNOWN
            or (last_name(rule.get("probe")) == probe[1] and None in ids)
        ):
            return
        if last_name(rule.get("probe")) == probe[1] and any((probe[0], last_name(pool)) in pools for pool in rule_pools):
            return
    yield Found(
        HEALTH_PROBE,
        f"healthProbe is {probe[1]!r} of {path}, and none of its rules uses it for a pool of the scale set. Expected one.",
        "Name the probe in a balancing rule of the scale set's pool, and make the scale set after that rule.",
    )


@_rules.error("L7b", "Rules of one load balancer lead to different ports of one address.", source="LBERR")
def backend_ports_across_pools(resources: Resources) -> Iterator[Found]:
    """Rules of one pool are compared on the balancer itself; here are those of several pools that an address is in."""
    for index, balancer in enumerate(resources.load_balancers):
        name = text(balancer.get("loadBalancerName"))
        for _, address in addresses(resources.scale_set) if name is not None else ():
            own = {balancer_child(get(pool, "id"), "backendAddressPools") for _, pool in items(address, "loadBalancerBackendAddressPools")}
            seen: dict[tuple[int, str], str] = {}
            for path, (pool, port, protocol) in backend_keys(balancer):
                if (str(name).casefold(), pool) not in own:
                    continue
                if seen.setdefault((port, protocol), pool) != pool:
                    yield Found(
                        f"loadBalancers[{index}].{path}.backendPort",
                        f"backendPort is {port} of {protocol} in pool {pool}, as in pool {seen[port, protocol]}, and the scale set's addresses are in both. Expected one rule for a port of an address.",
                        "Take another backendPort, or one pool.",
                    )


@_rules.error("L7c", "At most 300 rules lead to one interface.", source="LBERR")
def rules_of_an_interface(resources: Resources) -> Iterator[Found]:
    """Of all load balancers together. A balancer alone may have more, for several sets."""
    for place, interface in maps(resources.scale_set, INTERFACES):
        own = {
            balancer_child(get(pool, "id"), "backendAddressPools")
            for _, address in maps(interface, "ipConfigurations")
            for _, pool in items(address, "loadBalancerBackendAddressPools")
        }
        count = sum(
            any((name.casefold(), last_name(pool)) in own for pool in _pools_of(rule))
            for balancer in resources.load_balancers
            if (name := text(balancer.get("loadBalancerName"))) is not None
            for _, rule in maps(balancer, "loadBalancingRules")
        )
        if count > _MOST_RULES:
            yield Found(
                place,
                f"{count} balancing rules lead to the interface. Expected at most {_MOST_RULES}.",
                "Remove some, or take a rule for all ports.",
            )


@_rules.error("L7", "A set is behind at most one public and one internal load balancer.", source="LBERR; acd networking")
def balancers_of_a_kind(resources: Resources) -> Iterator[Found]:
    """Only those are counted that the set's pools name."""
    named = {pool[0] for pool in backend_pools(resources) or ()}
    kinds: dict[bool, str] = {}
    for index, balancer in enumerate(resources.load_balancers):
        name, kind = text(balancer.get("loadBalancerName")), internal(balancer)
        if kind is None or name is None or name.casefold() not in named:
            continue
        if kind in kinds:
            yield Found(
                f"loadBalancers[{index}]",
                f"The load balancer is {'internal' if kind else 'public'}, as {kinds[kind]}. Expected at most one of each for a scale set.",
                "Take one load balancer with several pools.",
            )
        kinds.setdefault(kind, f"loadBalancers[{index}]")


@_rules.error(
    "S3", "A set in several placement groups, or in zones, is behind a Standard load balancer.", source="openshift/openshift-azure#495"
)
def large_set_balancer(resources: Resources) -> Iterator[Found]:
    """Basic ones reach one placement group."""
    wide = get(resources.scale_set, "singlePlacementGroup") is False or next(items(resources.scale_set, "zones"), None) is not None
    for index, balancer in enumerate(resources.load_balancers):
        if wide and same(get(balancer, "sku.name"), "Basic"):
            yield Found(
                f"loadBalancers[{index}].sku.name",
                "sku.name is Basic, and the scale set is in several placement groups or in zones. Expected Standard.",
                "Set it to Standard.",
            )


@_rules.error("L15", "Public addresses of instances are of the load balancer's SKU.", source="LBERR; acd networking")
def address_sku(resources: Resources) -> Iterator[Found]:
    """Azure's default for an instance's address is Basic in the API that azure-native uses, so only a stated SKU is compared."""
    for path, address in addresses(resources.scale_set):
        sku = text(get(address, "publicIPAddressConfiguration.sku.name"))
        for index, balancer in enumerate(resources.load_balancers):
            other = text(get(balancer, "sku.name"))
            if sku is not None and other is not None and not same(sku, other):
                yield Found(
                    f"{path}.publicIPAddressConfiguration.sku.name",
                    f"sku.name is {sku!r}, and that of loadBalancers[{index}] is {other!r}. Expected the same.",
                    f"Set it to {other}.",
                )


@_rules.warning("L10", "A security group lets in what a public load balancer leads to the instances.", source="LB docs")
def let_in(resources: Resources) -> Iterator[Found]:
    """Standard load balancers and addresses are closed without one, on the subnet or on the interface. What its rules allow isn't judged."""
    pools = backend_pools(resources)
    interfaces = list(maps(resources.scale_set, INTERFACES))
    if not pools or not resources.subnets or not resources.all_known:
        return
    if any(part.get("networkSecurityGroup") is not None for part in (*resources.subnets, *(interface for _, interface in interfaces))):
        return
    for index, balancer in enumerate(resources.load_balancers):
        name = (text(balancer.get("loadBalancerName")) or "").casefold()
        led = any((name, last_name(pool)) in pools for _, rule in maps(balancer, "loadBalancingRules") for pool in _pools_of(rule))
        if led and internal(balancer) is False:
            yield Found(
                "subnets[0].networkSecurityGroup",
                f"networkSecurityGroup is absent, on the interfaces too, and loadBalancers[{index}] leads public traffic to them. Expected one: nothing gets in without.",
                "Give the subnet a security group that allows the ports, and the tag AzureLoadBalancer for the probe.",
            )
            return
