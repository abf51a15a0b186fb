"""Whether a slot may take production over, and what is told when it may not. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from azure_scaleset.rollout.instance import Instance
from azure_scaleset.rollout.plan import Wanted, old_disk
from azure_scaleset.rollout.policy import Policy
from azure_scaleset.rollout.verdict import state
from azure_scaleset.staged_arguments import Idle, Slot

_SHOWN = 10
"""So many instances are named."""


@dataclass(frozen=True)
class Seen:
    """A slot as Azure has it, against what the program wants of it."""

    slot: Slot
    exists: bool
    """Whether it has a scale set."""
    unchanged: bool
    """The scale set's model is the one that the program wants: nothing of it changes in this update."""
    instances: tuple[Instance, ...] = ()
    wanted: Wanted = field(default_factory=Wanted)
    policy: Policy = field(default_factory=Policy)
    capacity: int | None = None
    """How many instances the program wants; None where autoscale decides."""

    @property
    def serving(self) -> list[Instance]:
        """The instances that would serve: healthy, and with the scale set's model."""
        return [each for each in self.instances if self.trouble(each) is None]

    @property
    def strength(self) -> int:
        """How many would serve after this update."""
        return min(len(self.serving), len(self.instances) if self.capacity is None else self.capacity)

    def trouble(self, instance: Instance) -> str | None:
        """Why an instance would not serve what is wanted."""
        if instance.excluded or not instance.serves:
            return state(instance)
        if not instance.latest_model:
            return "not on the scale set's model"
        return "OS disk older than its custom data" if old_disk(instance, self.wanted, self.policy) else None


def reasons(new: Seen, old: Seen, idle: Idle) -> list[str]:
    """Why production can't move from *old* to *new* in this update; empty when it can. *idle*: what becomes of the old slot."""
    found: list[str] = []
    if not old.exists:
        return found  # nothing serves
    if idle is not Idle.KEEP:
        found.append(
            f"idle is {idle.value}: {old.slot.value} would lose its instances, and the connections that they still serve, in the update that takes it out of "
            "production."
        )
    else:
        found += _changes(old)
    if not new.exists:
        found.append(f"{new.slot.value} has no scale set yet.")
    elif not new.unchanged:
        found.append(
            f"{new.slot.value} does not have the wanted model: it changes in this same update, or an earlier one was not finished."
        )
    if not new.exists:
        return found
    troubles = [
        (each, trouble) for each in sorted(new.instances, key=lambda each: each.order) if (trouble := new.trouble(each)) is not None
    ]
    found += [f"instance {each.id} of {new.slot.value}: {trouble}" for each, trouble in troubles[:_SHOWN]]
    if len(troubles) > _SHOWN:
        found.append(f"{len(troubles) - _SHOWN} more instances of {new.slot.value}")
    serving = sum(each.serves for each in old.instances if not each.excluded)
    if not new.instances or new.strength < serving:
        found.append(f"{new.slot.value} has {_count(new.strength)}, {old.slot.value}, which serves, has {serving}.")
    return found


def _changes(old: Seen) -> list[str]:
    """What would happen to the slot that is left."""
    found = []
    if not old.unchanged:
        found.append(f"{old.slot.value} changes in this same update: there would be nothing to go back to.")
    if old.capacity is not None and old.capacity < len(old.instances):
        found.append(
            f"{old.slot.value} shrinks from {len(old.instances)} to {old.capacity} instances in this same update, with the connections that they serve."
        )
    return found


def _count(strength: int) -> str:
    return "no healthy instance" if not strength else "1 healthy instance" if strength == 1 else f"{strength} healthy instances"


def explain(subject: str, new: Slot, old: Slot, found: Sequence[str]) -> str:
    """The whole refusal: why, what stays as it is, the way on, and the way round."""
    return "\n".join(
        [
            f"{subject} does not make {new.value} active; {old.value} goes on serving production:",
            *(f"  - {reason}" for reason in found),
            "The balancer was not written. Changes of both slots wait while this is refused: they come after the balancer.",
            "Next, in two steps:",
            f"  1. active: {old.value}, idle: keep; then `pulumi up`: it brings {new.value} to its model and waits till all its instances serve.",
            f"  2. active: {new.value}; then `pulumi up`: the switch alone.",
            f"In an emergency `checkSwitch: false` makes {new.value} active whatever it is.",
        ]
    )


def still_live(subject: str, slot: Slot, idle: Idle) -> str:
    """Why an idle slot can't lose its instances: production leads to it."""
    return "\n".join(
        [
            f"{subject} does not make idle: {idle.value} of {slot.value}: production leads to it still, although active is {slot.other.value}.",
            "The switch was left out of this update (--target), or your own balancer did not make it yet.",
            f"Next: make the switch with idle: keep (`pulumi up` without --target; your balancer's rules take activePoolId), then idle: {idle.value}.",
            "In an emergency: checkSwitch: false.",
        ]
    )
