"""NAT gateways."""

from __future__ import annotations

from azure.mgmt.network import models

from offline.arm.errors import bad_request
from offline.arm.http import Json
from offline.arm.network import common as network
from offline.arm.references import users
from offline.arm.registry import Context, ResourceType, register
from offline.arm.types import public_ip

_NAME = "Microsoft.Network/natGateways"


def _put(context: Context, new: Json, old: Json | None) -> Json:
    body = network.finish(context, new, _NAME, old)
    if not (body.get("sku") or {}).get("name"):
        raise bad_request("NatGatewaySkuNotSpecified", f"NAT gateway {context.id.text} must have a sku: Standard.", "sku.name")
    if len(body.get("zones") or []) > 1:
        raise bad_request(
            "NatGatewayWithMultipleZonesNotAllowed", f"NAT gateway {context.id.text} can be in one availability zone only.", "zones"
        )
    minutes = body["properties"].setdefault("idleTimeoutInMinutes", 4)
    if not 4 <= minutes <= 120:
        raise bad_request(
            "InvalidIdleTimeout",
            f"Idle timeout {minutes} of {context.id.text} is not in the range 4-120.",
            "properties.idleTimeoutInMinutes",
        )
    for number, address in enumerate(network.children(body, "publicIpAddresses")):
        public_ip.check_free(context, address["id"], f"properties.publicIpAddresses[{number}].id")
    return body


def _get(context: Context, body: Json) -> Json:
    """With the subnets that go out through it."""
    subnets = [
        {"id": subnet["id"]}
        for owner in context.store.resources(resource_type="Microsoft.Network/virtualNetworks")
        for subnet in network.children(owner, "subnets")
        if network.names(subnet, body["id"])
    ]
    return {**body, "properties": {**body["properties"], "subnets": subnets}} if subnets else body


def _delete(context: Context, old: Json) -> None:
    found = users(context.store, context.id.text)
    if found:
        raise bad_request(
            "InUseNatGatewayCannotBeDeleted",
            f"NAT gateway {context.id.text} cannot be deleted because it is in use by {found[0]['id']}. In order to delete it, remove it from the subnets.",
        )


register(ResourceType(_NAME, models.NatGateway, on_put=_put, on_delete=_delete, on_get=_get, patch_model=models.TagsObject))
