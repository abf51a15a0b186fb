"""The network's parts as azure-native's inputs. Pure, but for the outputs that pass through."""

from typing import Any

import pulumi
from pulumi_azure_native import network

from azure_scaleset.network_arguments import BalancerRule, NetworkArgs, Probe, ProbeProtocol, Transport


def security_rules(args: NetworkArgs) -> list[dict[str, Any]]:
    """What is let in: each port of the balancer, and what is asked for beside. All else stays closed."""
    balancer = args.get("load_balancer")
    allowed: list[tuple[str, int, Transport, str]] = []
    if balancer is not None:
        source = "Internet" if balancer.get("public", True) else "VirtualNetwork"
        allowed += [
            (
                f"balancer-{rule_name(rule)}",
                rule.get("backend_port", rule["port"]),
                rule.get("protocol", Transport.TCP),
                rule.get("source", source),
            )
            for rule in balancer["rules"]
        ]
    allowed += [(rule["name"], rule["port"], rule.get("protocol", Transport.TCP), rule["source"]) for rule in args.get("inbound", [])]
    return [
        {
            "name": name,
            "priority": 100 + 10 * index,
            "direction": network.SecurityRuleDirection.INBOUND,
            "access": network.SecurityRuleAccess.ALLOW,
            "protocol": protocol.value,
            "source_address_prefix": source,
            "source_port_range": "*",
            "destination_address_prefix": "*",
            "destination_port_range": str(port),
        }
        for index, (name, port, protocol, source) in enumerate(allowed)
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


def balancing_rule(rule: BalancerRule, balancer_id: pulumi.Output[str]) -> dict[str, Any]:
    """A rule of the balancer whose id is *balancer_id*."""
    return {
        "name": rule_name(rule),
        "protocol": rule.get("protocol", Transport.TCP).value,
        "frontend_port": rule["port"],
        "backend_port": rule.get("backend_port", rule["port"]),
        "frontend_ip_configuration": {"id": pulumi.Output.concat(balancer_id, "/frontendIPConfigurations/frontend")},
        "backend_address_pool": {"id": pulumi.Output.concat(balancer_id, "/backendAddressPools/instances")},
        "probe": {"id": pulumi.Output.concat(balancer_id, "/probes/probe")},
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
        "frontend_ip_configurations": [{"id": pulumi.Output.concat(balancer_id, "/frontendIPConfigurations/frontend")}],
        "backend_address_pool": {"id": pulumi.Output.concat(balancer_id, "/backendAddressPools/instances")},
    }
