"""Rules that need more than one resource of a program."""

import ipaddress
from collections.abc import Iterator, Mapping
from typing import Any

from azure_scaleset.rules.autoscale import count
from azure_scaleset.rules.facts import CUSTOM_SCRIPT_LINUX, CUSTOM_SCRIPT_WINDOWS, DSC, capacity, extensions, flexible, is_true
from azure_scaleset.rules.gallery import plain
from azure_scaleset.rules.network import addresses, addresses_known
from azure_scaleset.rules.resources import Resources, most_machines
from azure_scaleset.rules.rule import Found, Subject, Target
from azure_scaleset.rules.value import UNKNOWN, get, items, known, mapping, maps, text

_rules = Subject("Several resources", Target.TOGETHER)

_RESERVED_ADDRESSES = 5


@_rules.error("S11", "A subnet has room for all machines, those of overprovisioning and surge included.", source="VNet docs")
def subnet_room(resources: Resources) -> Iterator[Found]:
    """Azure keeps 5 addresses of a subnet for itself. What else is in the subnet isn't counted."""
    machines = most_machines(resources)
    configurations = [path for path, address in addresses(resources.scale_set) if text(get(address, "privateIPAddressVersion")) != "IPv6"]
    if machines is None or len(resources.subnets) != 1 or not configurations:
        return
    room = _room(resources.subnets[0])
    needed = machines * len(configurations)
    if room is not None and needed > room:
        yield Found(
            "subnets[0].addressPrefix",
            f"The subnet has {room} addresses for machines. Expected {needed}: up to {machines} machines, surplus included, with {len(configurations)} each.",
            "Widen the subnet, lower the maximum, or set overprovision to false.",
        )


def _room(subnet: Mapping[str, Any]) -> int | None:
    """The IPv4 addresses of *subnet* that machines can have."""
    prefixes = _prefixes(subnet)
    sizes = []
    for prefix in prefixes or ():
        try:
            network = ipaddress.ip_network(prefix, strict=False)
        except ValueError:
            return None
        if network.version == 4:
            sizes.append(max(network.num_addresses - _RESERVED_ADDRESSES, 0))
    return sum(sizes) if sizes else None


def _prefixes(subnet: Mapping[str, Any]) -> set[str] | None:
    """The address prefixes of *subnet*; None where they aren't known. Azure has them in one property or in the other, so one that is known is all."""
    one, several = subnet.get("addressPrefix"), [prefix for _, prefix in items(subnet, "addressPrefixes")]
    if not all(isinstance(prefix, str) for prefix in several) or (one is None and not known(subnet, "addressPrefixes")):
        return None
    return {*several, *([one] if isinstance(one, str) else [])} if one is not UNKNOWN or several else None


@_rules.error("A3", "Autoscale's maximum is one that the scale set can have.", source="own deduction from S1")
def autoscale_limit(resources: Resources) -> Iterator[Found]:
    """Azure takes the setting, and fails when it scales out."""
    if flexible(resources.scale_set) is not False or not is_true(resources.scale_set, "singlePlacementGroup"):
        return
    for path, profile in maps(resources.autoscale, "profiles"):
        maximum = count(get(profile, "capacity.maximum"))
        if maximum is not None and maximum > 100:
            yield Found(
                f"autoscale.{path}.capacity.maximum",
                f"maximum is {maximum}, and singlePlacementGroup is true. Expected at most 100.",
                "Set singlePlacementGroup to false, or lower the maximum.",
            )


@_rules.warning("A4", "The capacity is in autoscale's limits.", source="amd autoscale best practices")
def autoscale_capacity(resources: Resources) -> Iterator[Found]:
    """Of some profile's: which one holds depends on the time."""
    instances = capacity(resources.scale_set)
    limits = [
        tuple(count(get(profile, f"capacity.{name}")) for name in ("minimum", "maximum"))
        for _, profile in maps(resources.autoscale, "profiles")
    ]
    if instances is None or not limits or any(None in each for each in limits):
        return
    if not any(low <= instances <= high for low, high in limits if low is not None and high is not None):
        low, high = limits[0]
        yield Found(
            "sku.capacity",
            f"capacity is {instances}, outside of autoscale's {low} to {high}. Expected it inside: autoscale would change it at once.",
            "Take a capacity in these limits; one that autoscale has chosen comes into them by itself.",
        )


