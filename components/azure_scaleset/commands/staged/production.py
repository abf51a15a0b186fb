"""Which slot serves production, in Azure: read from the balancer, not from what somebody wants."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from azure_scaleset.commands.failure import CommandError
from azure_scaleset.rollout.arm import Arm
from azure_scaleset.staged_arguments import Slot

_API_VERSION = "2024-05-01"
"""Of Microsoft.Network/loadBalancers."""
_POOLS = "/backendAddressPools/"
_IDLE_MINUTES = 4
"""Azure's default of a rule's idle timeout."""


@dataclass(frozen=True)
class Production:
    """What the balancer does."""

    slot: Slot | None
    """To which slot all rules of the two pools lead; None where no rule leads to one."""
    idle_timeout: int
    """Seconds after which it gives up a silent flow: the longest of its rules."""


def look(arm: Arm, pools: Mapping[Slot, str]) -> Production:
    """Asks Azure. *pools*: slot -> id of its production pool. Raises `CommandError` for rules that lead to both slots."""
    balancer, found, _ = pools[Slot.BLUE].partition(_POOLS)
    if not found:
        raise CommandError(f"{pools[Slot.BLUE]} is no backend pool of a load balancer. Expected …/loadBalancers/…{_POOLS}…")
    return read(arm.get(balancer, _API_VERSION), pools)


def read(balancer: Mapping[str, Any], pools: Mapping[Slot, str]) -> Production:
    """What a balancer, as ARM shows it, does."""
    slots = {pool.lower(): slot for slot, pool in pools.items()}
    to: dict[Slot, list[str]] = {}
    timeout = 0
    for rule in (balancer.get("properties") or {}).get("loadBalancingRules") or ():
        properties = rule.get("properties") or {}
        targets = [properties.get("backendAddressPool"), *(properties.get("backendAddressPools") or ())]
        for slot in {slots[pool] for each in targets if (pool := str((each or {}).get("id", "")).lower()) in slots}:
            to.setdefault(slot, []).append(str(rule.get("name")))
            timeout = max(timeout, int(properties.get("idleTimeoutInMinutes") or _IDLE_MINUTES))
    if len(to) > 1:
        each = "; ".join(f"{slot.value}: {', '.join(names)}" for slot, names in to.items())
        raise CommandError(
            f"The rules of {balancer.get('id')} lead to both slots ({each}). Next: pulumi up of the stack that has the balancer, so that all lead to one."
        )
    return Production(next(iter(to), None), 60 * (timeout or _IDLE_MINUTES))
