"""What Azure demands of the rules, probes and outbound rules of a load balancer. Each check takes the whole body and raises."""

from __future__ import annotations

from collections.abc import Iterator

from offline.arm.errors import ArmError, bad_request
from offline.arm.http import Json
from offline.arm.network.common import children
from offline.arm.network.frontends import is_public

Check = tuple[bool, str, str, str]
"""Whether it is wrong, the code, what is wrong, the last part of the path."""


def check(balancer: Json) -> None:
    """Refuses the first thing that is wrong."""
    _check_frontends_exist(balancer)
    for number, rule in enumerate(children(balancer, "loadBalancingRules")):
        _raise(_rule(balancer, rule), f"properties.loadBalancingRules[{number}].properties")
    for number, probe in enumerate(children(balancer, "probes")):
        _raise(_probe(probe), f"properties.probes[{number}].properties")
    for number, rule in enumerate(children(balancer, "outboundRules")):
        _raise(_outbound(balancer, rule), f"properties.outboundRules[{number}].properties")
    for number, rule in enumerate(children(balancer, "inboundNatRules")):
        _raise(_inbound(rule), f"properties.inboundNatRules[{number}].properties")
    _check_pairs(balancer)
    _check_frontend_ports(balancer)


def _raise(checks: Iterator[Check], path: str) -> None:
    for wrong, code, message, key in checks:
        if wrong:
            raise bad_request(code, message, f"{path}.{key}")


def _check_frontends_exist(balancer: Json) -> None:
    """L7c."""
    kinds = ("backendAddressPools", "loadBalancingRules", "probes", "outboundRules", "inboundNatRules", "inboundNatPools")
    if not children(balancer, "frontendIPConfigurations") and any(children(balancer, kind) for kind in kinds):
        raise bad_request(
            "LoadBalancerWithoutFrontendIPCantHaveChildResources",
            "A load balancer without frontend IP configuration cannot have child resources.",
            "properties.frontendIPConfigurations",
        )


def _rule(balancer: Json, rule: Json) -> Iterator[Check]:
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
    minutes = properties.get("idleTimeoutInMinutes", 4)
    yield (
        not _between(minutes, 4, 100),
        "InvalidIdleTimeout",
        f"Idle timeout {minutes} of rule {name} is not in the range 4-100.",
        "idleTimeoutInMinutes",
    )
    outbound = {
        _key(frontend)
        for each in children(balancer, "outboundRules")
        for frontend in each["properties"].get("frontendIPConfigurations") or []
    }
    yield (
        _key(properties.get("frontendIPConfiguration")) in outbound and properties.get("disableOutboundSnat") is not True,
        "LoadBalancingRuleMustDisableSNATSinceSameFrontendIPConfigurationIsReferencedByOutboundRule",
        f"Load balancing rule {name} must disable SNAT since the same frontend IP configuration is referenced by an outbound rule.",
        "disableOutboundSnat",
    )


def _probe(probe: Json) -> Iterator[Check]:
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


def _outbound(balancer: Json, rule: Json) -> Iterator[Check]:
    """L11."""
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
    minutes = properties.get("idleTimeoutInMinutes", 4)
    yield (
        not _between(minutes, 4, 120),
        "InvalidIdleTimeout",
        f"Idle timeout {minutes} of outbound rule {name} is not in the range 4-120.",
        "idleTimeoutInMinutes",
    )


def _inbound(rule: Json) -> Iterator[Check]:
    """L5: a rule for a pool has a range of frontend ports, a rule for one machine has one."""
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


def _check_pairs(balancer: Json) -> None:
    """Two rules may not send to the same pool and port with the same protocol, unless by floating IP."""
    seen: dict[tuple[str, int, str], str] = {}
    for number, rule in enumerate(children(balancer, "loadBalancingRules")):
        for pool in pools(rule):
            pair = (pool, rule["properties"].get("backendPort", 0), str(rule["properties"].get("protocol")).lower())
            if rule["properties"].get("enableFloatingIP"):
                continue
            if pair in seen:
                raise bad_request(
                    "RulesUseSameBackendPortProtocolAndPool",
                    f"Load balancing rules {seen[pair]} and {rule['name']} use the same backend port, protocol and backend address pool.",
                    f"properties.loadBalancingRules[{number}].properties.backendPort",
                )
            seen[pair] = rule["name"]


def _check_frontend_ports(balancer: Json) -> None:
    """L6: what comes in on a frontend's port is for one rule only."""
    taken: list[tuple[str, str, int, int, str]] = []
    for kind in ("loadBalancingRules", "inboundNatRules"):
        for number, rule in enumerate(children(balancer, kind)):
            properties = rule["properties"]
            frontend, protocol = _key(properties.get("frontendIPConfiguration")), str(properties.get("protocol", "Tcp")).lower()
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
    for held in ip_configuration_pools(scale_set):
        seen: dict[tuple[int, str], str] = {}
        for rule in children(balancer, "loadBalancingRules"):
            if rule["properties"].get("enableFloatingIP") or not held & set(pools(rule)):
                continue
            pair = (rule["properties"].get("backendPort", 0), str(rule["properties"].get("protocol")).lower())
            if pair in seen:
                raise ArmError(
                    400,
                    "RulesOfSameLoadBalancerTypeUseSameBackendPortProtocolAndVmssIPConfig",
                    f"Rules {seen[pair]} and {rule['name']} of the same load balancer type use the same backend port {pair[0]} and protocol {pair[1]} "
                    f"for an IP configuration of scale set {scale_set['id']}.",
                    "properties.loadBalancingRules",
                )
            seen[pair] = rule["name"]


def ip_configuration_pools(scale_set: Json) -> Iterator[set[str]]:
    """For each IP configuration in a scale set's model, the ids (lower case) of the pools it is in."""
    profile = (scale_set.get("properties") or {}).get("virtualMachineProfile") or {}
    for interface in (profile.get("networkProfile") or {}).get("networkInterfaceConfigurations") or []:
        for configuration in (interface.get("properties") or {}).get("ipConfigurations") or []:
            yield {_key(pool) for pool in (configuration.get("properties") or {}).get("loadBalancerBackendAddressPools") or []}


def pools(rule: Json) -> list[str]:
    """The pools of a rule (ids in lower case), written in either of Azure's ways."""
    properties = rule["properties"]
    found = [properties.get("backendAddressPool"), *(properties.get("backendAddressPools") or [])]
    return list(dict.fromkeys(_key(each) for each in found if each))


def _key(reference: Json | None) -> str:
    return str((reference or {}).get("id", "")).lower()


def _between(value: int | None, low: int, high: int) -> bool:
    return value is not None and low <= value <= high
