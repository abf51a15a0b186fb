"""What Azure demands of the rules of a load balancer together. Each check takes the whole body and raises."""

from __future__ import annotations

from collections.abc import Iterable

from offline.arm.errors import bad_request
from offline.arm.http import Json
from offline.arm.network import balancer_fields, pools
from offline.arm.network.common import children

Target = tuple[str, int, str]
"""Where a rule sends: pool (id in lower case; empty where any counts), port, protocol."""


def check(balancer: Json) -> None:
    """Refuses the first thing that is wrong."""
    _check_frontends_exist(balancer)
    for kind, checks in (
        ("loadBalancingRules", lambda rule: balancer_fields.load_balancing_rule(balancer, rule)),
        ("probes", balancer_fields.health_probe),
        ("outboundRules", lambda rule: balancer_fields.outbound_rule(balancer, rule)),
        ("inboundNatRules", balancer_fields.inbound_nat_rule),
    ):
        for number, child in enumerate(children(balancer, kind)):
            for wrong, code, message, name in checks(child):
                if wrong:
                    raise bad_request(code, message, f"properties.{kind}[{number}].properties.{name}")
    _check_pairs(balancer)
    _check_frontend_ports(balancer)


def _check_frontends_exist(balancer: Json) -> None:
    """L7c."""
    kinds = ("backendAddressPools", "loadBalancingRules", "probes", "outboundRules", "inboundNatRules", "inboundNatPools")
    if not children(balancer, "frontendIPConfigurations") and any(children(balancer, kind) for kind in kinds):
        raise bad_request(
            "LoadBalancerWithoutFrontendIPCantHaveChildResources",
            "A load balancer without frontend IP configuration cannot have child resources.",
            "properties.frontendIPConfigurations",
        )


def _check_pairs(balancer: Json) -> None:
    """Two rules may not send to the same pool and port with the same protocol, unless by floating IP."""
    rules = children(balancer, "loadBalancingRules")
    clash = _first_clash((target, rule) for rule in rules for target in _targets(rule))
    if clash is not None:
        _, first, second = clash
        raise bad_request(
            "RulesUseSameBackendPortProtocolAndPool",
            f"Load balancing rules {first['name']} and {second['name']} use the same backend port, protocol and backend address pool.",
            f"properties.loadBalancingRules[{rules.index(second)}].properties.backendPort",
        )


def _check_frontend_ports(balancer: Json) -> None:
    """L6: what comes in on a frontend's port is for one rule only."""
    taken: list[tuple[str, str, int, int, str]] = []
    for kind in ("loadBalancingRules", "inboundNatRules"):
        for number, rule in enumerate(children(balancer, kind)):
            properties = rule["properties"]
            frontend, protocol = pools.key(properties.get("frontendIPConfiguration")), str(properties.get("protocol", "Tcp")).lower()
            start = properties.get("frontendPortRangeStart", properties.get("frontendPort", 0)) or 0
            end = properties.get("frontendPortRangeEnd", start) or start
            for other, theirs, low, high, name in taken:
                if other == frontend and theirs == protocol and start <= high and low <= end:
                    raise bad_request(
                        "RulesUseSameFrontendPortProtocolAndIPConfig",
                        f"Load balancing rules {name} and {rule['name']} use the same frontend port and protocol of frontend {frontend}.",
                        f"properties.{kind}[{number}].properties",
                    )
            taken.append((frontend, protocol, start, end, rule["name"]))


def check_shared_pools(balancer: Json, scale_set: Json) -> None:
    """L7b: pools that hold the same IP configuration of a scale set may not get the same port and protocol from two rules."""
    for held in pools.of_ip_configurations(scale_set):
        # Which of the pools a rule sends to doesn't count: a rule counts once.
        to_these = [
            ({("", port, protocol) for pool, port, protocol in _targets(rule) if pool in held}, rule)
            for rule in children(balancer, "loadBalancingRules")
        ]
        clash = _first_clash((target, rule) for targets, rule in to_these for target in targets)
        if clash is not None:
            (_, port, protocol), first, second = clash
            raise bad_request(
                "RulesOfSameLoadBalancerTypeUseSameBackendPortProtocolAndVmssIPConfig",
                f"Rules {first['name']} and {second['name']} of the same load balancer type use the same backend port {port} and protocol {protocol} "
                f"for an IP configuration of scale set {scale_set['id']}.",
                "properties.loadBalancingRules",
            )


def _targets(rule: Json) -> list[Target]:
    """Where a rule sends; nothing for a floating IP, which no rule stands in the way of."""
    properties = rule["properties"]
    if properties.get("enableFloatingIP"):
        return []
    return [(pool, properties.get("backendPort", 0), str(properties.get("protocol")).lower()) for pool in pools.of_rule(rule)]


def _first_clash(targets: Iterable[tuple[Target, Json]]) -> tuple[Target, Json, Json] | None:
    """The first target that two rules have, and the two."""
    seen: dict[Target, Json] = {}
    for target, rule in targets:
        if target in seen:
            return target, seen[target], rule
        seen[target] = rule
    return None
