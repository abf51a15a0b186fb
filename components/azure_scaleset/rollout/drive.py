"""Carries a rollout out: batch by batch, each healthy before the next, from whatever state it finds.

It keeps nothing of its own: what each instance runs is read from Azure at each look, so that it can be killed and started again at any point.
"""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from azure_scaleset.rollout import repairs, rolling_mode
from azure_scaleset.rollout.draining import Draining
from azure_scaleset.rollout.pace import Late, Pace
from azure_scaleset.rollout.plan import Batch, Wanted, next_batch, old_disk
from azure_scaleset.rollout.policy import Policy
from azure_scaleset.rollout.scale_set import LiveScaleSet
from azure_scaleset.rollout.verdict import Verdict, state
from azure_scaleset.rollout.view import View
from azure_scaleset.rollout.waiting import names
from azure_scaleset.rollout.work import Work


@dataclass(frozen=True)
class Progress:
    """How far a rollout is."""

    done: int
    """Instances with the model that serve."""
    total: int
    """Instances that count."""
    message: str
    """What is being done, one line."""


_BLOCKED = "MaxUnhealthyInstancePercentExceeded"
"""What begins Azure's code for a rolling upgrade that too many unhealthy instances keep from going on (U10)."""
_MOST_CHANGES = 2
"""So often one run changes an instance: one that is still not what is wanted then never will be."""

_FLEXIBLE_DISKS = (
    "an OS disk from before the last change of custom data, and Azure gives an instance of a Flexible scale set no other custom data than the one that it was "
    "made with. Delete it (az vmss delete-instances) and scale out by one: the new one has it; or keep them (rollout.reimage: never, --no-reimage)."
)
"""What Azure's reimage of a single virtual machine refuses."""


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
        self._report = report
        self._since = since
        self._pace = Pace(live.arm, stop or threading.Event(), policy.timeout)
        self._view = View(live, wanted, self._policy)
        self._draining = Draining(policy.drain, self._view, self._pace, self._say) if policy.drain is not None else None
        self._work = Work(self._view, self._pace, self._draining, self._say)
        self._again: set[str] = set()
        self._changes: Counter[str] = Counter()
        self._rests_since: datetime | None = None
        self._said = ""

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
        refusal = repairs.switch(self._live, running=not reason) if self._repairs else ""
        if refusal and not reason:
            reason = f"automatic repairs could not be resumed: {refusal}"
        if reason:
            self._view.look()
        suspended = self._repairs and bool(reason) and not refusal
        seen = tuple(self._view.instances)
        return Verdict(not reason, reason, seen, self._view.wanted, self._policy, suspended, repairs_refusal=refusal)

    def _put_back(self) -> None:
        if self._draining is not None:
            self._draining.put_back_what_is_left()

    def _go(self) -> str:
        """Empty when all is done, else why it stopped."""
        if self._rolling:
            stopped = rolling_mode.watch(self._live, self._since, self._say_rolling, self._pace.wait)
            # What is down already can keep Azure's upgrade from beginning, also the one that would mend it (U10).
            if stopped and _BLOCKED in stopped and self._upgrade_what_is_down():
                stopped = rolling_mode.watch(self._live, None, self._say_rolling, self._pace.wait)
            if stopped:
                return stopped
        return self._batches()

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

    def _batches(self) -> str:
        """Empty when all is done, else why it stopped."""
        self._begin()
        view = self._view
        while True:
            self._pace.go_on()
            problem = view.waiting.problem(view.present, self._again, view.now) or self._never()
            if problem:
                return problem
            # What gets another try isn't waited for: it doesn't come back by itself.
            settled = not (view.waiting.ids() - self._again) and (view.canary.passed(view.now) or view.canary.id in self._again)
            self._rests_since = (self._rests_since or view.now) if settled else None
            batch = next_batch(view.instances, view.wanted, self._policy, self._again) if settled else None
            if batch is not None and self._rested():
                problem = self._change(batch)
                if problem:
                    return problem
            elif batch is None and settled and self._complete():
                self._say("done")
                return ""
            else:
                self._say(self._waiting_for())
                self._pace.wait(view.settles_at)
                view.look()

    def _begin(self) -> None:
        """Finds out what a run before this one has left."""
        view = self._view
        view.look()
        done = [each for each in view.present if not view.outdated(each)]
        # What failed on the very model that is wanted gets one more try.
        self._again = {each.id for each in done if each.failed and not each.busy}
        if self._draining is not None:
            self._draining.put_back_of_an_earlier_run()
        if len(done) < len(view.present):
            view.distrust(done)
        # When one instance alone has what is wanted, it is the canary of a run that was stopped.
        if self._policy.canary and len(done) == 1 < len(view.present):
            view.canary.begin(done[0].id)
            view.canary.look(view.present, view.now)

    def _change(self, batch: Batch) -> str:
        """Carries a batch out; gives why it can't."""
        stubborn = [each for each in batch.ids if self._changes[each] >= _MOST_CHANGES]
        if stubborn:
            return f"{names(stubborn)} did not get what is wanted, though changed {_MOST_CHANGES} times."
        problem = self._work.carry_out(batch, self._again & set(batch.ids))
        if problem is None:
            self._again -= set(batch.ids)
            self._changes.update(batch.ids)
            self._rests_since = None
            if batch.canary:
                self._view.canary.begin(batch.ids[0])
                self._view.canary.look(self._view.present, self._view.now)
        return problem or ""

    def _rested(self) -> bool:
        """Whether the pause between two batches is over; there is none before the first."""
        pause = timedelta(seconds=self._policy.pause)
        return not self._changes or (self._rests_since is not None and self._view.now - self._rests_since >= pause)

    def _complete(self) -> bool:
        present = self._view.present
        there = bool(self._view.instances) or not self._capacity()
        return there and not any(self._view.outdated(each) for each in present) and all(each.serves for each in present)

    def _never(self) -> str:
        """What no call of Azure brings to instances."""
        if not self._live.flexible:
            return ""
        old = [each.id for each in self._view.present if each.latest_model and old_disk(each, self._view.wanted, self._policy)]
        return f"{names(old)} {'have' if len(old) > 1 else 'has'} {_FLEXIBLE_DISKS}" if old and not self._view.waiting.ids() else ""

    def _capacity(self) -> int:
        return int((self._live.model().get("sku") or {}).get("capacity") or 0)

    def _waiting_for(self) -> str:
        waited_for = self._view.waiting.ids()
        waiting = [each for each in self._view.instances if each.id in waited_for]
        if waiting:
            return f"waiting for {', '.join(f'{each.id} ({state(each)})' for each in waiting[:5])}{' …' if len(waiting) > 5 else ''}"
        if not self._view.canary.passed(self._view.now):
            return f"watching instance {self._view.canary.id}, which went first"
        if not self._rested():
            return f"pausing {self._policy.pause:.0f} seconds between two batches"
        return "waiting for what is out to come back"

    def _say_rolling(self, message: str) -> None:
        if message != self._said:
            self._view.instances = self._live.instances()
            self._say(message)

    def _say(self, message: str) -> None:
        if message == self._said:
            return
        self._said = message
        present = self._view.present
        done = sum(each.serves and not self._view.outdated(each) for each in present)
        self._report(Progress(done, len(present), message))
