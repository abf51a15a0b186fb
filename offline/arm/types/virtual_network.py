"""Virtual networks and their subnets."""

from __future__ import annotations

from azure.mgmt.network import models

from offline.arm.errors import bad_request
from offline.arm.http import Json
from offline.arm.network import common as network
from offline.arm.references import users
from offline.arm.registry import Context, ResourceType, register

_NAME = "Microsoft.Network/virtualNetworks"


def _put(context: Context, new: Json, old: Json | None) -> Json:
    body = network.finish(context, new, _NAME, old)
    space = [network.network_of(prefix, "properties.addressSpace.addressPrefixes") for prefix in _space(body)]
    if not space:
        raise bad_request(
            "InvalidRequestFormat",
            "Cannot parse the request: 'properties.addressSpace.addressPrefixes' is required.",
            "properties.addressSpace",
        )
    _check_subnets(context.id.name, network.children(body, "subnets"), space)
    for subnet in network.removed(old, body, "subnets"):
        _check_unused(context, subnet)
    return body


def _space(body: Json) -> list[str]:
    return ((body.get("properties") or {}).get("addressSpace") or {}).get("addressPrefixes") or []


def prefixes(subnet: Json) -> list[str]:
    """The address ranges of a subnet, written in either of Azure's ways."""
    properties = subnet.get("properties") or {}
    return list(properties.get("addressPrefixes") or ([properties["addressPrefix"]] if properties.get("addressPrefix") else []))


def _check_subnets(owner: str, subnets: list[Json], space: list[network.Network]) -> None:
    seen: list[tuple[str, network.Network]] = []
    for number, subnet in enumerate(subnets):
        path = f"properties.subnets[{number}].properties.addressPrefix"
        if not prefixes(subnet):
            raise bad_request(
                "NetcfgInvalidSubnet",
                f"Subnet '{subnet['name']}' is not valid in virtual network '{owner}': it has no address prefix.",
                path,
            )
        for ours in (network.network_of(prefix, path) for prefix in prefixes(subnet)):
            if not any(ours.version == whole.version and ours.subnet_of(whole) for whole in space):  # type: ignore[arg-type]
                raise bad_request("NetcfgInvalidSubnet", f"Subnet '{subnet['name']}' is not valid in virtual network '{owner}'.", path)
            if any(ours.overlaps(other) for name, other in seen if name != subnet["name"]):
                raise bad_request(
                    "NetcfgSubnetRangesOverlap",
                    f"Subnet '{subnet['name']}' is not valid because its IP address range overlaps with that of an existing subnet in virtual network '{owner}'.",
                    path,
                )
            seen.append((subnet["name"], ours))


def _check_unused(context: Context, subnet: Json) -> None:
    found = users(context.store, subnet["id"])
    if found:
        raise bad_request(
            "InUseSubnetCannotBeDeleted",
            f"Subnet {subnet['name']} is in use by {found[0]['id']} and cannot be deleted. "
            "In order to delete the subnet, delete all the resources within the subnet. See aka.ms/deletesubnet.",
        )


def _delete(context: Context, old: Json) -> None:
    for subnet in network.children(old, "subnets"):
        _check_unused(context, subnet)


register(ResourceType(_NAME, models.VirtualNetwork, on_put=_put, on_delete=_delete, patch_model=models.TagsObject))
register(ResourceType(f"{_NAME}/subnets", models.Subnet, tracked=False, collection="subnets"))