@_rules.error("A5", "Autoscale is in the scale set's region.", source="amd")
def autoscale_region(resources: Resources) -> Iterator[Found]:
    """Compared where both are known."""
    own, other = text(get(resources.scale_set, "location")), text(get(resources.autoscale, "location"))
    if own and other and plain(own) != plain(other):
        yield Found("autoscale.location", f"location is {other!r}, and the scale set's is {own!r}. Expected the same.", f"Set it to {own}.")


@_rules.warning("X18", "The extensions of a set are all in the model or all resources of their own.", source="TF")
def extensions_twice(resources: Resources) -> Iterator[Found]:
    """Each update of the set sends the model's list, which removes the others."""
    inline = next(extensions(resources.scale_set), None)
    for index in range(len(resources.extensions)) if inline else ():
        yield Found(
            f"extensions[{index}]",
            "The extension is a resource of its own, and the scale set's model has extensions too. Expected all in the model: an update of the set removes the others.",
            "Move it into the scale set's model.",
        )


@_rules.warning(
    "L12", "Instances that download for their extensions have a way out.", source="default-outbound-access; acd extensions overview"
)
def way_out(resources: Resources) -> Iterator[Found]:
    """A NAT gateway, an outbound rule or a rule that goes out, or a public address on each instance. Default access is none for Flexible sets, behind an internal balancer, and in subnets without it."""
    if (
        not _downloads(resources)
        or not resources.subnets
        or not resources.all_known
        or not addresses_known(resources.scale_set, "loadBalancerBackendAddressPools")
    ):
        return
    if any(mapping(address).get("publicIPAddressConfiguration") is not None for _, address in addresses(resources.scale_set)):
        return
    if any(subnet.get("natGateway") is not None or subnet.get("routeTable") is not None for subnet in resources.subnets):
        return
    if any(_goes_out(balancer) for balancer in resources.load_balancers):
        return
    behind = next(
        (True for _, address in addresses(resources.scale_set) if get(address, "loadBalancerBackendAddressPools") not in (None, [])), False
    )
    closed = any(subnet.get("defaultOutboundAccess") is False for subnet in resources.subnets)
    if flexible(resources.scale_set) or closed or (behind and resources.load_balancers):
        yield Found(
            "subnets[0].natGateway",
            "natGateway is absent, and neither an outbound rule nor a public address leads out. Expected a way out: extensions of the scale set download.",
            "Put a NAT gateway on the subnet.",
        )


def _downloads(resources: Resources) -> bool:
    """Whether an extension certainly downloads files over http."""
    given = [*(extension for _, extension in extensions(resources.scale_set)), *resources.extensions]
    for extension in given:
        kind = f"{extension.get('publisher')}/{extension.get('type')}".casefold()
        for name in ("settings", "protectedSettings"):
            uris = get(extension, f"{name}.fileUris")
            if kind in (CUSTOM_SCRIPT_LINUX, CUSTOM_SCRIPT_WINDOWS) and isinstance(uris, list) and uris:
                return True
        if kind == DSC and text(get(extension, "settings.configuration.url")):
            return True
    return False


def _goes_out(balancer: Mapping[str, Any]) -> bool:
    """Whether *balancer* may give a way out."""
    fronts = balancer.get("frontendIPConfigurations")
    if fronts is UNKNOWN:
        return True
    public = any(
        front is UNKNOWN or mapping(front).get("publicIPAddress") is not None or mapping(front).get("publicIPPrefix") is not None
        for _, front in items(balancer, "frontendIPConfigurations")
    )
    open_rule = any(rule.get("disableOutboundSnat") is not True for _, rule in maps(balancer, "loadBalancingRules"))
    return public and (open_rule or balancer.get("outboundRules") not in (None, []) or balancer.get("loadBalancingRules") is UNKNOWN)
