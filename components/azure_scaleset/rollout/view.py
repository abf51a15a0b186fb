"""What a rollout sees of a scale set: its instances as of the last look, whom it waits for, the canary."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property

from azure_scaleset.rollout.canary import Canary
from azure_scaleset.rollout.instance import Health, Instance
from azure_scaleset.rollout.plan import Wanted, outdated
from azure_scaleset.rollout.policy import Policy, Reimage
from azure_scaleset.rollout.scale_set import LiveScaleSet
from azure_scaleset.rollout.waiting import Waiting


class View:
    """The instances of one scale set, looked at again and again: one list a look."""

    def __init__(self, live: LiveScaleSet, wanted: Wanted, policy: Policy) -> None:
        self.live = live
        self.wanted = wanted
        self.policy = policy
        self.instances: list[Instance] = []
        """As they were seen last."""
        self.waiting = Waiting(policy.health_timeout, self.outdated)
        self.canary = Canary(policy.canary_pause)
        self._changed: dict[str, datetime] = {}
        self._new_disks: dict[str, datetime] = {}

    @property
    def now(self) -> datetime:
        """Azure's time."""
        return self.live.arm.now

    @property
    def present(self) -> list[Instance]:
        """The instances that count."""
        return [each for each in self.instances if not each.excluded]

    def outdated(self, instance: Instance) -> bool:
        """Whether the rollout has to change it."""
        return outdated(instance, self.wanted, self.policy)

    def current(self, ids: Collection[str]) -> list[Instance]:
        """Those of *ids* that count, as they were seen last."""
        return [each for each in self.present if each.id in ids]

    def look(self) -> None:
        """Reads the list."""
        seen = self.live.instances(disks=self.wanted.os_since is not None and self.policy.reimage is Reimage.WHEN_NEEDED)
        self._changed |= {each.id: self.now for each in seen if each.busy}
        self.instances = [self._trusted(each) for each in seen]
        self._note()

    def begin(self, changed: Iterable[str], new_disks: Collection[str] = (), ended: datetime | None = None) -> None:
        """Instances have just been changed, some of them by a new OS disk: they must show it, and serve. *ended*: when the change was over, if not now."""
        ids = list(changed)
        self._changed |= dict.fromkeys(ids, ended or self.now)
        self._new_disks |= dict.fromkeys(new_disks, self.now)
        self.waiting.begin(ids, self.now)
        self.instances = [self._trusted(each) for each in self.instances]
        self._note()

    def distrust(self, instances: Iterable[Instance]) -> None:
        """Takes what is reported of the health of instances for old: they may have been changed just before this run began."""
        self._changed |= {each.id: self.now for each in instances}
        self.instances = [self._trusted(each) for each in self.instances]
        self._note()

    @property
    def settles_at(self) -> datetime | None:
        """When the health of an instance that is waited for can be told again: then, not a poll later, is the time for the next look."""
        changed = [self._changed[each] for each in self.waiting.ids() if each in self._changed]
        return min((each + self._settles for each in changed if each + self._settles > self.now), default=None)

    @cached_property
    def _settles(self) -> timedelta:
        return timedelta(seconds=self.live.probing_seconds())

    def _note(self) -> None:
        self.waiting.look(self.present, self.now)
        self.canary.look(self.present, self.now)

    def _trusted(self, instance: Instance) -> Instance:
        """The instance with what is known of it beside Azure's answer: a disk that was made in this run where Azure doesn't tell; no health where the one that
        is shown may be from before the change."""
        if instance.os_disk_made is None and instance.id in self._new_disks:
            instance = replace(instance, os_disk_made=self._new_disks[instance.id])
        changed = self._changed.get(instance.id)
        if changed is None or instance.health is not Health.HEALTHY:
            return instance
        return replace(instance, health=Health.UNKNOWN) if self.now - changed < self._settles else instance
