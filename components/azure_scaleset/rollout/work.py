"""What is done to the instances of a batch: out of rotation, upgrade, new OS disk, back into rotation."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta

from azure.core.exceptions import ServiceRequestError, ServiceResponseError

from azure_scaleset.rollout.arm import ArmError
from azure_scaleset.rollout.draining import Draining
from azure_scaleset.rollout.instance import Instance
from azure_scaleset.rollout.pace import Pace
from azure_scaleset.rollout.plan import Batch, old_disk
from azure_scaleset.rollout.policy import Reimage
from azure_scaleset.rollout.view import View
from azure_scaleset.rollout.waiting import names

_LAG = timedelta(minutes=1)
"""So long the list of instances may take to show what an operation has done."""


class Work:
    """Changes instances of one scale set."""

    def __init__(self, view: View, pace: Pace, draining: Draining | None, say: Callable[[str], None]) -> None:
        """*draining*: takes instances out of rotation before they are changed. *say*: hears of each step."""
        self._view = view
        self._pace = pace
        self._draining = draining
        self._say = say
        self._ended: datetime | None = None

    def carry_out(self, batch: Batch, retried: Collection[str]) -> str | None:
        """Changes the batch; gives None when it was changed, else why nothing more may be done, or empty when it is to be tried again. *retried*: ids of
        those that failed on the very model that is wanted."""
        if self._draining is not None:
            problem = self._draining.take_out([each.id for each in batch.instances if each.in_rotation])
            if problem:
                return problem
        reimaged = self._new_disk_for(retried)
        upgrades = [each.id for each in batch.instances if not each.latest_model or (each.id in retried and each.id not in reimaged)]
        if upgrades and not self.upgrade(upgrades, f"upgrading {names(upgrades)}"):
            return ""
        if upgrades:
            self._look_till_at_the_model(upgrades)
        # Reimaging keeps the model that an instance has (T12). An upgrade to another image brings a new disk by itself (M7). What failed on the old disk may
        # do well on a new one: it is judged when it has that.
        stale = [each.id for each in self._view.current(batch.ids) if each.latest_model and (each.id in reimaged or self._old_disk(each))]
        if stale:
            self._say(f"reimaging {names(stale)}")
            if not self._try(stale, lambda: self._finish(self._view.live.reimage(stale))):
                return ""
        if self._draining is not None:
            self._draining.put_back(batch.ids)
            self._ended = None  # that was a change of its health, too
        self._view.begin(batch.ids, stale, self._ended)
        if stale or not upgrades:  # else that was done just now
            self._view.look()
        return None

    def upgrade(self, ids: Sequence[str], told: str) -> bool:
        """Brings instances to the latest model; whether Azure took it."""
        self._say(told)
        return self._try(ids, lambda: self._finish(self._view.live.upgrade(ids)))

    def _new_disk_for(self, retried: Collection[str]) -> set[str]:
        """Those of what is tried again that get a new disk: then their extensions run again for sure. (An instance of a Flexible set can't have one.)"""
        return set(retried) if self._view.policy.reimage is Reimage.WHEN_NEEDED and not self._view.live.flexible else set()

    def _old_disk(self, instance: Instance) -> bool:
        return old_disk(instance, self._view.wanted, self._view.policy)

    def _try(self, ids: Sequence[str], change: Callable[[], None]) -> bool:
        """Whether Azure took a change of instances; if not, what they are is looked at again. Raises `ArmError` for a refusal that will stay."""
        self._pace.go_on()
        try:
            change()
            return True
        except (ServiceRequestError, ServiceResponseError):
            pass  # whether it was carried out shows at the instances
        except ArmError as error:
            # Another operation is running (of a run that was killed, of autoscale), the operation is forgotten, or Azure is not well.
            if error.status not in (404, 408, 409, 429) and error.status < 500:
                self._view.look()
                if not set(ids) - {each.id for each in self._view.present}:
                    raise
                return False  # an instance is gone or was protected: none of them was changed
        self._pace.wait()
        self._view.look()
        return False

    def _finish(self, operation: str | None) -> None:
        """Waits for an operation. What failed in it shows at the instances."""
        self._ended = None
        while operation:
            seen = self._view.live.operation(operation)
            if seen.over:
                self._ended = seen.ended
                return
            self._pace.wait()

    def _look_till_at_the_model(self, upgraded: Sequence[str]) -> None:
        """The list of instances may be a little behind the operation."""
        since = self._view.now
        self._view.look()
        while self._view.now - since < _LAG and any(not (each.latest_model or each.failed) for each in self._view.current(upgraded)):
            self._pace.wait()
            self._view.look()
