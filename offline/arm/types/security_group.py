"""Network security groups and their rules."""

from __future__ import annotations

from azure.mgmt.network import models

from offline.arm.errors import bad_request
from offline.arm.http import Json
from offline.arm.network import common as network
from offline.arm.references import users
from offline.arm.registry import Context, ResourceType, register

_NAME = "Microsoft.Network/networkSecurityGroups"
_DEFAULTS = (
    ("AllowVnetInBound", 65000, "Inbound", "Allow", "VirtualNetwork", "VirtualNetwork"),
    ("AllowAzureLoadBalancerInBound", 65001, "Inbound", "Allow", "AzureLoadBalancer", "*"),
    ("DenyAllInBound", 65500, "Inbound", "Deny", "*", "*"),
    ("AllowVnetOutBound", 65000, "Outbound", "Allow", "VirtualNetwork", "VirtualNetwork"),
    ("AllowInternetOutBound", 65001, "Outbound", "Allow", "*", "Internet"),
    ("DenyAllOutBound", 65500, "Outbound", "Deny", "*", "*"),
)
"""Name, priority, direction, access, source, destination: what every group ends with."""


def _put(context: Context, new: Json, old: Json | None) -> Json:
    body = network.finish(context, new, _NAME, old)
    _check_rules(network.children(body, "securityRules"))
    body["properties"]["defaultSecurityRules"] = [_default(context, *each) for each in _DEFAULTS]
    return body


def _check_rules(rules: list[Json]) -> None:
    seen: dict[tuple[str, int], str] = {}
    for number, rule in enumerate(rules):
        path = f"properties.securityRules[{number}].properties"
        properties = rule["properties"]
        priority = properties.get("priority")
        if not isinstance(priority, int) or not 100 <= priority <= 4096:
            raise bad_request(
                "SecurityRuleInvalidPriority",
                f"Security rule has invalid Priority. Value provided: {priority} Allowed range 100-4096. Rule name: {rule['name']}",
                f"{path}.priority",
            )
        place = (str(properties.get("direction")).lower(), priority)
        if place in seen:
            raise bad_request(
                "SecurityRuleConflict",
                f"Security rule {rule['name']} conflicts with rule {seen[place]}. Rules cannot have the same Priority and Direction.",
                f"{path}.priority",
            )
        seen[place] = rule["name"]
        for one in ("sourcePortRange", "destinationPortRange"):
            for text in [properties.get(one), *(properties.get(one + "s") or [])]:
                if text is not None:
                    _check_ports(rule["name"], text, f"{path}.{one}")
        for one in ("sourceAddressPrefix", "destinationAddressPrefix"):
            if (
                not properties.get(one)
                and not properties.get(one + "es")
                and not properties.get(one.replace("AddressPrefix", "ApplicationSecurityGroups"))
            ):
                raise bad_request(
                    "SecurityRuleParameterNotSpecified", f"Security rule {rule['name']} has no value for {one} or {one}es.", f"{path}.{one}"
                )
        for one in ("sourcePortRange", "destinationPortRange"):
            if not properties.get(one) and not properties.get(one + "s"):
                raise bad_request(
                    "SecurityRuleParameterNotSpecified", f"Security rule {rule['name']} has no value for {one} or {one}s.", f"{path}.{one}"
                )


def _check_ports(rule: str, text: str, path: str) -> None:
    """`*`, a port, or a range `low-high`."""
    low, _, high = text.partition("-")
    ends = [low, high or low]
    if text != "*" and not (all(end.isdigit() and int(end) <= 65535 for end in ends) and int(ends[0]) <= int(ends[1])):
        raise bad_request(
            "SecurityRuleInvalidPortRange",
            f"Security rule has invalid Port range. Value provided: {text}. Rule name: {rule}. Value should be an integer OR integer range with '-' delimiter. Valid range 0-65535.",
            path,
        )


def _default(context: Context, name: str, priority: int, direction: str, access: str, source: str, destination: str) -> Json:
    properties = {
        "protocol": "*",
        "sourcePortRange": "*",
        "destinationPortRange": "*",
        "sourceAddressPrefix": source,
        "destinationAddressPrefix": destination,
        "access": access,
        "priority": priority,
        "direction": direction,
        "provisioningState": "Succeeded",
    }
    return {
        "id": f"{context.id.text}/defaultSecurityRules/{name}",
        "name": name,
        "type": f"{_NAME}/defaultSecurityRules",
        "properties": properties,
    }


def _delete(context: Context, old: Json) -> None:
    found = users(context.store, context.id.text)
    if found:
        raise bad_request(
            "InUseNetworkSecurityGroupCannotBeDeleted",
            f"Network security group {context.id.text} cannot be deleted because it is in use by the following resources: {', '.join(each['id'] for each in found)}. "
            "In order to delete the Network security group, remove the association with the resource(s).",
        )


register(ResourceType(_NAME, models.NetworkSecurityGroup, on_put=_put, on_delete=_delete, patch_model=models.TagsObject))
register(ResourceType(f"{_NAME}/securityRules", models.SecurityRule, tracked=False, collection="securityRules"))
register(
    ResourceType(f"{_NAME}/defaultSecurityRules", models.SecurityRule, tracked=False, collection="defaultSecurityRules", writable=False)
)
