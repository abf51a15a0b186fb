"""Refuses a switch to a slot that isn't ready, in the preview and in `up`, before the balancer is written."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pulumi

from azure_scaleset.hook_inputs import plain
from azure_scaleset.live_slot import live_slot
from azure_scaleset.review import binding
from azure_scaleset.rollout.change import Change
from azure_scaleset.rollout.in_program import live_scale_set
from azure_scaleset.rollout.plan import CHANGE_TAG, Wanted
from azure_scaleset.rollout.policy import Policy
from azure_scaleset.rollout.provider_cloud import unasked
from azure_scaleset.staged_arguments import Idle, Slot, StagedScaleSetArgs
from azure_scaleset.staged_switch import Seen, explain, reasons, still_live
from azure_scaleset.threads import in_thread

if TYPE_CHECKING:
    from azure_scaleset.rollout.scale_set import LiveScaleSet


@dataclass(frozen=True)
class Expected:
    """What the program wants of a slot."""

    scale_set_id: pulumi.Output[str]
    """The id that its scale set has or would have."""
    change: Change | None
    """The marks of its model; None where it shall have no scale set."""
    capacity: int | None
    """How many instances it shall have; None where autoscale decides."""
    policy: Policy
    """What its rollout may do."""


class SwitchGuard:
    """The guard of one staged scale set."""

    def __init__(self, subject: str, args: StagedScaleSetArgs, parent: pulumi.Resource) -> None:
        """*subject*: type and name, for messages. *args*: of the staged scale set."""
        self._subject, self._parent = subject, parent
        self._active, self._idle, self._checks = args["active"], args.get("idle", Idle.KEEP), args.get("check_switch", True)
        self._elsewhere = "production_pool_ids" in args
        self.pools: Mapping[Slot, pulumi.Output[str]] = {}
        """Slot -> id of its production pool. Set before the program ends, as `slots`: hooks run after that."""
        self.slots: Mapping[Slot, Expected] = {}

    def of_switch(self) -> "pulumi.ResourceHookBinding":
        """The hooks of what makes the switch."""
        return binding(self._subject, self._told(self._check), self._parent)

    def of_slot(self, slot: Slot) -> "pulumi.ResourceHookBinding":
        """The hooks of the scale set of an idle slot that loses its instances: not while production leads to it (E1)."""

        async def check() -> str | None:
            return still_live(self._subject, slot, self._idle) if self._checks and await self._live() is slot else None

        return binding(self._subject, self._told(check), self._parent)

    def _told(self, check: Callable[[], Awaitable[str | None]]) -> Callable[[pulumi.ResourceHookArgs], Awaitable[str | None]]:
        """*check*, where Azure tells which slot serves. Where it can't be asked, `up` refuses and a preview warns."""

        async def checked(_: pulumi.ResourceHookArgs) -> str | None:
            try:
                return await check()
            except ConnectionError as error:
                if not pulumi.runtime.is_dry_run():
                    return f"{self._subject}: {error}"
                pulumi.log.warn(f"{error} Till then `pulumi up` refuses it.", self._parent)
                return None

        return checked

    async def _live(self) -> Slot | None:
        """Azure is asked, not the state: a write that failed half-way, or one by hand, left another truth. Raises ConnectionError where it can't be asked."""
        try:
            live = await plain(live_slot(self.pools, self._parent))
        except Exception as error:  # the engine's word for a provider's error is no class of its own
            raise unasked("which slot serves production can't be found out", error) from error
        return live if isinstance(live, Slot) else None

    async def _check(self) -> str | None:
        live = await self._live()
        if live is None or live is self._active:
            return None
        if not self._checks:
            pulumi.log.warn(f"{self._active.value} becomes active unchecked: checkSwitch is false. Remove it afterwards.", self._parent)
            return None
        if self._elsewhere and self._idle is not Idle.KEEP:
            return still_live(self._subject, live, self._idle)
        # Imported here: a preview without a switch needs none of it, and azure-core takes its time.
        from azure.core.exceptions import AzureError

        from azure_scaleset.rollout.arm import ArmError

        try:
            new, old = [await self._seen(slot) for slot in (self._active, live)]
        except (ArmError, AzureError, OSError, ValueError) as error:
            problem = f"whether {self._active.value} may become active can't be found out: {error}"
            if not pulumi.runtime.is_dry_run():
                return explain(self._subject, self._active, live, [problem])
            pulumi.log.warn(f"{problem.rstrip('.')}. `pulumi up` refuses it then.", self._parent)
            return None
        found = reasons(new, old, self._idle)
        if found:
            return explain(self._subject, self._active, live, found)
        text = (
            f"production moves from {live.value} ({len(old.instances)} instances) to {self._active.value} ({len(new.serving)} healthy). "
            f"Connections that are open stay at {live.value} till they end."
        )
        pulumi.log.info(text, self._parent)
        return None

    async def _seen(self, slot: Slot) -> Seen:
        expected = self.slots[slot]
        mark, current = await _mark(expected.change)
        live = await live_scale_set(str(await plain(expected.scale_set_id)), self._parent)
        return await in_thread(lambda: self._look(slot, live, mark if current else None))

    def _look(self, slot: Slot, live: "LiveScaleSet", mark: str | None) -> Seen:
        from azure_scaleset.rollout.arm import ArmError

        expected = self.slots[slot]
        try:
            model = live.model()
        except ArmError as error:
            if error.status != 404:
                raise
            return Seen(slot, exists=False, unchanged=False, capacity=expected.capacity)
        wanted = Wanted.of(model)
        return Seen(
            slot,
            exists=True,
            unchanged=mark is not None and (model.get("tags") or {}).get(CHANGE_TAG) == mark,
            instances=tuple(live.instances(disks=wanted.os_since is not None)),
            wanted=wanted,
            policy=expected.policy,
            capacity=expected.capacity,
        )


async def _mark(change: Change | None) -> tuple[str | None, bool]:
    """The mark that the scale set must have, and whether it is that of the model that the program wants: it isn't where the mark was left out of this update."""
    if change is None:
        return None, False
    mark: Any = await plain(change.tags[CHANGE_TAG])
    return (mark, await plain(change.digest) == await plain(change.model.output)) if isinstance(mark, str) else (None, False)
