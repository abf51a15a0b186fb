"""The frontends of a load balancer: public or internal, and which address each has."""

from __future__ import annotations

import ipaddress

from offline.arm import ids
from offline.arm.errors import bad_request
from offline.arm.http import Json
from offline.arm.lookup import find
from offline.arm.network import common
from offline.arm.registry import Context
from offline.arm.types import public_ip, virtual_network


def is_public(balancer: Json) -> bool:
    """Whether a balancer faces the internet: its frontends are public addresses."""
    return any(frontend["properties"].get("publicIPAddress") for frontend in common.children(balancer, "frontendIPConfigurations"))


def with_addresses(context: Context, balancer: Json, old: Json | None) -> Json:
    """The balancer with an address for each internal frontend; a frontend that stays keeps its own. Refuses frontends that Azure does."""
    before = {frontend["name"].lower(): frontend["properties"] for frontend in common.children(old or {}, "frontendIPConfigurations")}
    done: list[Json] = []
    for number, frontend in enumerate(common.children(balancer, "frontendIPConfigurations")):
        path = f"properties.frontendIPConfigurations[{number}]"
        properties = {"privateIPAllocationMethod": "Dynamic", **frontend["properties"]}
        _check(context, {**frontend, "properties": properties}, path)
        if properties.get("subnet"):
            held = {each["properties"].get("privateIPAddress") for each in done} - {None}
            properties["privateIPAddress"] = _address(context, properties, before.get(frontend["name"].lower(), {}), held, path)
        done.append({**frontend, "properties": properties})
    kinds = {bool(frontend["properties"].get("subnet")) for frontend in done}
    if len(kinds) > 1:
        raise bad_request(
            "LoadBalancerCannotHaveBothPublicAndInternalFrontends",
            f"Load balancer {context.id.text} has public and internal frontends: it can have one kind only.",
            "properties.frontendIPConfigurations",
        )
    return {**balancer, "properties": {**balancer["properties"], "frontendIPConfigurations": done}}


def _check(context: Context, frontend: Json, path: str) -> None:
    properties = frontend["properties"]
    public = properties.get("publicIPAddress")
    if bool(public) == bool(properties.get("subnet")):
        raise bad_request(
            "LoadBalancerFrontendIPConfigMustReferenceSubnetOrPublicIP",
            f"Frontend {frontend['name']} of load balancer {context.id.text} must reference either a subnet or a public IP address.",
            path,
        )
    if public:
        public_ip.check_free(context, public["id"], f"{path}.properties.publicIPAddress.id")
        if frontend.get("zones"):
            raise bad_request(
                "LoadBalancerFrontendIPConfigCannotHaveZoneWhenReferencingPublicIPAddress",
                f"Frontend {frontend['name']} of load balancer {context.id.text} cannot have a zone because it references a public IP address.",
                f"{path}.zones",
            )


def _address(context: Context, properties: Json, before: Json, held: set[str], path: str) -> str:
    """The stated address (Static), the one it had in this subnet, or the next free one."""
    subnet_id = properties["subnet"]["id"]
    subnet = find(context.store, ids.parse(subnet_id)) or {}
    ours = {frontend.get("privateIPAddress") for frontend in [before]} if _subnet(before) == subnet_id.lower() else set()
    taken = (common.taken_addresses(context.store, subnet_id) - ours) | held
    if properties["privateIPAllocationMethod"] == "Dynamic":
        return next(iter(ours - {None}), None) or common.free_address(virtual_network.prefixes(subnet), taken)
    stated = str(properties.get("privateIPAddress"))
    ranges = [common.network_of(prefix, path) for prefix in virtual_network.prefixes(subnet)]
    try:
        inside = any(ipaddress.ip_address(stated) in each for each in ranges)
    except ValueError:
        inside = False
    here = f"{path}.properties.privateIPAddress"
    if not inside:
        raise bad_request(
            "PrivateIPAddressNotInSubnet",
            f"Private static IP address {stated} does not belong to the range of subnet prefix {', '.join(map(str, ranges))}.",
            here,
        )
    if stated in taken:
        raise bad_request("PrivateIPAddressInUse", f"IP address {stated} is already allocated in subnet {subnet_id}.", here)
    return stated


def _subnet(properties: Json) -> str:
    return str((properties.get("subnet") or {}).get("id", "")).lower()
