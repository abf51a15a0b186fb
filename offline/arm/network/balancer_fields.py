"""What Azure demands of the fields of one rule, probe or outbound rule of a load balancer. Each check takes the child (and the balancer where that decides)."""

from __future__ import annotations

from collections.abc import Iterator

from offline.arm.http import Json
from offline.arm.network.common import children
from offline.arm.network.frontends import is_public
from offline.arm.network.pools import key

Check = tuple[bool, str, str, str]
"""Whether it is wrong, the code, what is wrong, the last part of the path."""


def load_balancing_rule(balancer: Json, rule: Json) -> Iterator[Check]:
    """A load-balancing rule: its front end, ports, idle timeout, and SNAT beside an outbound rule."""
    properties, name = rule["properties"], rule["name"]
    ha_ports = properties.get("protocol") == "All"
    front, back = properties.get("frontendPort"), properties.get("backendPort", 0)
    yield (
        not properties.get("frontendIPConfiguration"),
        "LoadBalancingRuleMustReferenceFrontend",
        f"Rule {name} references no frontend.",
        "frontendIPConfiguration",
    )
    yield (
        ha_ports and is_public(balancer),
        "HAPortsNotSupportedOnPublicLoadBalancer",
        f"Rule {name}: protocol All is for internal load balancers only.",
        "protocol",
    )
    yield (
        ha_ports != (front == 0 and back == 0),
        "InvalidLoadBalancingRulePorts",
        f"Rule {name}: ports 0 and protocol All go together only.",
        "frontendPort",
    )
    yield (
        not ha_ports and not _between(front, 1, 65534),
        "InvalidFrontendPort",
        f"Frontend port {front} of rule {name} is not in the range 1-65534.",
        "frontendPort",
    )
    yield (
        not ha_ports and not _between(back, 1, 65535),
        "InvalidBackendPort",
        f"Backend port {back} of rule {name} is not in the range 1-65535.",
        "backendPort",
    )
    yield _idle_timeout(properties, f"rule {name}", 100)
    outbound = {
        key(frontend)
        for each in children(balancer, "outboundRules")
        for frontend in each["properties"].get("frontendIPConfigurations") or []
    }
    yield (
        key(properties.get("frontendIPConfiguration")) in outbound and properties.get("disableOutboundSnat") is not True,
        "LoadBalancingRuleMustDisableSNATSinceSameFrontendIPConfigurationIsReferencedByOutboundRule",
        f"Load balancing rule {name} must disable SNAT since the same frontend IP configuration is referenced by an outbound rule.",
        "disableOutboundSnat",
    )


def health_probe(probe: Json) -> Iterator[Check]:
    """A probe: port, path, interval and counts."""
    properties, name = probe["properties"], probe["name"]
    http = str(properties.get("protocol", "")).lower() != "tcp"
    port, interval = properties.get("port"), properties.get("intervalInSeconds", 15)
    yield not _between(port, 1, 65535), "InvalidProbePort", f"Port {port} of probe {name} is not in the range 1-65535.", "port"
    yield (
        http and not properties.get("requestPath"),
        "MissingRequestPathInProbe",
        f"Probe {name} must have a requestPath: its protocol is HTTP.",
        "requestPath",
    )
    yield (
        not http and bool(properties.get("requestPath")),
        "RequestPathNotAllowedInProbe",
        f"Probe {name} can't have a requestPath: its protocol is Tcp.",
        "requestPath",
    )
    yield interval < 5, "InvalidProbeInterval", f"Interval {interval} of probe {name} is less than 5 seconds.", "intervalInSeconds"
    yield properties.get("numberOfProbes", 1) < 1, "InvalidNumberOfProbes", f"Probe {name}: numberOfProbes is at least 1.", "numberOfProbes"
    yield (
        not _between(properties.get("probeThreshold", 1), 1, 100),
        "InvalidProbeThreshold",
        f"Probe {name}: probeThreshold is 1-100.",
        "probeThreshold",
    )


def outbound_rule(balancer: Json, rule: Json) -> Iterator[Check]:
    """An outbound rule (L11)."""
    properties, name = rule["properties"], rule["name"]
    ports, frontends = properties.get("allocatedOutboundPorts", 0), properties.get("frontendIPConfigurations") or []
    yield (
        not is_public(balancer),
        "InternalLoadBalancerCannotHaveOutboundRules",
        f"Internal load balancer cannot have any outbound rules: {name}.",
        "frontendIPConfigurations",
    )
    code = "SpecifiedAllocatedOutboundPortsForOutboundRuleIsNotAMultipleOfEight"
    yield ports % 8 != 0, code, f"The allocated outbound ports {ports} of {name} are not a multiple of 8.", "allocatedOutboundPorts"
    code = "SpecifiedAllocatedOutboundPortsForOutboundRuleExceedsTotalNumberOfAllowedPortsPerRule"
    yield (
        ports > 64000 * max(len(frontends), 1),
        code,
        f"{ports} allocated outbound ports of {name} are more than 64000 per address.",
        "allocatedOutboundPorts",
    )
    yield _idle_timeout(properties, f"outbound rule {name}", 120)


def inbound_nat_rule(rule: Json) -> Iterator[Check]:
    """An inbound NAT rule (L5): one for a pool has a range of frontend ports, one for a machine has one."""
    properties, name = rule["properties"], rule["name"]
    pool = bool(properties.get("backendAddressPool"))
    start, end = properties.get("frontendPortRangeStart"), properties.get("frontendPortRangeEnd")
    yield (
        pool and properties.get("frontendPort") is not None,
        "UnsupportedSetOfInboundNatRulePropertiesWhenFrontendPortIsSpecified",
        f"Inbound NAT rule {name} has a frontendPort and a backend pool.",
        "frontendPort",
    )
    yield (
        pool and (start is None or end is None),
        "MissedInboundNatRuleV2Properties",
        f"For inbound Nat rule V2 properties FrontendPortRangeStart, FrontendPortRangeEnd should not be null: {name}.",
        "frontendPortRangeStart",
    )
    yield (
        pool and not 1 <= (start or 1) <= (end or 65534) <= 65534,
        "InvalidFrontendPortRange",
        f"Ports {start}-{end} of {name} are no range in 1-65534.",
        "frontendPortRangeEnd",
    )


def _idle_timeout(properties: Json, what: str, most: int) -> Check:
    minutes = properties.get("idleTimeoutInMinutes", 4)
    message = f"Idle timeout {minutes} of {what} is not in the range 4-{most}."
    return not _between(minutes, 4, most), "InvalidIdleTimeout", message, "idleTimeoutInMinutes"


def _between(value: int | None, low: int, high: int) -> bool:
    return value is not None and low <= value <= high
