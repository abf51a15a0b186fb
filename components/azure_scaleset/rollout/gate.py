"""The gate in `up`: a resource that is there only when every instance runs the model and is healthy.

It is a stash in the stack's state whose hooks carry the rollout out. While they fail it keeps its old value, so the next `up` tries again, although the scale set
itself has no change any more (an after-hook of the scale set would be run once and never again). What needs the application depends on it.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pulumi

from azure_scaleset.hook_inputs import plain
from azure_scaleset.hooks import hook
from azure_scaleset.rollout.arguments import Rollout as RolloutArgs
from azure_scaleset.rollout.in_program import live_scale_set
from azure_scaleset.rollout.plan import CHANGE_TAG, Wanted, missing
from azure_scaleset.rollout.policy import Drain, Policy, Reimage, count_of
from azure_scaleset.rollout.provider_cloud import time_of
from azure_scaleset.rules.effect import Driven
from azure_scaleset.rules.value import get
from azure_scaleset.secrecy import masked, secret_texts
from azure_scaleset.threads import at_length, in_thread, log_from_threads

if TYPE_CHECKING:
    from azure_scaleset.rollout.progress import Progress
    from azure_scaleset.rollout.scale_set import LiveScaleSet

DEFAULT_MAX_UNAVAILABLE = "20%"
"""The same as Azure's rolling policy has."""

REIMAGES = frozenset({"virtualMachineProfile.osProfile.customData"})
"""Properties for which `up` reimages, as in the table of effects."""

_GOES_ON = "`pulumi up` goes on with it."
_IS_REPLACED = "This update takes its place, and brings all instances to its own model."

Check = Callable[[str, Mapping[str, Any], Mapping[str, Any]], None]
"""Takes the set's name, the set as ARM shows it, and what the stash is to keep; raises RuntimeError when the set is not what this update made of it."""


