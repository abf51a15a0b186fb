"""Which slot serves production now, in Azure: not what the program wants."""

import re
from collections.abc import Mapping

import pulumi

from azure_scaleset.staged_arguments import Slot

_BALANCER = re.compile(r"/resourceGroups/(?P<group>[^/]+)/providers/Microsoft\.Network/loadBalancers/(?P<name>[^/]+)/", re.IGNORECASE)


def live_slot(pools: Mapping[Slot, pulumi.Output[str]], parent: pulumi.Resource) -> "pulumi.Output[Slot | None]":
    """The slot to whose production pool a rule of the balancer leads; None where there is no such rule yet. *pools*: ids of the production pools."""

    async def ask(ids: Mapping[str, str]) -> Slot | None:
        found = _BALANCER.search(ids[Slot.BLUE])
        if found is None:
            return None
        try:
            balancer = await pulumi.runtime.invoke_async(
                "azure-native:network:getLoadBalancer",
                {"resourceGroupName": found["group"], "loadBalancerName": found["name"]},
                pulumi.InvokeOptions(parent=parent),
            )
        except Exception as error:
            # The engine gives errors of a provider as text only.
            if "ResourceNotFound" in str(error) or "ResourceGroupNotFound" in str(error):
                return None
            raise
        return slot_of_rules(balancer.get("loadBalancingRules"), ids)

    result: pulumi.Output[Slot | None] = pulumi.Output.all(**{slot.value: pool for slot, pool in pools.items()}).apply(ask)
    return result


def slot_of_rules(rules: object, pools: Mapping[str, str]) -> Slot | None:
    """The slot to whose pool the first rule leads that leads to one. *rules*: in azure-native's shape. *pools*: slot -> id."""
    for rule in rules if isinstance(rules, list) else ():
        pool = str(((rule or {}).get("backendAddressPool") or {}).get("id", "")).lower()
        for slot in Slot:
            if pool and pool == pools[slot].lower():
                return slot
    return None
