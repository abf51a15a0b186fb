"""A staged scale set as it is in a stack's exported state. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from azure_scaleset.commands.failure import CommandError
from azure_scaleset.commands.target import RESOURCE_TYPE
from azure_scaleset.staged_arguments import Slot

COMPONENT = "azure-scaleset:index:StagedScaleSet"
"""Pulumi's type of it."""
AUTOSCALE = "azure-native:monitor:AutoscaleSetting"
"""Azure-native's type of an autoscale setting."""


@dataclass(frozen=True)
class StagedStack:
    """What the state tells."""

    name: str
    """Name in the program."""
    pools: Mapping[Slot, str]
    """Slot -> id of its pool on the production balancer."""
    addresses: Mapping[Slot, str]
    """Slot -> address of its test front end. Empty where there are none."""
    scale_sets: Mapping[Slot, str]
    """Slot -> id of its scale set. A slot without one isn't there."""
    unfinished: bool = False
    """An update was killed, or is running."""
    elsewhere: bool = False
    """Production's balancer isn't this stack's (`productionPoolIds`): a switch is an update, and then whatever leads that balancer's rules to the other pool."""
    autoscaled: bool = False
    """A slot has an autoscale setting, whose minimum follows the slot that serves."""

    def owns(self, urn: str, slot: Slot) -> bool:
        """Whether a resource is a part of a slot."""
        name = urn.rpartition("::")[2]
        return COMPONENT in urn and (name == f"{self.name}-{slot.value}" or name.startswith(f"{self.name}-{slot.value}-"))


def read(deployment: Mapping[str, Any], stack: str) -> StagedStack:
    """The one staged scale set of a stack. Raises `CommandError` where there is none, more than one, or it was never deployed."""
    state = deployment.get("deployment") or {}
    resources = state.get("resources") or ()
    found = [each for each in resources if each["type"] == COMPONENT]
    if len(found) != 1:
        what = f"{len(found)} staged scale sets" if found else "no staged scale set"
        raise CommandError(
            f"Stack {stack} has {what} in its state. Expected one. Next: pulumi up --stack {stack}, which deploys the first version."
        )
    outputs, name = found[0].get("outputs") or {}, found[0]["urn"].rpartition("::")[2]
    pools = outputs.get("productionPoolIds") or {}
    if set(pools) != {slot.value for slot in Slot}:
        raise CommandError(
            f"The first update of stack {stack} has not come to its end: {name} has no pools in its state. Next: pulumi up --stack {stack}"
        )
    addresses = outputs.get("testAddresses") or {}
    names = {f"{name}-{slot.value}": slot for slot in Slot}
    sets = [each for each in resources if each["type"] == RESOURCE_TYPE and each.get("id") and not each.get("delete")]
    return StagedStack(
        name=name,
        pools={slot: str(pools[slot.value]) for slot in Slot},
        addresses={slot: str(addresses[slot.value]) for slot in Slot if addresses.get(slot.value)},
        scale_sets={names[own]: str(each["id"]) for each in sets if (own := each["urn"].rpartition("::")[2]) in names},
        unfinished=bool(state.get("pending_operations")),
        elsewhere=not any(each["urn"].endswith(f"azure-native:network:LoadBalancer::{name}-lb") for each in resources),
        autoscaled=any(each["type"] == AUTOSCALE and COMPONENT in each["urn"] for each in resources),
    )
