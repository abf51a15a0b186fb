"""Rules of what a load balancer lets in: balancing rules, NAT rules and NAT pools, and their ports."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from azure_scaleset.rules.load_balancer import internal, last_name
from azure_scaleset.rules.rule import Found, Subject, Target, shown
from azure_scaleset.rules.value import UNKNOWN, integer, maps, one_of, same, text

_rules = Subject("Load balancer: inbound", Target.LOAD_BALANCER)


@_rules.error(
    "L5",
    "A NAT rule for a pool has a range of front-end ports, and no single one.",
    source="manage-inbound-nat-rules; Azure/azure-cli#21583",
)
def nat_rule_ports(balancer: Any) -> Iterator[Found]:
    """Each machine of the pool gets one port of the range."""
    for path, rule in maps(balancer, "inboundNatRules"):
        if not isinstance(rule.get("backendAddressPool"), Mapping):
            continue
        for name in ("frontendPortRangeStart", "frontendPortRangeEnd"):
            if rule.get(name) is None:
                yield Found(
                    f"{path}.{name}", f"{name} is absent, and backendAddressPool is given. Expected a range of ports.", f"Add {name}."
                )
        if rule.get("frontendPort") is not None and rule.get("frontendPort") is not UNKNOWN and integer(rule.get("frontendPort")) != 0:
            yield Found(
                f"{path}.frontendPort",
                "frontendPort and backendAddressPool are given. Expected a range of ports with a pool.",
                "Remove frontendPort.",
            )


class _Ports(NamedTuple):
    path: str
    front_end: str
    protocol: str
    first: int
    last: int


@_rules.error("L6", "No two rules of a front end share a port.", source="LB docs")
def ports_apart(balancer: Any) -> Iterator[Found]:
    """The same port of another protocol is another port."""
    taken: list[_Ports] = []
    for ports in _front_end_ports(balancer):
        for other in taken:
            if (
                ports.front_end == other.front_end
                and (ports.protocol == other.protocol or "all" in (ports.protocol, other.protocol))
                and ports.first <= other.last
                and other.first <= ports.last
            ):
                told = str(ports.first) if ports.first == ports.last else f"{ports.first} to {ports.last}"
                yield Found(
                    ports.path,
                    f"The front-end port is {told}, which {other.path} has too. Expected ports of its own.",
                    "Move one of the two.",
                )
                break
        taken.append(ports)


def _front_end_ports(balancer: Any) -> Iterator[_Ports]:
    """The front-end ports of rules, NAT rules and NAT pools that are known."""
    for list_name in ("loadBalancingRules", "inboundNatRules", "inboundNatPools"):
        for path, rule in maps(balancer, list_name):
            front, protocol = last_name(rule.get("frontendIPConfiguration")), text(rule.get("protocol"))
            single = integer(rule.get("frontendPort"))
            first, last = (integer(rule.get(f"frontendPortRange{name}")) for name in ("Start", "End"))
            if single:
                first = last = single
            if front is not None and protocol is not None and first and last and first <= last:
                yield _Ports(path, front, protocol.casefold(), first, last)


@_rules.error("L7b", "No two rules lead to one port and protocol of one pool.", source="LBERR")
def backend_ports(balancer: Any) -> Iterator[Found]:
    """Floating addresses are the exception."""
    seen: dict[tuple[str, int, str], str] = {}
    for path, key in backend_keys(balancer):
        if key in seen:
            pool, port, protocol = key
            yield Found(
                f"{path}.backendPort",
                f"backendPort is {port} of {protocol} in pool {pool}, as that of {seen[key]}. Expected a port of its own.",
                "Take another backendPort, or one rule.",
            )
        else:
            seen[key] = path


def backend_keys(balancer: Any) -> Iterator[tuple[str, tuple[str, int, str]]]:
    """Path of each balancing rule without floating address, with the pool, the port and the protocol that it leads to; as far as known."""
    for path, rule in maps(balancer, "loadBalancingRules"):
        port, protocol, floating = integer(rule.get("backendPort")), text(rule.get("protocol")), rule.get("enableFloatingIP")
        # A rule for all ports (0) is judged by its own rules.
        if not port or protocol is None or floating not in (None, False):
            continue
        pools = [rule.get("backendAddressPool"), *(pool for _, pool in maps(rule, "backendAddressPools"))]
        for pool in dict.fromkeys(name for each in pools if (name := last_name(each)) is not None):
            yield path, (pool, port, protocol.casefold())


@_rules.error(
    "L18",
    "Ports of a balancing rule are 1 to 65534 in front and 1 to 65535 behind; its idle timeout is 4 to 100 minutes.",
    source="TF; LB docs",
)
def rule_ports(balancer: Any) -> Iterator[Found]:
    """0 is for rules of all ports."""
    for path, rule in maps(balancer, "loadBalancingRules"):
        if same(rule.get("protocol"), "All") or rule.get("protocol") is UNKNOWN:
            continue
        for name, low, high in (("frontendPort", 1, 65_534), ("backendPort", 1, 65_535), ("idleTimeoutInMinutes", 4, 100)):
            value = integer(rule.get(name))
            if value is not None and not low <= value <= high:
                yield Found(f"{path}.{name}", f"{name} is {value}. Expected {low} to {high}.", "Correct it.")


@_rules.error("L18", "A rule of all ports has ports 0, and is of an internal Standard load balancer.", source="TF; LB docs")
def all_ports(balancer: Any) -> Iterator[Found]:
    """A public one takes ports one by one."""
    for path, rule in maps(balancer, "loadBalancingRules"):
        if not same(rule.get("protocol"), "All"):
            continue
        for name in ("frontendPort", "backendPort"):
            value = integer(rule.get(name))
            if value:
                yield Found(f"{path}.{name}", f"{name} is {value}, and protocol is All. Expected 0.", "Set it to 0, or take Tcp or Udp.")
        if internal(balancer) is False:
            yield Found(f"{path}.protocol", "protocol is All on a public load balancer. Expected Tcp or Udp.", "Make a rule for each port.")


@_rules.error("L18", "A balancing rule is of Tcp, Udp or All.", source="LB docs")
def rule_protocol(balancer: Any) -> Iterator[Found]:
    """Http is a probe's."""
    for path, rule in maps(balancer, "loadBalancingRules"):
        protocol = text(rule.get("protocol"))
        # QUIC is in the API's list too, for some front ends.
        if protocol is not None and not one_of(protocol, ("Tcp", "Udp", "All", "Quic")):
            yield Found(f"{path}.protocol", f"protocol is {shown(protocol)}. Expected Tcp, Udp or All.", "Take Tcp.")
