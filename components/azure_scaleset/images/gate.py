"""The gate of an image: a resource that is there only when the image is in Azure.

It is a stash in the stack's state whose hooks see to it, as the rollout's gate is (`rollout/gate.py`). An image is no resource of Pulumi's own, because it outlives
the update that replaces it: going back must find the version that was made then, and azure-native refuses to create what exists.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pulumi

from azure_scaleset import review_rounds
from azure_scaleset.hook_inputs import plain
from azure_scaleset.hooks import hook
from azure_scaleset.images.azure import Report, asked, done_at_length
from azure_scaleset.images.chosen import MADE_TAG
from azure_scaleset.rules.value import mapping

if TYPE_CHECKING:
    from azure_scaleset.rollout.arm import Arm


class Doubtful(str):
    """What was done, as a warning."""

    __slots__ = ()


Ensure = Callable[["Arm", Any, Report, threading.Event], str]
"""Makes what is wanted, in a thread: a connection, the stash's input as plain data, how it goes, whether to stop; gives what was done. An exception fails the update."""
Foresee = Callable[["Arm", Any], str]
"""What `up` would do, for the preview. A ValueError says why it would fail: the preview is refused."""


def gate(
    subject: str,
    name: str,
    wanted: dict[str, Any],
    ensure: Ensure,
    foresee: Foresee,
    parent: pulumi.Resource,
    depends_on: Sequence[pulumi.Resource],
) -> pulumi.Output[str]:
    """A gate that is passed when *ensure* has seen to *wanted*; gives `wanted["id"]`, in `up` when it is passed. *subject*: type and name of the component, for messages. *parent*: the
    component, on which it is logged."""

    async def pass_through(args: pulumi.ResourceHookArgs) -> None:
        given = await plain((args.new_inputs or {}).get("input"))
        had = mapping(await plain((args.old_inputs or {}).get("input")))
        if not pulumi.runtime.is_dry_run():
            await _see_to(given, ensure, parent)
        elif isinstance(given.get("id"), str):
            again = ": the one that was made before is gone" if lost(had, given) else ""
            try:
                pulumi.log.info(await asked(parent, lambda arm: foresee(arm, given)) + again, parent)
            except ValueError as error:
                review_rounds.refuse(subject, str(error), parent)

    image = hook(f"image {name}", pass_through, on_dry_run=True)
    stash = pulumi.Stash(
        name,
        input=wanted,
        opts=pulumi.ResourceOptions(
            parent=parent,
            depends_on=list(depends_on),
            hooks=pulumi.ResourceHookBinding(before_create=[image], before_update=[image]),
        ),
    )
    review_rounds.follow(stash)
    return after(stash.id, wanted["id"])


def lost(had: Mapping[str, Any], given: Mapping[str, Any]) -> bool:
    """Whether an image that the state has is made again under its id, since it isn't in Azure any more. *had*, *given*: the stash's input, before and now. Pure."""
    before, now = (mapping(mapping(each.get("body")).get("tags")).get(MADE_TAG) for each in (had, given))
    return had.get("id") == given.get("id") and isinstance(now, str) and before != now


def after(passed: pulumi.Output[Any], text: pulumi.Input[str]) -> pulumi.Output[str]:
    """*text*, known when *passed* is."""
    result: pulumi.Output[str] = pulumi.Output.all(text, passed).apply(lambda known: known[0])
    return result


async def _see_to(wanted: Any, ensure: Ensure, parent: pulumi.Resource) -> None:
    done = await done_at_length(parent, lambda arm, report, stop: ensure(arm, wanted, report, stop))
    (pulumi.log.warn if isinstance(done, Doubtful) else pulumi.log.info)(done, parent)
