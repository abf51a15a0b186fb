"""Carries a rollout out: batch by batch, each healthy before the next, from whatever state it finds.

It keeps nothing of its own: what each instance runs is read from Azure at each look, so that it can be killed and started again at any point.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from azure_scaleset.rollout import rolling_mode
from azure_scaleset.rollout.arm import ArmError
from azure_scaleset.rollout.instance import Instance
from azure_scaleset.rollout.plan import Batch, Wanted, next_batch, old_disk, outdated
from azure_scaleset.rollout.policy import Policy, Reimage
from azure_scaleset.rollout.scale_set import LiveScaleSet
from azure_scaleset.rollout.verdict import Verdict, state


@dataclass(frozen=True)
class Progress:
    """How far a rollout is."""

    done: int
    """Instances with the model that serve."""
    total: int
    """Instances that count."""
    message: str
    """What is being done, one line."""


class Cancelled(Exception):
    """The rollout was told to stop. Instances that are being changed go on; the others stay as they are."""


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
        self._waits: dict[str, datetime] = {}
        self._instances: list[Instance] = []
        self._canary: tuple[str, datetime] | None = None
        self._said = ""

    def run(self) -> Verdict:
        """Goes on until all is done, or something failed. Raises `ArmError` where Azure refuses, `Cancelled` when told to stop."""
        model = self._live.model()
        self._deadline = self._now + timedelta(seconds=self._policy.timeout)
        reason = None
        if (model.get("properties", {}).get("upgradePolicy") or {}).get("mode") == "Rolling":
            reason = rolling_mode.watch(self._live, self._since, self._say_rolling, self._wait)
        reason = reason if reason is not None else self._batches()
        repairs = bool((model.get("properties", {}).get("automaticRepairsPolicy") or {}).get("enabled"))
        if repairs:
            self._set_repairs(running=not reason)
        if reason:
            self._look()
        return Verdict(not reason, reason, tuple(self._instances), self._wanted, self._policy, repairs_suspended=repairs and bool(reason))

    @property
    def _now(self) -> datetime:
        return self._live.arm.now

    def _batches(self) -> str:
        """Empty when all is done, else why it stopped."""
        self._look()
        # What failed on the very model that is wanted gets one more try.
        again = {each.id for each in self._instances if each.failed and not each.busy and not each.excluded and not self._outdated(each)}
        while True:
            problem = self._problem(again)
            if problem:
                return problem
            # What failed before and gets another try isn't waited for: it doesn't come back by itself.
            settled = not (self._waits.keys() - again) and self._canary_passed()
            batch = self._retry(again) or next_batch(self._instances, self._wanted, self._policy) if settled else None
            if batch is not None:
                problem = self._carry_out(batch, again)
                if problem:
                    return problem
            elif settled and not any(self._outdated(each) for each in self._instances) and all(map(_fine, self._instances)):
                self._say("done")
                return ""
            elif self._late():
                return f"it took longer than {self._policy.timeout / 60:.0f} minutes (rollout.timeout)."
            else:
                self._say(self._waiting_for())
                self._wait()
            self._look()

    def _carry_out(self, batch: Batch, again: set[str]) -> str:
        retried = [instance for instance in batch.instances if instance.id in again]
        again -= {instance.id for instance in retried}
        reimages = retried if self._policy.reimage is Reimage.WHEN_NEEDED else []
        upgrades = [instance.id for instance in batch.instances if not instance.latest_model or (instance in retried and not reimages)]
        try:
            if upgrades:
                self._say(f"upgrading {_names(upgrades)}")
                self._finish(self._live.upgrade(upgrades))
                self._look()
            # An upgrade to another image brings a new disk by itself (M7).
            present = {instance.id: instance for instance in self._instances}
            stale = [each for each in batch.ids if each in present and old_disk(present[each], self._wanted, self._policy)]
            stale += [instance.id for instance in reimages if instance.id not in stale]
            if stale and not any(present[each].failed for each in stale if present[each] not in retried):
                self._say(f"reimaging {_names(stale)}")
                self._finish(self._live.reimage(stale))
        except ArmError as error:
            # Another operation is running (of a run that was killed, of autoscale), or an instance is gone: look again.
            if error.status not in (404, 409):
                raise
            self._wait()
            return ""
        self._waits |= dict.fromkeys(batch.ids, self._now)
        if batch.canary:
            self._canary = (batch.ids[0], self._now)
        return ""

    def _finish(self, operation: str | None) -> None:
        """Waits for an operation. What failed in it shows at the instances."""
        while operation and not self._live.operation(operation).over and not self._late():
            self._wait()

    def _look(self) -> None:
        self._instances = self._live.instances(disks=self._wanted.os_since is not None and self._policy.reimage is Reimage.WHEN_NEEDED)
        present = {each.id: each for each in self._instances if not each.excluded}
        self._waits = {name: since for name, since in self._waits.items() if name in present and not present[name].serves}
        for each in present.values():
            if not each.serves and not self._outdated(each):
                self._waits.setdefault(each.id, self._now)

    def _problem(self, again: set[str]) -> str:
        waiting = {each.id: each for each in self._instances if each.id in self._waits and each.id not in again}
        failed = [each for each in waiting.values() if each.failed and not each.busy]
        if failed:
            return f"{_names([each.id for each in failed])} failed."
        limit = timedelta(seconds=self._policy.health_timeout)
        late = [name for name in waiting if self._now - self._waits[name] > limit]
        if late:
            words = ", ".join(f"{name}: {state(waiting[name])}" for name in late)
            return f"{_names(late)} did not become healthy within {limit.total_seconds() / 60:.0f} minutes ({words})."
        return ""

    def _retry(self, again: set[str]) -> Batch | None:
        chosen = [each for each in self._instances if each.id in again]
        return Batch(tuple(chosen[: self._policy.max_unavailable])) if chosen else None

    def _canary_passed(self) -> bool:
        if self._canary is None:
            return True
        name, since = self._canary
        canary = next((each for each in self._instances if each.id == name), None)
        return canary is None or self._now - since >= timedelta(seconds=self._policy.canary_pause)

    def _outdated(self, instance: Instance) -> bool:
        return outdated(instance, self._wanted, self._policy)

    def _late(self) -> bool:
        return self._deadline is not None and self._now > self._deadline

    def _wait(self) -> None:
        if self._stop.is_set():
            raise Cancelled
        self._live.arm.pause()

    def _waiting_for(self) -> str:
        waiting = [each for each in self._instances if each.id in self._waits]
        if waiting:
            return f"waiting for {', '.join(f'{each.id} ({state(each)})' for each in waiting[:5])}{' …' if len(waiting) > 5 else ''}"
        if self._canary is not None and not self._canary_passed():
            return f"watching instance {self._canary[0]}, which went first"
        return "waiting for what is out to come back"

    def _say_rolling(self, message: str) -> None:
        self._instances = self._live.instances()
        self._say(message)

    def _say(self, message: str) -> None:
        if message == self._said:
            return
        self._said = message
        present = [each for each in self._instances if not each.excluded]
        done = sum(each.serves and not self._outdated(each) for each in present)
        self._report(Progress(done, len(present), message))

    def _set_repairs(self, running: bool) -> None:
        self._finish(self._live.set_repairs(running))


def _fine(instance: Instance) -> bool:
    return instance.serves or instance.excluded is not None


def _names(ids: list[str]) -> str:
    shown = ", ".join(ids[:8]) + (f" and {len(ids) - 8} more" if len(ids) > 8 else "")
    return f"instance{'s' if len(ids) > 1 else ''} {shown}"
