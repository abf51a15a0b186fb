"""The network: interfaces, room in the subnet, balancers and the health probe."""

from __future__ import annotations

import ipaddress

from offline.arm import ids, lookup
from offline.arm.compute.model import SCALE_SET, ScaleSet
from offline.arm.compute.refusals.missing import Check, invalid
from offline.arm.compute.tree import dig
from offline.arm.errors import bad_request
from offline.arm.http import Json

_RESERVED = 5


def _configurations(scale_set: ScaleSet) -> list[Json]:
    """All ipConfigurations, flat."""
    interfaces = dig(scale_set.profile, "networkProfile.networkInterfaceConfigurations") or []
    return [configuration for each in interfaces for configuration in dig(each, "properties.ipConfigurations") or []]


def _pools(scale_set: ScaleSet) -> set[str]:
    """Ids of the back-end pools, lower case."""
    found = [
        pool["id"].lower() for each in _configurations(scale_set) for pool in dig(each, "properties.loadBalancerBackendAddressPools") or []
    ]
    return set(found)


def primary(scale_set: ScaleSet) -> None:
    """O14: exactly one primary interface, where there are any."""
    interfaces = dig(scale_set.profile, "networkProfile.networkInterfaceConfigurations") or []
    if interfaces and sum(bool(dig(each, "properties.primary")) for each in interfaces) != 1:
        raise invalid("networkInterfaceConfigurations.primary")


def subnet_room(scale_set: ScaleSet) -> None:
    """S11: Azure keeps five addresses of a subnet for itself."""
    for subnet_id in sorted(_subnets(scale_set)):
        subnet = lookup.find(scale_set.store, ids.parse(subnet_id)) or {}
        prefixes = dig(subnet, "properties.addressPrefixes") or [dig(subnet, "properties.addressPrefix")]
        room = sum(ipaddress.ip_network(each).num_addresses for each in prefixes if each and ":" not in each) - _RESERVED
        others = [
            ScaleSet(scale_set.store, each["id"], each)
            for each in scale_set.store.resources(resource_type=SCALE_SET)
            if each["id"].lower() != scale_set.id.lower()
        ]
        taken = sum(each.capacity * _subnets(each).get(subnet_id, 0) for each in others)
        wanted = scale_set.capacity * _subnets(scale_set)[subnet_id]
        if subnet and wanted + taken > room:
            raise bad_request(
                "SubnetIsFull",
                f"Subnet {subnet_id.rsplit('/', 1)[-1]} with address prefix {prefixes[0]} does not have enough capacity for {wanted} IP addresses.",
            )


def _subnets(scale_set: ScaleSet) -> dict[str, int]:
    """Subnet id (lower case) -> addresses that one instance takes in it."""
    counts: dict[str, int] = {}
    for configuration in _configurations(scale_set):
        subnet = dig(configuration, "properties.subnet.id")
        if subnet is not None:
            counts[subnet.lower()] = counts.get(subnet.lower(), 0) + 1
    return counts


def health_probe(scale_set: ScaleSet) -> None:
    """L1, L2: the probe is a balancer's, and of a rule whose pool holds the set."""
    probe = dig(scale_set.profile, "networkProfile.healthProbe.id")
    if probe is None:
        return
    parsed = ids.parse(probe)
    if parsed.type.lower() != "microsoft.network/loadbalancers/probes":
        raise bad_request(
            "InvalidJsonReferenceWrongType",
            f"Reference Id {probe} is referencing resource of a wrong type. The Id is expected to reference resources of type probes.",
        )
    balancer = scale_set.store.get(str(parsed.parent)) or {}
    rules = [
        rule["properties"]
        for rule in dig(balancer, "properties.loadBalancingRules") or []
        if str(dig(rule, "properties.probe.id")).lower() == probe.lower()
    ]
    if not rules:
        raise bad_request(
            "CannotUseInactiveHealthProbe",
            f"Virtual Machine Scale Set {scale_set.id} cannot use probe {probe}: a probe that is not used by any rule can't be its health probe.",
        )
    used = {
        pool["id"].lower() for rule in rules for pool in [rule.get("backendAddressPool"), *(rule.get("backendAddressPools") or [])] if pool
    }
    if not used & _pools(scale_set):
        raise bad_request(
            "CannotUseHealthProbeWithoutLoadBalancing",
            f"Virtual Machine Scale Set {scale_set.id} cannot use probe {probe}: no rule with it balances load to the set.",
        )


def balancers(scale_set: ScaleSet) -> None:
    """L7, S3: one public and one internal balancer at most; a Basic one only with a single placement group."""
    names = sorted({str(ids.parse(pool).parent).lower() for pool in _pools(scale_set)})
    found = [balancer for name in names if (balancer := scale_set.store.get(name)) is not None]
    kinds = [
        any(dig(front, "properties.publicIPAddress") for front in dig(each, "properties.frontendIPConfigurations") or []) for each in found
    ]
    if len(kinds) != len(set(kinds)):
        raise bad_request(
            "VMScaleSetCannotUseMultipleLoadBalancersOfSameType",
            f"VM scale set {scale_set.id} cannot use more than one load balancer of the same type (public or internal): {', '.join(each['id'] for each in found)}.",
        )
    basic = [each["id"] for each in found if dig(each, "sku.name") in (None, "Basic")]
    if basic and (scale_set.zones or not scale_set.properties.get("singlePlacementGroup")):
        raise bad_request(
            "VMScaleSetCannotReferenceLoadbalancerWhenLargeScaleOrCrossAZ",
            f"VM scale set {scale_set.id} cannot reference load balancer {basic[0]} when it is large scale or cross availability zones: a Standard load balancer is needed.",
        )


CHECKS: list[Check] = [primary, subnet_room, health_probe, balancers]
