"""Rules of interfaces, and of what they name of balancers."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from azure_scaleset.rules.facts import HEALTH_PROBE, INTERFACES, flexible, is_true
from azure_scaleset.rules.rule import Found, Subject
from azure_scaleset.rules.value import UNKNOWN, absent, get, integer, items, known, maps, same, text

_rules = Subject("Network")

_PROBE = re.compile(r"/providers/Microsoft\.Network/loadBalancers/[^/]+/probes/[^/]+\Z", re.IGNORECASE)
_BALANCER = re.compile(r"\A(.*/loadBalancers/[^/]+)/", re.IGNORECASE | re.DOTALL)
_LABEL = re.compile(r"[a-z][a-z0-9-]{1,24}[a-z0-9]")
_POOLS = "loadBalancerBackendAddressPools"


def addresses(inputs: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The ipConfigurations of all interfaces, each with its path."""
    for path, interface in maps(inputs, INTERFACES):
        for place, address in maps(interface, "ipConfigurations"):
            yield f"{path}.{place}", address


def addresses_known(inputs: Any, name: str) -> bool:
    """Whether it is known which ipConfigurations there are, and the list *name* of each."""
    interfaces = [interface for _, interface in maps(inputs, INTERFACES)]
    return (
        known(inputs, INTERFACES)
        and all(known(interface, "ipConfigurations") for interface in interfaces)
        and all(known(address, name) for _, address in addresses(inputs))
    )


@_rules.error("L1", "The health probe is a load balancer's probe.", source="hashicorp/terraform-provider-azurerm#3190")
def probe_of_balancer(inputs: Any) -> Iterator[Found]:
    """Probes of an application gateway are no health signal."""
    probe = text(get(inputs, HEALTH_PROBE))
    if probe is not None and not _PROBE.search(probe):
        yield Found(
            HEALTH_PROBE,
            f"healthProbe.id is {probe!r}. Expected …/Microsoft.Network/loadBalancers/NAME/probes/NAME.",
            "Name a probe of the load balancer.",
        )


@_rules.error("L7", "The interfaces of a set are behind at most one public and one internal load balancer.", source="LBERR; acd networking")
def balancers(inputs: Any) -> Iterator[Found]:
    """Which is which the ids don't tell, but three are too many."""
    found = {
        match[1].casefold()
        for _, address in addresses(inputs)
        for _, pool in maps(address, _POOLS)
        if isinstance(id := pool.get("id"), str) and (match := _BALANCER.match(id))
    }
    if len(found) > 2:
        yield Found(
            INTERFACES,
            f"The backend pools are of {len(found)} load balancers. Expected at most one public and one internal.",
            "Remove pools.",
        )


@_rules.error("L15", "The public address of an instance stays open 4 to 32 minutes when idle.", source="acd networking")
def address_idle_timeout(inputs: Any) -> Iterator[Found]:
    """Azure's default is 4."""
    for path, address in addresses(inputs):
        minutes = integer(get(address, "publicIPAddressConfiguration.idleTimeoutInMinutes"))
        if minutes is not None and not 4 <= minutes <= 32:
            yield Found(
                f"{path}.publicIPAddressConfiguration.idleTimeoutInMinutes",
                f"idleTimeoutInMinutes is {minutes}. Expected 4 to 32.",
                "Take a value in these limits.",
            )


@_rules.error("O14", "One of several interfaces is primary, and one of several addresses of each.", source="TF")
def primary(inputs: Any) -> Iterator[Found]:
    """A single one is primary, whatever it says."""
    yield from _primary(inputs, INTERFACES, "interface")
    for path, interface in maps(inputs, INTERFACES):
        for found in _primary(interface, "ipConfigurations", "ipConfiguration"):
            yield found._replace(path=f"{path}.{found.path}")


def _primary(owner: Any, path: str, name: str) -> Iterator[Found]:
    given = [item for _, item in items(owner, path)]
    if not given or not known(owner, path) or not all(isinstance(item, Mapping) and item.get("primary") is not UNKNOWN for item in given):
        return
    count = sum(item.get("primary") is True for item in given)
    if len(given) > 1 and count != 1:
        yield Found(path, f"{count} of {len(given)} {name}s are primary. Expected exactly one.", "Set primary on one of them.")


@_rules.error("O14", "The primary address is IPv4.", source="TF")
def primary_version(inputs: Any) -> Iterator[Found]:
    """IPv6 comes beside it."""
    for path, address in addresses(inputs):
        if is_true(address, "primary") and same(get(address, "privateIPAddressVersion"), "IPv6"):
            yield Found(
                f"{path}.privateIPAddressVersion",
                "privateIPAddressVersion is IPv6 on the primary ipConfiguration. Expected IPv4.",
                "Make the IPv4 one primary.",
            )


@_rules.error("O14", "An address of IPv4 has a subnet.", source="TF")
def address_subnet(inputs: Any) -> Iterator[Found]:
    """Its id may be unknown yet."""
    for path, address in addresses(inputs):
        version = get(address, "privateIPAddressVersion")
        if (version is None or same(version, "IPv4")) and absent(address, "subnet.id"):
            yield Found(f"{path}.subnet", "subnet is absent. Expected the id of a subnet.", "Set subnet.id.")


@_rules.error("O15", "auxiliaryMode and auxiliarySku come together.", source="TF; SDK34")
def auxiliary(inputs: Any) -> Iterator[Found]:
    """The value None is the same as nothing."""
    for path, interface in maps(inputs, INTERFACES):
        values = {name: interface.get(name) for name in ("auxiliaryMode", "auxiliarySku")}
        given = [name for name, value in values.items() if isinstance(value, str) and not same(value, "None")]
        if len(given) == 1 and UNKNOWN not in values.values():
            missing = next(name for name in values if name not in given)
            yield Found(
                f"{path}.{missing}",
                f"{missing} is absent, and {given[0]} is {values[given[0]]!r}. Expected both or neither.",
                f"Set {missing}, or remove {given[0]}.",
            )


@_rules.error("O17", "The DNS label of a Flexible set's public addresses is a short DNS name.", source="TF")
def address_label(inputs: Any) -> Iterator[Found]:
    """Azure appends to it."""
    for path, address in addresses(inputs) if flexible(inputs) else ():
        place = "publicIPAddressConfiguration.dnsSettings.domainNameLabel"
        label = text(get(address, place))
        if label is not None and not _LABEL.fullmatch(label):
            yield Found(
                f"{path}.{place}",
                f"domainNameLabel is {label!r}. Expected 3 to 26 small letters, digits and '-', beginning with a letter, not ending with '-'.",
                "Take another label.",
            )
