"""What the network types share: their models, children with ids, addresses, and refusals of what is in use."""

from __future__ import annotations

import ipaddress
import uuid
from collections.abc import Iterable

from offline.arm import lookup
from offline.arm.errors import bad_request
from offline.arm.http import Json
from offline.arm.references import references
from offline.arm.registry import Context
from offline.arm.store import Store

SCALE_SET = "Microsoft.Compute/virtualMachineScaleSets"
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def finish(context: Context, body: Json, resource_type: str, old: Json | None) -> Json:
    """The body with what the network service adds: state and GUID, and for each child its id, type, etag and state. Refuses nameless and double children."""
    old_guid = ((old or {}).get("properties") or {}).get("resourceGuid")
    guid = old_guid or str(uuid.uuid5(uuid.NAMESPACE_URL, f"{context.id.key} {context.store.now().isoformat()}"))
    done = {**body, "properties": {**(body.get("properties") or {}), "provisioningState": "Succeeded", "resourceGuid": guid}}
    for child_type in lookup.embedded_types(resource_type):
        kind = child_type.name.rpartition("/")[2]
        children = lookup.items(done, child_type)
        _check_names(children, f"properties.{child_type.collection}", context.id.text)
        if children:
            done = lookup.with_items(done, child_type, [_child(context, each, kind, child_type.name) for each in children])
    return done


def _child(context: Context, child: Json, kind: str, resource_type: str) -> Json:
    child_id = f"{context.id.text}/{kind}/{child['name']}"
    properties = {**(child.get("properties") or {}), "provisioningState": "Succeeded"}
    etag = f'W/"{context.store.now().isoformat()}"'
    return {**child, "id": child_id, "type": resource_type, "etag": etag, "properties": properties}


def _check_names(children: list[Json], path: str, owner: str) -> None:
    seen: set[str] = set()
    for number, child in enumerate(children):
        name = child.get("name")
        if not name:
            raise bad_request(
                "InvalidRequestFormat",
                f"Cannot parse the request: '{path}[{number}]' of resource {owner} has no name.",
                f"{path}[{number}].name",
            )
        if name.lower() in seen:
            raise bad_request(
                "DuplicateResourceName", f"Resource {owner} has two child resources with the same name ({name}).", f"{path}[{number}].name"
            )
        seen.add(name.lower())


def removed(old: Json | None, new: Json, collection: str) -> list[Json]:
    """The children that the old body has and the new one has not."""
    kept = {str(child.get("name")).lower() for child in children(new, collection)}
    return [child for child in children(old or {}, collection) if child["name"].lower() not in kept]


def children(body: Json, collection: str) -> list[Json]:
    """`properties.<collection>` of a body."""
    return list((body.get("properties") or {}).get(collection) or [])


def taken_addresses(store: Store, subnet_id: str) -> set[str]:
    """The private addresses that load balancers and network interfaces hold in a subnet."""
    holders = (("Microsoft.Network/loadBalancers", "frontendIPConfigurations"), ("Microsoft.Network/networkInterfaces", "ipConfigurations"))
    return {
        properties["privateIPAddress"]
        for resource_type, collection in holders
        for holder in store.resources(resource_type=resource_type)
        for properties in (each.get("properties") or {} for each in children(holder, collection))
        if str((properties.get("subnet") or {}).get("id", "")).lower() == subnet_id.lower() and properties.get("privateIPAddress")
    }


def free_address(prefixes: Iterable[str], taken: set[str]) -> str:
    """The first free address of a subnet: Azure keeps the first four and the last of each range."""
    for prefix in prefixes:
        network = network_of(prefix, "addressPrefix")
        hosts = (network[number] for number in range(4, network.num_addresses - 1))
        for address in hosts:
            if str(address) not in taken:
                return str(address)
    raise bad_request("SubnetIsFull", "Subnet does not have enough capacity for 1 IP addresses.")


def network_of(prefix: str, path: str) -> Network:
    """An address range; refuses what is none."""
    try:
        return ipaddress.ip_network(prefix)
    except ValueError:
        raise bad_request(
            "InvalidCIDRNotation",
            f"The address prefix {prefix} in '{path}' is not correctly formatted: expected CIDR notation like 10.0.0.0/24.",
            path,
        ) from None


def names(resource: Json, target: str) -> bool:
    """Whether a resource refers to a target or to something below it."""
    wanted = target.lower()
    return any(each.target.lower() == wanted or each.target.lower().startswith(wanted + "/") for each in references(resource))
