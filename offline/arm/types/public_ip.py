"""Public IP addresses: an address is given out at creation and kept for life."""

from __future__ import annotations

import re

from azure.mgmt.network import models

from offline.arm.errors import bad_request
from offline.arm.http import Json
from offline.arm.network import common as network
from offline.arm.references import users
from offline.arm.registry import Context, ResourceType, register
from offline.arm.store import Store

_NAME = "Microsoft.Network/publicIPAddresses"
_LABEL = re.compile(r"^[a-z][a-z0-9-]{1,61}[a-z0-9]$")


def _put(context: Context, new: Json, old: Json | None) -> Json:
    body = network.finish(context, new, _NAME, old)
    properties = body["properties"]
    _check_sku(context, body)
    properties.setdefault("publicIPAllocationMethod", "Dynamic")
    if properties["publicIPAllocationMethod"] != "Static":
        raise bad_request(
            "StandardSkuPublicIPAddressesMustBeStatic",
            f"Standard sku publicIp {context.id.text} must have AllocationMethod set to Static.",
            "properties.publicIPAllocationMethod",
        )
    properties.setdefault("publicIPAddressVersion", "IPv4")
    properties.setdefault("idleTimeoutInMinutes", 4)
    given = (old or {}).get("properties", {}).get("ipAddress")
    properties["ipAddress"] = given or _next_address(context.store, properties["publicIPAddressVersion"])
    if (properties.get("dnsSettings") or {}).get("domainNameLabel"):
        properties["dnsSettings"] = {**properties["dnsSettings"], "fqdn": _fqdn(context, body)}
    return body


def _check_sku(context: Context, body: Json) -> None:
    """L8: no Basic address is given out any more, and a body without a sku asks for a Basic one."""
    body["sku"] = {"tier": "Regional", **(body.get("sku") or {})}
    name = body["sku"].setdefault("name", "Basic")
    if name.lower() == "basic":
        raise bad_request(
            "IPv4BasicSkuPublicIpCountLimitReached",
            "Cannot create more than 0 IPv4 Basic SKU public IP addresses for this subscription in this region.",
            "sku.name",
        )


def _next_address(store: Store, version: str) -> str:
    """Addresses are counted up and not used twice."""
    number = (store.document("counter", _NAME, "address") or {"number": 0})["number"] + 1
    store.put_document("counter", _NAME, "address", {"number": number})
    return f"2603:1020::{number:x}" if version == "IPv6" else f"20.{50 + number // 65536}.{number // 256 % 256}.{number % 256}"


def _fqdn(context: Context, body: Json) -> str:
    label = body["properties"]["dnsSettings"]["domainNameLabel"]
    path = "properties.dnsSettings.domainNameLabel"
    if not _LABEL.match(label):
        raise bad_request(
            "InvalidDomainNameLabel",
            f"The domain name label {label} is invalid. It must conform to the following regular expression: {_LABEL.pattern}.",
            path,
        )
    fqdn = f"{label}.{body['location']}.cloudapp.azure.com"
    for other in context.store.resources(resource_type=_NAME):
        if other["id"].lower() != context.id.key and (other["properties"].get("dnsSettings") or {}).get("fqdn") == fqdn:
            raise bad_request("DnsRecordInUse", f"DNS record {fqdn} is already used by another public IP.", path)
    return fqdn


def check_free(context: Context, address_id: str, path: str) -> None:
    """Refuses an address that another resource than the one being written holds."""
    holders = [each for each in users(context.store, address_id) if each["id"].lower() != context.id.key]
    if holders:
        raise bad_request(
            "PublicIPAddressInUse",
            f"Resource {context.id.text} is referencing public IP address {address_id} that is already allocated to resource {holders[0]['id']}.",
            path,
        )


def _delete(context: Context, old: Json) -> None:
    found = users(context.store, context.id.text)
    if found:
        raise bad_request(
            "PublicIPAddressCannotBeDeleted",
            f"Public IP address {context.id.text} can not be deleted since it is still allocated to resource {found[0]['id']}. "
            "In order to delete the public IP, disassociate/detach the Public IP address from the resource. To learn how to do this, see aka.ms/deletepublicip.",
        )


register(ResourceType(_NAME, models.PublicIPAddress, on_put=_put, on_delete=_delete, patch_model=models.TagsObject))
