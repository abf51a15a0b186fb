"""Rules of one load balancer: front ends, probes, what is outbound."""

from collections.abc import Iterator, Mapping
from typing import Any

from azure_scaleset.rules.rule import Found, Subject, Target, shown
from azure_scaleset.rules.value import UNKNOWN, absent, get, integer, items, known, maps, one_of, same, text

_rules = Subject("Load balancer", Target.LOAD_BALANCER)

FRONT_ENDS = "frontendIPConfigurations"
_CHILDREN = ("loadBalancingRules", "inboundNatRules", "inboundNatPools", "outboundRules")


def last_name(value: Any) -> str | None:
    """The last part of an id, in small letters."""
    id = text(get(value, "id"))
    return id.rstrip("/").rpartition("/")[2].casefold() if id else None


def internal(balancer: Any) -> bool | None:
    """Whether the balancer has no public address; None where that isn't known."""
    front_ends = [item for _, item in items(balancer, FRONT_ENDS)]
    if not front_ends or not known(balancer, FRONT_ENDS) or not all(isinstance(item, Mapping) for item in front_ends):
        return None
    values = [item.get(name) for item in front_ends for name in ("publicIPAddress", "publicIPPrefix")]
    if any(value is not None and value is not UNKNOWN for value in values):
        return False
    return None if UNKNOWN in values else True


@_rules.error("L7c", "A load balancer with rules has a front end.", source="LBERR")
def front_end(balancer: Any) -> Iterator[Found]:
    """Rules of all kinds lead from one."""
    given = [name for name in _CHILDREN if next(items(balancer, name), None) is not None]
    if given and (absent(balancer, FRONT_ENDS) or get(balancer, FRONT_ENDS) == []):
        yield Found(FRONT_ENDS, f"{FRONT_ENDS} is absent, and {given[0]} is given. Expected a front end.", "Add one.")


@_rules.error("L8", "A load balancer isn't Basic.", source="LBERR; notices of the retirement")
def basic_sku(balancer: Any) -> Iterator[Found]:
    """Basic was retired on 2025-09-30."""
    if same(get(balancer, "sku.name"), "Basic"):
        yield Found("sku.name", "sku.name is Basic, which was retired on 2025-09-30. Expected Standard.", "Set it to Standard.")


@_rules.warning("L8", "A load balancer states its SKU.", source="LBERR (the newest API's default wasn't verified)")
def sku_given(balancer: Any) -> Iterator[Found]:
    """Left out it was Basic for years."""
    if absent(balancer, "sku.name") and isinstance(balancer, Mapping):
        yield Found("sku.name", "sku.name is absent, which meant Basic. Expected Standard.", "Set it to Standard.")


@_rules.error("L9", "A front end with a public address has no zones of its own.", source="LBERR")
def front_end_zones(balancer: Any) -> Iterator[Found]:
    """The zones are the address's."""
    for path, front in maps(balancer, FRONT_ENDS):
        if next(items(front, "zones"), None) is not None and isinstance(front.get("publicIPAddress"), Mapping):
            yield Found(
                f"{path}.zones",
                "zones and publicIPAddress are given. Expected zones on an internal front end only.",
                "Set the zones of the public address.",
            )


@_rules.error("L11", "Outbound rules are of a public load balancer.", source="LB docs; MicrosoftDocs/azure-docs#124508")
def outbound_public(balancer: Any) -> Iterator[Found]:
    """An internal one has no address to go out from."""
    if next(items(balancer, "outboundRules"), None) is not None and internal(balancer) is True:
        yield Found(
            "outboundRules",
            "outboundRules is given, and no front end has a public address. Expected a public one.",
            "Take a NAT gateway on the subnet.",
        )


@_rules.error("L11", "A rule beside an outbound rule on the same front end doesn't go out itself.", source="LB docs; issue threads")
def outbound_snat(balancer: Any) -> Iterator[Found]:
    """disableOutboundSnat must be true."""
    outbound = {last_name(front) for _, rule in maps(balancer, "outboundRules") for _, front in maps(rule, FRONT_ENDS)} - {None}
    for path, rule in maps(balancer, "loadBalancingRules"):
        if last_name(rule.get("frontendIPConfiguration")) in outbound and rule.get("disableOutboundSnat") in (None, False):
            yield Found(
                f"{path}.disableOutboundSnat",
                f"disableOutboundSnat is {shown(rule.get('disableOutboundSnat'))}, and an outbound rule has the same front end. Expected true.",
                "Set it to true.",
            )


@_rules.error(
    "L11", "Outbound ports come in eights, at most 64 000; the idle timeout is 4 to 120 minutes.", source="LB docs; issue threads"
)
def outbound_ports(balancer: Any) -> Iterator[Found]:
    """0 ports means that Azure divides them."""
    for path, rule in maps(balancer, "outboundRules"):
        ports, minutes = integer(rule.get("allocatedOutboundPorts")), integer(rule.get("idleTimeoutInMinutes"))
        if ports is not None and (ports % 8 or not 0 <= ports <= 64_000):
            yield Found(
                f"{path}.allocatedOutboundPorts",
                f"allocatedOutboundPorts is {ports}. Expected a multiple of 8, up to 64000.",
                f"Take {min(max(ports, 8), 64_000) // 8 * 8}.",
            )
        if minutes is not None and not 4 <= minutes <= 120:
            yield Found(
                f"{path}.idleTimeoutInMinutes", f"idleTimeoutInMinutes is {minutes}. Expected 4 to 120.", "Take a value in these limits."
            )


@_rules.error(
    "L18", "A probe has a port, an interval of 5 seconds or more, 1 probe or more, and a threshold of 1 to 100.", source="TF; LB docs"
)
def probe_ranges(balancer: Any) -> Iterator[Found]:
    """The interval has no smaller value."""
    for path, probe in maps(balancer, "probes"):
        for name, low, high in (
            ("port", 1, 65_535),
            ("intervalInSeconds", 5, 2_147_483_646),
            ("numberOfProbes", 1, 2_147_483_646),
            ("probeThreshold", 1, 100),
        ):
            value = integer(probe.get(name))
            if value is not None and not low <= value <= high:
                yield Found(
                    f"{path}.{name}",
                    f"{name} is {value}. Expected {f'{low} to {high}' if high < 100_000 else f'{low} or more'}.",
                    "Correct it.",
                )


@_rules.error("L18", "A probe of http or https has a requestPath, one of tcp has none.", source="TF; LB docs")
def probe_path(balancer: Any) -> Iterator[Found]:
    """A path that isn't known yet is one."""
    for path, probe in maps(balancer, "probes"):
        protocol, request = probe.get("protocol"), probe.get("requestPath")
        if one_of(protocol, ("Http", "Https")) and request in (None, ""):
            yield Found(f"{path}.requestPath", f"requestPath is absent, and protocol is {protocol}. Expected one, as /health.", "Add it.")
        if same(protocol, "Tcp") and text(request):
            yield Found(
                f"{path}.requestPath", f"requestPath is {request!r}, and protocol is Tcp. Expected none.", "Remove it, or take Http."
            )
