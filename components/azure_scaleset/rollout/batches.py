"""Changes instances batch by batch, each healthy before the next, from whatever state it finds."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from azure_scaleset.rollout.draining import Draining
from azure_scaleset.rollout.pace import Pace
from azure_scaleset.rollout.plan import Batch, missing, next_batch, old_disk
from azure_scaleset.rollout.verdict import NOT_MADE, state
from azure_scaleset.rollout.view import View
from azure_scaleset.rollout.waiting import names
from azure_scaleset.rollout.work import Work

_MOST_CHANGES = 2
"""So often one run changes an instance: one that is still not what is wanted then never will be."""

_FLEXIBLE_DISKS = (
    "an OS disk from before the last change of custom data, and Azure gives an instance of a Flexible scale set no other custom data than the one that it was "
    "made with. Delete it (az vmss delete-instances) and scale out by one: the new one has it; or keep them (rollout.reimage: never, --no-reimage)."
)
"""What Azure's reimage of a single virtual machine refuses."""


class Batches:
    """The batches of one rollout."""

    def __init__(self, view: View, pace: Pace, work: Work, draining: Draining | None, say: Callable[[str], None]) -> None:
        """*draining*: the one that *work* drains with. *say*: hears of each step."""
        self._view = view
        self._policy = view.policy
        self._pace = pace
        self._work = work
        self._draining = draining
        self._say = say
        self._again: set[str] = set()
        self._changes: Counter[str] = Counter()
        self._rests_since: datetime | None = None
        self._lacks_since: datetime | None = None

    def run(self) -> str:
        """Goes on until all is done (gives an empty text), or something failed (gives why)."""
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
            lacking = missing(view.live.model(), view.instances) if batch is None and settled and self._complete() else None
            # What takes the place of one that is being deleted is made when that is gone.
            self._lacks_since = (self._lacks_since or view.now) if lacking and not any(each.leaving for each in view.instances) else None
            if batch is not None and self._rested():
                problem = self._change(batch)
                if problem:
                    return problem
            elif lacking is not None:
                if lacking == 0 or self._has_waited_for_them():
                    self._say("done" if lacking == 0 else _told(lacking))
                    return f"{_told(lacking)}. {NOT_MADE}" if lacking else ""
                self._say(f"waiting: {_told(lacking)}")
                self._pace.wait()
                view.look()
            else:
                self._say(self._waiting_for())
                self._pace.wait(view.settles_at)
                view.look()

    @property
    def only_lacks(self) -> bool:
        """Whether nothing but instances that Azure has not made keeps it from being done."""
        return self._lacks_since is not None

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
        return not any(self._view.outdated(each) for each in present) and all(each.serves for each in present)

    def _has_waited_for_them(self) -> bool:
        return self._lacks_since is not None and self._view.now - self._lacks_since > timedelta(seconds=self._policy.health_timeout)

    def _never(self) -> str:
        """What no call of Azure brings to instances."""
        if not self._view.live.flexible:
            return ""
        old = [each.id for each in self._view.present if each.latest_model and old_disk(each, self._view.wanted, self._policy)]
        return f"{names(old)} {'have' if len(old) > 1 else 'has'} {_FLEXIBLE_DISKS}" if old and not self._view.waiting.ids() else ""

    def _waiting_for(self) -> str:
        waited_for = self._view.waiting.ids()
        waiting = [each for each in self._view.instances if each.id in waited_for]
        if waiting:
            return f"waiting for {', '.join(f'{each.id} ({state(each)})' for each in waiting[:5])}{' …' if len(waiting) > 5 else ''}"
        if not self._view.canary.passed(self._view.now):
            return f"watching instance {self._view.canary.id}, which went first"
        if not self._rested():
            return f"pausing {self._policy.pause:.0f} seconds between two batches"
        leaving = [each.id for each in self._view.instances if each.leaving]
        return (
            f"waiting till {names(leaving)} {'are' if len(leaving) > 1 else 'is'} gone"
            if leaving
            else "waiting for what is out to come back"
        )


def _told(lacking: int) -> str:
    return f"{lacking} instance{'s are' if lacking > 1 else ' is'} missing"