class Gate:
    """Waits in `up` till the instances of a scale set run its model."""

    def __init__(
        self,
        name: str,
        args: RolloutArgs,
        wanted: Mapping[str, Any],
        check: Check,
        parent: pulumi.Resource,
        masks: Sequence[Any] = (),
    ) -> None:
        """*wanted*: what the stash keeps: `change`, the mark of the last change, and what else has to be waited for when it changes. *check* refuses to pass
        with another model than this update's (E1). *masks*: data with outputs in it, whose secret ones are masked in what is told: a script may print what it
        was given."""
        self._name = name
        self._args = args
        self._wanted = wanted
        self._check = check
        self._parent = parent
        self._masks = masks
        self._written: datetime | None = None
        self._before: Any = None

    def watch(self) -> "pulumi.ResourceHookBinding":
        """Hooks for the scale set: they note when a model is written, so that an older rolling upgrade is told from the one that brings it; in a preview, the mark
        of the change before."""

        async def note(args: pulumi.ResourceHookArgs) -> None:
            if pulumi.runtime.is_dry_run():
                self._before = get(await plain(args.old_inputs), f"tags.{CHANGE_TAG}")
            else:
                self._written = await time_of(self._parent)

        written = hook(f"written {self._name}", note, on_dry_run=True)
        return pulumi.ResourceHookBinding(before_create=[written], before_update=[written])

    def driven(self, instances: int) -> Driven:
        """What a preview may say of it, for a set of so many instances."""
        policy = self._policy(instances)
        return Driven(policy.max_unavailable, REIMAGES if policy.reimage is Reimage.WHEN_NEEDED else frozenset())

    def close(self, written: pulumi.CustomResource, scale_set_id: pulumi.Input[str]) -> "pulumi.Output[str]":
        """Makes the gate behind what changes the model: the scale set, or an extension of it; gives *scale_set_id*, known when the gate is passed."""

        async def pass_through(args: pulumi.ResourceHookArgs) -> None:
            wanted, passed = await plain((args.new_inputs or {}).get("input")), await plain((args.old_inputs or {}).get("input"))
            if not pulumi.runtime.is_dry_run():
                # A disk whose age nobody tells is old till custom data of this time has passed. (Gates kept no time once: the very change that has passed is none.)
                unknown_is_old = all(wanted.get(key) != (passed or {}).get(key) for key in ("osSince", "change"))
                await self._roll_out(wanted, written, unknown_is_old)
            elif isinstance(wanted["scaleSet"], str):
                # The mark of a model that is written already; this very update writes another one where it is not known yet.
                goes_on = isinstance(wanted["change"], str)
                last = wanted["change"] if goes_on else self._before
                # The gate was not passed with it. (Another number of instances alone is another thing.)
                if last not in (None, (passed or {}).get("change")):
                    await self._tell(wanted["scaleSet"], written, _GOES_ON if goes_on else _IS_REPLACED)

        rollout = hook(f"rollout {self._name}", pass_through, on_dry_run=True)
        stash = pulumi.Stash(
            f"{self._name}-rollout",
            input={**self._wanted, "scaleSet": scale_set_id},
            opts=pulumi.ResourceOptions(
                parent=self._parent,
                depends_on=[written],
                hooks=pulumi.ResourceHookBinding(before_create=[rollout], before_update=[rollout]),
            ),
        )
        result: pulumi.Output[str] = pulumi.Output.all(scale_set_id, stash.id).apply(lambda ids: ids[0])
        return result

    async def _roll_out(self, wanted: Mapping[str, Any], written: pulumi.Resource, unknown_is_old: bool) -> None:
        # Imported here: a preview needs none of it, and azure-core takes its time.
        from azure.core.exceptions import AzureError

        from azure_scaleset.rollout.arm import ArmError
        from azure_scaleset.rollout.drive import Rollout
        from azure_scaleset.rollout.verdict import explain, refused, summary

        try:
            live = await live_scale_set(wanted["scaleSet"], self._parent)
        except ConnectionError as error:
            raise RuntimeError(refused(error, str(wanted["scaleSet"]).rpartition("/")[2], NEXT_STEPS)) from error
        secrets = await secret_texts(list(self._masks))
        # On what was written: what is logged on the gate would be shown when it is over (E9).
        log = log_from_threads(written)

        def report(progress: "Progress") -> None:
            if progress.done < progress.total:  # else the summary follows
                log(masked(f"rollout: {progress.done} of {progress.total} done; {progress.message}", secrets))

        def work(stop: threading.Event) -> str:
            try:
                model = live.model()
                self._check(live.name, model, wanted)
                marked = replace(Wanted.of(model), unknown_is_old=unknown_is_old)
                rollout = Rollout(live, marked, self._policy(int(model["sku"]["capacity"])), report, stop, self._written)
                verdict = rollout.run()
            except (ArmError, AzureError, ValueError) as error:  # a tag that somebody wrote is no time
                raise RuntimeError(masked(refused(error, live.name, NEXT_STEPS), secrets)) from error
            if not verdict.done:
                raise RuntimeError(masked(explain(verdict, live.name, NEXT_STEPS), secrets))
            return f"rollout: {summary(verdict)}"

        pulumi.log.info(await at_length(work), written)

    async def _tell(self, scale_set_id: str, written: pulumi.Resource, then: str) -> None:
        """Says in a preview how far an unfinished rollout is, and what comes of it. A preview is no reason to fail: where Azure can't be asked, it says so."""
        from azure_scaleset.rollout.verdict import Verdict, summary

        def ask(live: "LiveScaleSet") -> str:
            model = live.model()
            wanted = Wanted.of(model)
            seen = tuple(live.instances(disks=wanted.os_since is not None))
            return summary(Verdict(False, "", seen, wanted, self._policy(len(seen)), missing=missing(model, seen)))

        try:
            live = await live_scale_set(scale_set_id, self._parent)
            text = f"the last rollout is unfinished: {await in_thread(lambda: ask(live))}. {then}"
        except Exception as error:  # the login, the network, the rights, a tag that somebody wrote
            text = f"the last rollout is unfinished, and how far it is can't be read ({error}). {then}"
        pulumi.log.warn(text, written)

    def _policy(self, instances: int) -> Policy:
        args = self._args
        drain = args.get("drain")
        return Policy(
            drain=Drain(drain["command"], drain.get("undo"), drain.get("seconds", 30)) if drain is not None else None,
            max_unavailable=count_of(args.get("max_unavailable", DEFAULT_MAX_UNAVAILABLE), instances),
            canary=args.get("canary", False),
            canary_pause=args.get("canary_pause", 0),
            reimage=args.get("reimage", Reimage.WHEN_NEEDED),
            timeout=60 * args.get("timeout", 90),
            health_timeout=60 * args.get("health_timeout", 15),
        )


NEXT_STEPS = (
    "Next: mend the cause, then `pulumi up`: it goes on where it stopped.",
    "Or go back: restore the previous files and settings, then `pulumi up`: it brings the changed instances back.",
    "To end an update without waiting for the instances: `rollout.wait: false`.",
)
"""What can be done after a failed rollout."""


def check_mark(name: str, model: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    """The `Check` of a scale set that carries the mark of its last change in a tag."""
    found, change = (model.get("tags") or {}).get(CHANGE_TAG), wanted["change"]
    if found != change:
        raise RuntimeError(
            f"The scale set {name} does not have the model of this update: its tag {CHANGE_TAG} is {found!r}, expected {change!r}. It was left out of the "
            "update (--target), or somebody else wrote it. Next: pulumi up without --target; if that changes nothing, pulumi refresh and pulumi up."
        )
