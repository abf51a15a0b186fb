"""Carries a rollout out: batch by batch, each healthy before the next, from whatever state it finds.

It keeps nothing of its own: what each instance runs is read from Azure at each look, so that it can be killed and started again at any point.
"""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from azure.core.exceptions import ServiceRequestError, ServiceResponseError

from azure_scaleset.rollout import rolling_mode
from azure_scaleset.rollout.arm import ArmError
from azure_scaleset.rollout.instance import Instance
from azure_scaleset.rollout.plan import Batch, Wanted, next_batch, old_disk, outdated
from azure_scaleset.rollout.policy import Policy, Reimage
from azure_scaleset.rollout.scale_set import LiveScaleSet
from azure_scaleset.rollout.verdict import Verdict, state
from azure_scaleset.rollout.waiting import Waiting, names

_LAG = timedelta(minutes=1)
"""So long the list of instances may take to show what an operation has done."""


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


class Cancelled(Exception):
    """The rollout was told to stop. Instances that are being changed go on; the others stay as they are."""


class _Late(Exception):
    """The time that was given is over."""


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
        self._live = live
        self._wanted = wanted
        self._policy = policy
        self._report = report
        self._stop = stop or threading.Event()
        self._since = since
        self._deadline: datetime | None = None
        self._waiting = Waiting(policy.health_timeout, self._outdated)
        self._instances: list[Instance] = []
        self._again: set[str] = set()
        self._changes: Counter[str] = Counter()
        self._canary: str | None = None
        self._canary_serves_since: datetime | None = None
        self._said = ""

    def run(self) -> Verdict:
        """Goes on until all is done, or something failed. Raises `ArmError` where Azure refuses, `Cancelled` when told to stop."""
        model = self._live.model()
        self._deadline = self._now + timedelta(seconds=self._policy.timeout)
        try:
            reason = self._go((model.get("properties", {}).get("upgradePolicy") or {}).get("mode") == "Rolling")
        except _Late:
            reason = f"it took longer than {self._policy.timeout / 60:.0f} minutes (rollout.timeout)."
        repairs = bool((model.get("properties", {}).get("automaticRepairsPolicy") or {}).get("enabled"))
        refusal = self._set_repairs(running=not reason) if repairs else ""
        if refusal and not reason:
            reason = f"automatic repairs could not be resumed: {refusal}"
        if reason:
            self._look()
        suspended = repairs and bool(reason) and not refusal
        return Verdict(not reason, reason, tuple(self._instances), self._wanted, self._policy, suspended, repairs_refusal=refusal)

    def _go(self, rolling: bool) -> str:
        """Empty when all is done, else why it stopped."""
        if rolling:
            stopped = rolling_mode.watch(self._live, self._since, self._say_rolling, self._wait)
            # What is down already can keep Azure's upgrade from beginning, also the one that would mend it (U10).
            if stopped and _BLOCKED in stopped and self._upgrade_what_is_down():
                stopped = rolling_mode.watch(self._live, None, self._say_rolling, self._wait)
            if stopped:
                return stopped
        return self._batches()

    def _upgrade_what_is_down(self) -> bool:
        """Upgrades outdated instances that are out, which costs nothing; gives whether there were any. None when the model itself failed somewhere."""
        self._look()
        down = [each.id for each in self._instances if self._outdated(each) and not (each.latest_model or each.in_rotation or each.busy)]
        if not down or any(each.failed and not each.excluded and not self._outdated(each) for each in self._instances):
            return False
        self._say(f"upgrading {names(down)}, which did not serve")
        self._try(down, lambda: self._finish(self._live.upgrade(down)))
        return True

    @property
    def _now(self) -> datetime:
        return self._live.arm.now

    def _batches(self) -> str:
        """Empty when all is done, else why it stopped."""
        self._look()
        # What failed on the very model that is wanted gets one more try.
        self._again = {
            each.id for each in self._instances if each.failed and not each.busy and not each.excluded and not self._outdated(each)
        }
        self._canary = self._canary_of_an_earlier_run()
        while True:
            problem = self._waiting.problem(self._present, self._again, self._now)
            if problem:
                return problem
            # What gets another try isn't waited for: it doesn't come back by itself.
            settled = not (self._waiting.ids() - self._again) and self._canary_passed()
            batch = next_batch(self._instances, self._wanted, self._policy, self._again) if settled else None
            if batch is not None:
                stubborn = [each for each in batch.ids if self._changes[each] >= _MOST_CHANGES]
                if stubborn:
                    return f"{names(stubborn)} did not get what is wanted, though changed {_MOST_CHANGES} times."
                self._carry_out(batch)
            elif (
                settled
                and (self._instances or not self._capacity())
                and not any(self._outdated(each) for each in self._present)
                and all(each.serves for each in self._present)
            ):
                self._say("done")
                return ""
            else:
                self._say(self._waiting_for())
                self._wait()
                self._look()

    def _carry_out(self, batch: Batch) -> None:
        retried = self._again & set(batch.ids)
        reimaged = retried if self._policy.reimage is Reimage.WHEN_NEEDED else set()
        upgrades = [each.id for each in batch.instances if not each.latest_model or each.id in retried - reimaged]
        if upgrades:
            self._say(f"upgrading {names(upgrades)}")
            if not self._try(upgrades, lambda: self._finish(self._live.upgrade(upgrades))):
                return
            self._look_till_at_the_model(upgrades)
        # Reimaging keeps the model that an instance has (T12). An upgrade to another image brings a new disk by itself (M7). What failed on the old disk may
        # do well on a new one: it is judged when it has that.
        stale = [
            each.id
            for each in self._present
            if each.id in batch.ids and each.latest_model and (each.id in reimaged or old_disk(each, self._wanted, self._policy))
        ]
        if stale:
            self._say(f"reimaging {names(stale)}")
            if not self._try(stale, lambda: self._finish(self._live.reimage(stale))):
                return
        self._again -= retried
        self._changes.update(batch.ids)
        self._waiting.begin(batch.ids, self._now)
        if batch.canary:
            self._canary, self._canary_serves_since = batch.ids[0], None
        if stale or not upgrades:
            self._look()
        else:  # that was done just now
            self._waiting.look(self._present, self._now)

    def _try(self, ids: Sequence[str], change: Callable[[], None]) -> bool:
        """Whether Azure took a change of instances; if not, what they are is looked at again. Raises `ArmError` for a refusal that will stay."""
        try:
            change()
            return True
        except (ServiceRequestError, ServiceResponseError):
            pass  # whether it was carried out shows at the instances
        except ArmError as error:
            # Another operation is running (of a run that was killed, of autoscale), the operation is forgotten, or Azure is not well.
            if error.status not in (404, 408, 409, 429) and error.status < 500:
                self._look()
                if not set(ids) - {each.id for each in self._present}:
                    raise
                return False  # an instance is gone or was protected: none of them was changed
        self._wait()
        self._look()
        return False

    def _finish(self, operation: str | None) -> None:
        """Waits for an operation. What failed in it shows at the instances."""
        while operation and not self._live.operation(operation).over:
            self._wait()

    def _look_till_at_the_model(self, upgraded: Sequence[str]) -> None:
        """The list of instances may be a little behind the operation."""
        since = self._now
        self._look()
        while self._now - since < _LAG and any(each.id in upgraded and not (each.latest_model or each.failed) for each in self._present):
            self._wait()
            self._look()

    def _look(self) -> None:
        self._instances = self._live.instances(disks=self._wanted.os_since is not None and self._policy.reimage is Reimage.WHEN_NEEDED)
        self._waiting.look(self._present, self._now)
        canary = next((each for each in self._present if each.id == self._canary), None)
        if canary is None:
            self._canary = None
        self._canary_serves_since = (self._canary_serves_since or self._now) if canary is not None and canary.serves else None

    def _capacity(self) -> int:
        return int((self._live.model().get("sku") or {}).get("capacity") or 0)

    @property
    def _present(self) -> list[Instance]:
        return [each for each in self._instances if not each.excluded]

    def _canary_of_an_earlier_run(self) -> str | None:
        """When one instance alone has what is wanted, it is the canary of a run that was stopped. One that failed gets another try, and is watched then."""
        changed = [each.id for each in self._present if not self._outdated(each) and each.id not in self._again]
        return changed[0] if self._policy.canary and len(changed) == 1 < len(self._present) else None

    def _canary_passed(self) -> bool:
        if self._canary is None or not self._policy.canary_pause:
            return True
        since = self._canary_serves_since
        return since is not None and self._now - since >= timedelta(seconds=self._policy.canary_pause)

    def _outdated(self, instance: Instance) -> bool:
        return outdated(instance, self._wanted, self._policy)

    def _wait(self) -> None:
        if self._stop.is_set():
            raise Cancelled
        if self._deadline is not None and self._now > self._deadline:
            raise _Late
        self._live.arm.pause()

    def _waiting_for(self) -> str:
        waited_for = self._waiting.ids()
        waiting = [each for each in self._instances if each.id in waited_for]
        if waiting:
            return f"waiting for {', '.join(f'{each.id} ({state(each)})' for each in waiting[:5])}{' …' if len(waiting) > 5 else ''}"
        if not self._canary_passed():
            return f"watching instance {self._canary}, which went first"
        return "waiting for what is out to come back"

    def _set_repairs(self, running: bool) -> str:
        """Empty when Azure did it, else its refusal: what came of the rollout must be told all the same."""
        tries = 6
        while True:
            try:
                self._live.set_repairs(running)
                return ""
            except (ArmError, ServiceRequestError, ServiceResponseError) as error:
                tries -= 1
                if not tries:
                    return str(error)
            self._live.arm.pause()

    def _say_rolling(self, message: str) -> None:
        if message != self._said:
            self._instances = self._live.instances()
            self._say(message)

    def _say(self, message: str) -> None:
        if message == self._said:
            return
        self._said = message
        done = sum(each.serves and not self._outdated(each) for each in self._present)
        self._report(Progress(done, len(self._present), message))
