"""What is still to be done of a release: from what the stack file says, what Azure does, and what was asked for. Pure."""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from azure_scaleset.commands.failure import CommandError
from azure_scaleset.commands.staged.settings import Change, Settings
from azure_scaleset.staged_arguments import Idle, Slot


class Step(enum.StrEnum):
    """A part of a release, in this order. `SETTLE` to `TEST` are before the switch: what fails there leaves production as it was."""

    SETTLE = "settle"
    """An update that brings production to the slot that the stack file names: a switch was decided, and not carried out."""
    DEPLOY = "deploy"
    """An update that gives the slot its content and as many instances as the live one has."""
    TEST = "test"
    """The instances are healthy, and the application answers as it should."""
    SWITCH = "switch"
    """An update that is one write to the balancer."""
    WATCH = "watch"
    """For a while the slot must stay healthy in production. The other one is still whole: what fails here goes back."""
    DRAIN = "drain"
    """Flows that were established before the switch come to their end on the other slot."""
    REST = "rest"
    """An update that makes the other slot what it shall be."""


@dataclass(frozen=True)
class Wish:
    """What was asked for."""

    content: Mapping[str, str]
    """What the slot is to have of its own."""
    to: Slot | None
    """The slot that is to serve; None: the one that doesn't serve now, or the live one if it has the content already."""
    rest: Idle
    """What becomes of the other slot."""


@dataclass(frozen=True)
class Plan:
    """What is to be done."""

    to: Slot
    """The slot that is to serve."""
    steps: Sequence[Step]
    deploy: Sequence[Change] = ()
    """What the deployment writes into the stack file."""


def make(settings: Settings, live: Slot | None, wish: Wish) -> Plan:
    """The plan. *live*: the slot that serves in Azure. Raises `CommandError` where it isn't told which slot is meant.

    The stack file is the memory of a release that was killed: it names the other slot as active only after the tests, and lets the old one rest only after the drain.
    """
    settled = live in (None, settings.active)
    to = wish.to or _target(settings, wish)
    if settings.active is to:
        changed = settings.slot_changes(to, wish.content)
        if changed:
            raise CommandError(
                f"{to.value} is active, and a release changes the other slot: {'; '.join(map(str, changed))} can't be released to it. Leave --to out."
            )
        # The switch was decided: the tests were passed.
        resting = settings.idle is wish.rest is not Idle.KEEP
        after = [Step.REST] if resting and settled else [Step.WATCH, *([] if wish.rest is Idle.KEEP else [Step.DRAIN, Step.REST])]
        return Plan(to, [*([] if settled else [Step.SWITCH]), *after])
    changes = [*settings.slot_changes(to, wish.content), *settings.changes(idle=Idle.KEEP)]
    before = [] if settled else [Step.SETTLE]
    last = [] if wish.rest is Idle.KEEP else [Step.DRAIN, Step.REST]
    return Plan(to, [*before, Step.DEPLOY, Step.TEST, Step.SWITCH, Step.WATCH, *last], changes)


def _target(settings: Settings, wish: Wish) -> Slot:
    if not wish.content:
        raise CommandError(
            "Neither --set nor --to was given, so a second run could not tell whether the release was carried out already. Expected --set KEY=VALUE "
            f"(what is new, as version=1.5), or --to {settings.active.other.value} where the stack file has it already."
        )
    return settings.active.other if settings.slot_changes(settings.active, wish.content) else settings.active
