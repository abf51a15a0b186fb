"""Carries a rollout out: batch by batch, each healthy before the next, from whatever state it finds.

It keeps nothing of its own: what each instance runs is read from Azure at each look, so that it can be killed and started again at any point.
"""

import threading
from collections.abc import Callable
from datetime import datetime

from azure_scaleset.rollout import repairs, rolling_mode
from azure_scaleset.rollout.batches import Batches
from azure_scaleset.rollout.draining import Draining
from azure_scaleset.rollout.pace import Late, Pace
from azure_scaleset.rollout.plan import Wanted, missing
from azure_scaleset.rollout.policy import Policy
from azure_scaleset.rollout.progress import Progress, Teller
from azure_scaleset.rollout.scale_set import LiveScaleSet
from azure_scaleset.rollout.verdict import Verdict
from azure_scaleset.rollout.view import View
from azure_scaleset.rollout.waiting import names
from azure_scaleset.rollout.work import Work

_BLOCKED = "MaxUnhealthyInstancePercentExceeded"
"""What begins Azure's code for a rolling upgrade that too many unhealthy instances keep from going on (U10)."""


class Rollout:
    """A rollout of one scale set."""

    def __init__(
        self,
        live: LiveScaleSet,
        wanted: Wanted,
        policy: Policy,
        report: Callable[[Progress], None],
        stop: threading.Event | None = None,
        since: datetime | None = None,
    ) -> None:
        """*report* hears of each step. *stop* ends it (`Cancelled`). *since*: when the model was written, by Azure's clock; a rolling upgrade of Azure that
        began before is an older one (T11)."""
        model = live.model()
        self._rolling = rolling_mode.is_rolling(model)
        self._repairs = repairs.enabled(model)
        self._live = live
        self._policy = rolling_mode.bounded(policy, model) if self._rolling else policy
        self._since = since
        self._pace = Pace(live.arm, stop or threading.Event(), policy.timeout)
        self._view = View(live, wanted, self._policy)
        self._told = Teller(self._view, report)
        self._draining = Draining(policy.drain, self._view, self._pace, self._told.say) if policy.drain is not None else None
        self._work = Work(self._view, self._pace, self._draining, self._told.say)
        self._batches = Batches(self._view, self._pace, self._work, self._draining, self._told.say)

    def run(self) -> Verdict:
        """Goes on until all is done, or something failed. Raises `ArmError` where Azure refuses, `Cancelled` when told to stop."""
        try:
            reason = self._go()
        except Late:
            reason = f"it took longer than {self._policy.timeout / 60:.0f} minutes (rollout.timeout)."
        except Exception:
            self._put_back()
            raise
        self._put_back()
        # Where only instances are missing, the model has failed nowhere.
        fine = not reason or self._batches.only_lacks
        refusal = repairs.switch(self._live, running=fine) if self._repairs else ""
        if refusal and fine:
            reason = f"{reason} automatic repairs could not be resumed: {refusal}".lstrip()
        lacking = 0
        if reason:
            self._view.look()
            lacking = missing(self._live.model(), self._view.instances)
        suspended = self._repairs and not fine and not refusal
        seen = tuple(self._view.instances)
        return Verdict(not reason, reason, seen, self._view.wanted, self._policy, suspended, lacking, refusal)

    def _put_back(self) -> None:
        if self._draining is not None:
            self._draining.put_back_what_is_left()

    def _go(self) -> str:
        """Empty when all is done, else why it stopped."""
        if self._rolling:
            stopped = rolling_mode.watch(self._live, self._since, self._told.look_and_say, self._pace.wait)
            # What is down already can keep Azure's upgrade from beginning, also the one that would mend it (U10).
            if stopped and _BLOCKED in stopped and self._upgrade_what_is_down():
                stopped = rolling_mode.watch(self._live, None, self._told.look_and_say, self._pace.wait)
            if stopped:
                return stopped
        return self._batches.run()

    def _upgrade_what_is_down(self) -> bool:
        """Upgrades outdated instances that are out, which costs nothing; gives whether there were any. None when the model itself failed somewhere."""
        self._view.look()
        outdated = [each for each in self._view.present if self._view.outdated(each)]
        down = [each.id for each in outdated if not (each.latest_model or each.in_rotation or each.busy)]
        if not down or any(each.failed and not self._view.outdated(each) for each in self._view.present):
            return False
        if self._work.upgrade(down, f"upgrading {names(down)}, which did not serve"):
            self._view.begin(down)
            while self._view.waiting.ids() & set(down) and not self._view.waiting.problem(self._view.present, (), self._view.now):
                self._pace.wait()
                self._view.look()
        return True
