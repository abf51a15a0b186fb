"""The network's parts as azure-native's inputs. Pure, but for the outputs that pass through."""

from typing import Any

import pulumi
from pulumi_azure_native import network

from azure_scaleset.network_arguments import BalancerRule, InboundRule, LoadBalancer, NetworkArgs, Probe, ProbeProtocol, Transport
from azure_scaleset.part_ids import part_id


def security_rules(args: NetworkArgs) -> list[dict[str, Any]]:
    """What is let in: each port of the balancer, and what is asked for beside. All else stays closed."""
    balancer = args.get("load_balancer")
    allowed = [*(balancer_inbound(balancer) if balancer is not None else ()), *args.get("inbound", [])]
    return [
        {
            "name": rule["name"],
            "priority": 100 + 10 * index,
            "direction": network.SecurityRuleDirection.INBOUND,
            "access": network.SecurityRuleAccess.ALLOW,
            "protocol": rule.get("protocol", Transport.TCP).value,
            "source_address_prefix": rule["source"],
            "source_port_range": "*",
            "destination_address_prefix": "*",
            "destination_port_range": str(rule["port"]),
        }
        for index, rule in enumerate(allowed)
    ]


def balancer_inbound(balancer: LoadBalancer) -> list[InboundRule]:
    """What has to be let in to the instances for the balancer's ports."""
    source = "Internet" if balancer.get("public", True) else "VirtualNetwork"
    return [
        {
            "name": f"balancer-{rule_name(rule)}",
            "port": rule.get("backend_port", rule["port"]),
            "protocol": rule.get("protocol", Transport.TCP),
            "source": rule.get("source", source),
        }
        for rule in balancer["rules"]
    ]


def probe(probe: Probe) -> dict[str, Any]:
    """The balancer's probe."""
    path = probe.get("path")
    result: dict[str, Any] = {
        "name": "probe",
        "protocol": probe.get("protocol", ProbeProtocol.HTTP if path else ProbeProtocol.TCP).value,
        "port": probe["port"],
        "interval_in_seconds": probe.get("interval_in_seconds", 5),
        "probe_threshold": probe.get("threshold", 2),
    }
    return {**result, "request_path": path} if path else result


def balancing_rule(
    rule: BalancerRule, balancer_id: pulumi.Output[str], *, front_end: str = "frontend", pool: str = "instances", prefix: str = ""
) -> dict[str, Any]:
    """A rule of the balancer whose id is *balancer_id*, from the front end of this name to the pool of this name. *prefix*: of the rule's name."""
    return {
        "name": prefix + rule_name(rule),
        "protocol": rule.get("protocol", Transport.TCP).value,
        "frontend_port": rule["port"],
        "backend_port": rule.get("backend_port", rule["port"]),
        "frontend_ip_configuration": {"id": part_id(balancer_id, "frontendIPConfigurations", front_end)},
        "backend_address_pool": {"id": part_id(balancer_id, "backendAddressPools", pool)},
        "probe": {"id": part_id(balancer_id, "probes", "probe")},
        "enable_tcp_reset": rule.get("protocol", Transport.TCP) is Transport.TCP,
        # Outbound traffic goes through the NAT gateway or the outbound rule, never silently through this one.
        "disable_outbound_snat": True,
    }


def rule_name(rule: BalancerRule) -> str:
    """A rule's name, unique by protocol and port."""
    return f"{rule.get('protocol', Transport.TCP).value.lower()}-{rule['port']}"


def outbound_rule(balancer_id: pulumi.Output[str]) -> dict[str, Any]:
    """The way out through the balancer whose id is *balancer_id*."""
    return {
        "name": "outbound",
        "protocol": network.LoadBalancerOutboundRuleProtocol.ALL,
        "frontend_ip_configurations": [{"id": part_id(balancer_id, "frontendIPConfigurations", "frontend")}],
        "backend_address_pool": {"id": part_id(balancer_id, "backendAddressPools", "instances")},
    }
