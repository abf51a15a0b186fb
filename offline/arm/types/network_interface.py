"""Network interfaces of virtual machines: an address in a subnet, perhaps a public one."""

from __future__ import annotations

from azure.mgmt.network import models

from offline.arm import ids
from offline.arm.errors import bad_request
from offline.arm.http import Json
from offline.arm.lookup import find
from offline.arm.network import common as network
from offline.arm.references import users
from offline.arm.registry import Context, ResourceType, register
from offline.arm.types import public_ip, virtual_network

NAME = "Microsoft.Network/networkInterfaces"
"""The type."""

_MACHINE = "Microsoft.Compute/virtualMachines"


def _put(context: Context, new: Json, old: Json | None) -> Json:
    body = network.finish(context, new, NAME, old)
    configurations = network.children(body, "ipConfigurations")
    if not configurations:
        raise bad_request(
            "NetworkInterfaceMustHaveAtLeastOneIpConfiguration",
            f"Network interface {context.id.text} must have at least one IP configuration.",
            "properties.ipConfigurations",
        )
    before = {each["name"].lower(): each["properties"] for each in network.children(old or {}, "ipConfigurations")}
    done: list[Json] = []
    for number, each in enumerate(configurations):
        properties = {
            "privateIPAllocationMethod": "Dynamic",
            "privateIPAddressVersion": "IPv4",
            "primary": number == 0,
            **each["properties"],
        }
        path = f"properties.ipConfigurations[{number}].properties"
        if not properties.get("subnet"):
            raise bad_request("InvalidRequestFormat", f"Cannot parse the request: '{path}.subnet' is required.", f"{path}.subnet")
        if properties.get("publicIPAddress"):
            public_ip.check_free(context, properties["publicIPAddress"]["id"], f"{path}.publicIPAddress.id")
        held = {other["properties"]["privateIPAddress"] for other in done}
        properties["privateIPAddress"] = _address(context, properties, before.get(each["name"].lower()), held)
        done.append({**each, "properties": properties})
    return {**body, "properties": {**body["properties"], "ipConfigurations": done}}


def _address(context: Context, properties: Json, before: Json | None, held: set[str]) -> str:
    """A stated address, the one it had in this subnet, or the next free one."""
    subnet_id = properties["subnet"]["id"]
    if properties.get("privateIPAllocationMethod") == "Static" and properties.get("privateIPAddress"):
        return str(properties["privateIPAddress"])
    if before is not None and before["subnet"]["id"].lower() == subnet_id.lower():
        return str(before["privateIPAddress"])
    subnet = find(context.store, ids.parse(subnet_id)) or {}
    return network.free_address(virtual_network.prefixes(subnet), network.taken_addresses(context.store, subnet_id) | held)


def machine_of(context: Context) -> Json | None:
    """The virtual machine that an interface is attached to."""
    return next(iter(users(context.store, context.id.text, _MACHINE)), None)


def _get(context: Context, body: Json) -> Json:
    machine = machine_of(context)
    shown = {"virtualMachine": {"id": machine["id"]}, "primary": True} if machine else {}
    return {**body, "properties": {**body["properties"], **shown}}


def _delete(context: Context, old: Json) -> None:
    machine = machine_of(context)
    if machine is not None:
        raise bad_request(
            "NicInUse",
            f"Network Interface {context.id.text} is used by existing resource {machine['id']}. In order to delete the network interface, "
            "it must be dissociated from the resource. To learn more, see aka.ms/deletenic.",
        )


register(ResourceType(NAME, models.NetworkInterface, on_put=_put, on_get=_get, on_delete=_delete, patch_model=models.TagsObject))
register(
    ResourceType(
        f"{NAME}/ipConfigurations", models.NetworkInterfaceIPConfiguration, tracked=False, collection="ipConfigurations", writable=False
    )
)
