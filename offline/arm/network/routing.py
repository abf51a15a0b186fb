"""What the event log tells of a load balancer at each write: where its rules send."""

from __future__ import annotations

from offline.arm.http import Json
from offline.arm.network import pools
from offline.arm.network.common import children


def told(balancer: Json) -> Json:
    """The data of an event of kind `routing`. Of a balancer that is deleted: no rules.

    `{"rules": [{"name", "frontend" (id in lower case), "port", "protocol", "pools" (ids in lower case), "probed", "idleTimeoutInMinutes"}]}`
    """
    return {"rules": [_rule(each) for each in children(balancer, "loadBalancingRules")]}


def _rule(rule: Json) -> Json:
    properties = rule["properties"]
    return {
        "name": rule["name"],
        "frontend": pools.key(properties.get("frontendIPConfiguration")),
        "port": properties.get("frontendPort", 0),
        "protocol": properties.get("protocol"),
        "pools": pools.of_rule(rule),
        "probed": bool(properties.get("probe")),
        "idleTimeoutInMinutes": properties.get("idleTimeoutInMinutes", 4),
    }
