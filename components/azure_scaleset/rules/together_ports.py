"""Rules of the ports that a load balancer has for the instances of a scale set."""

from collections.abc import Iterator, Mapping
from typing import Any

from azure_scaleset.rules.load_balancer import last_name
from azure_scaleset.rules.network import addresses
from azure_scaleset.rules.resources import Resources, backend_pools, balancer_child, most_instances, most_machines
from azure_scaleset.rules.rule import Found, Subject, Target
from azure_scaleset.rules.value import UNKNOWN, get, integer, items, maps, text

_rules = Subject("A set and its balancers' ports", Target.TOGETHER)


@_rules.error("L4", "A NAT pool has a port for each machine.", source="Azure/vm-scale-sets#41; acd networking")
def nat_pool_ports(resources: Resources) -> Iterator[Found]:
    """Those of overprovisioning included."""
    machines = most_machines(resources)
    used = {
        balancer_child(get(pool, "id"), "inboundNatPools")
        for _, address in addresses(resources.scale_set)
        for _, pool in items(address, "loadBalancerInboundNatPools")
    }
    for index, balancer in enumerate(resources.load_balancers):
        owner = (text(balancer.get("loadBalancerName")) or "").casefold()
        for path, pool in maps(balancer, "inboundNatPools"):
            name = (text(pool.get("name")) or "").casefold()
            yield from _too_few(pool, f"loadBalancers[{index}].{path}", machines if (owner, name) in used else None)


@_rules.error("L5", "A NAT rule for a pool has a port for each instance.", source="manage-inbound-nat-rules; Azure/azure-cli#21583")
def nat_rule_room(resources: Resources) -> Iterator[Found]:
    """Azure refuses to scale out beyond the range."""
    instances, pools = most_instances(resources), backend_pools(resources) or set()
    for index, balancer in enumerate(resources.load_balancers):
        owner = (text(balancer.get("loadBalancerName")) or "").casefold()
        for path, rule in maps(balancer, "inboundNatRules"):
            pool = last_name(rule.get("backendAddressPool"))
            yield from _too_few(rule, f"loadBalancers[{index}].{path}", instances if (owner, pool) in pools else None)


def _too_few(ports: Mapping[str, Any], path: str, needed: int | None) -> Iterator[Found]:
    """Whether the front-end range of *ports* is shorter than *needed*."""
    first, last = (integer(ports.get(f"frontendPortRange{name}")) for name in ("Start", "End"))
    if first is not None and last is not None and needed is not None and last - first + 1 < needed:
        yield Found(
            f"{path}.frontendPortRangeEnd",
            f"The range of front-end ports is {first} to {last}, {last - first + 1} ports. Expected {needed}.",
            f"Set it to {first + needed - 1}.",
        )


@_rules.error("L11", "Outbound ports are enough for all instances.", source="LB docs; issue threads")
def outbound_ports_enough(resources: Resources) -> Iterator[Found]:
    """An address has 64 000."""
    instances, pools = most_instances(resources), backend_pools(resources) or set()
    for index, balancer in enumerate(resources.load_balancers):
        owner = (text(balancer.get("loadBalancerName")) or "").casefold()
        for path, rule in maps(balancer, "outboundRules"):
            fronts = get(rule, "frontendIPConfigurations")
            ports = integer(rule.get("allocatedOutboundPorts"))
            # A front end of a prefix has more addresses than one.
            if (
                not isinstance(fronts, list)
                or not ports
                or instances is None
                or (owner, last_name(rule.get("backendAddressPool"))) not in pools
                or _has_prefix(balancer)
            ):
                continue
            if ports * instances > 64_000 * len(fronts):
                yield Found(
                    f"loadBalancers[{index}].{path}.allocatedOutboundPorts",
                    f"allocatedOutboundPorts is {ports}, which is {ports * instances} for {instances} instances. Expected at most {64_000 * len(fronts)} in all.",
                    f"Take {64_000 * len(fronts) // instances // 8 * 8}, or more addresses.",
                )


def _has_prefix(balancer: Mapping[str, Any]) -> bool:
    return any(front is UNKNOWN or get(front, "publicIPPrefix") is not None for _, front in items(balancer, "frontendIPConfigurations"))
