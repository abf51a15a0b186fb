"""What an update of a release or a switch may not do beside its purpose: touch what serves production. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from azure_scaleset.commands.failure import CommandError
from azure_scaleset.commands.staged.stack import AUTOSCALE, StagedStack
from azure_scaleset.staged_arguments import Slot


def refuse_other_changes(steps: Sequence[Mapping[str, Any]], state: StagedStack, to: Slot) -> None:
    """Raises `CommandError` when an update (`steps` of a preview, those that change something) changes the other slot or the production balancer."""
    urns = [str(step["urn"]) for step in steps]
    live = [urn for urn in urns if state.owns(urn, to.other)]
    balancer = [urn for urn in urns if urn.endswith(f"LoadBalancer::{state.name}-lb")]
    if live or balancer:
        names = ", ".join(dict.fromkeys(urn.rpartition("::")[2] for urn in [*live, *balancer]))
        raise CommandError(
            f"Deploying {to.value} would change what serves production: {names}. A release changes one slot. Expected what is new under slots.{to.value} "
            "alone. Next: pulumi preview, which shows it; where it is meant, pulumi up, and then the release."
        )


def left_to_follow(steps: Sequence[Mapping[str, Any]], state: StagedStack) -> bool:
    """Whether an update changes autoscale settings of the slots and nothing else: what a switch leaves to the update after it."""
    urns = [str(step["urn"]) for step in steps]
    return bool(urns) and all(f"{AUTOSCALE}::" in urn and any(state.owns(urn, slot) for slot in Slot) for urn in urns)


def refuse_all_but_the_switch(steps: Sequence[Mapping[str, Any]], state: StagedStack) -> None:
    """Raises `CommandError` when an update changes a slot, besides the switch."""
    touched = [str(step["urn"]).rpartition("::")[2] for step in steps for slot in Slot if state.owns(str(step["urn"]), slot)]
    if touched:
        raise CommandError(
            f"The switch would not be all: {', '.join(dict.fromkeys(touched))} would be changed, too. Expected a stack file and a program that are deployed. "
            "Next: pulumi up with `active` as it is, and this command again; or scaleset release, which does both in order."
        )
