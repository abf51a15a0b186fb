"""Which instances are changed next. Pure: recomputed from the live list at each batch, because autoscale, repairs and people change the list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from azure_scaleset.rollout.instance import Instance
from azure_scaleset.rollout.policy import Policy, Reimage


@dataclass(frozen=True)
class Wanted:
    """What instances must have, beside the latest model."""

    os_since: datetime | None = None
    """An OS disk made at or after this time: custom data changed then, and only a new disk takes it (D3, T12)."""


@dataclass(frozen=True)
class Batch:
    """Instances that are changed at the same time: all of one zone."""

    instances: tuple[Instance, ...]
    canary: bool = False
    """It is the one that goes first."""

    @property
    def ids(self) -> list[str]:
        """Instance ids."""
        return [instance.id for instance in self.instances]


def old_disk(instance: Instance, wanted: Wanted, policy: Policy) -> bool:
    """Whether the instance needs a new OS disk."""
    if policy.reimage is Reimage.NEVER or wanted.os_since is None or instance.os_disk_made is None:
        return False
    return instance.os_disk_made < wanted.os_since


def outdated(instance: Instance, wanted: Wanted, policy: Policy) -> bool:
    """Whether a rollout has to change the instance."""
    return not instance.excluded and (not instance.latest_model or old_disk(instance, wanted, policy))


def next_batch(instances: Iterable[Instance], wanted: Wanted, policy: Policy) -> Batch | None:
    """The next batch, or None: nothing is left to change, or what is out must come back first.

    What doesn't serve and is outdated goes first: changing it costs nothing. Then as many as may be out beside those that are out already, all of one
    zone, in order of fault domain and number. A canary goes alone, before any instance has been changed.
    """
    present = [instance for instance in instances if not instance.excluded]
    waiting = sorted((instance for instance in present if outdated(instance, wanted, policy) and not instance.busy), key=_order)
    if not waiting:
        return None
    down = [instance for instance in waiting if not instance.serves]
    out = sum(not instance.serves for instance in present)
    # What is out and outdated may be changed although the limit is reached; nothing is taken out in addition then.
    room = policy.max_unavailable - sum(instance.busy for instance in present) if down else policy.max_unavailable - out
    if room < 1:
        return None
    chosen = _of_one_zone(down or waiting)
    if policy.canary and not any(_changed(instance, wanted, policy) for instance in present):
        return Batch(tuple(chosen[:1]), canary=True)
    return Batch(tuple(chosen[:room]))


def fewest_batches(instances: Iterable[Instance], wanted: Wanted, policy: Policy) -> int:
    """The lower bound: no plan that changes one zone at a time and takes out no more than allowed needs fewer batches."""
    sizes: dict[str, int] = {}
    present = [instance for instance in instances if not instance.excluded]
    for instance in sorted(present, key=_order):
        if outdated(instance, wanted, policy):
            sizes[instance.zone or ""] = sizes.get(instance.zone or "", 0) + 1
    first = 1 if sizes and policy.canary and not any(_changed(instance, wanted, policy) for instance in present) else 0
    if first:
        sizes[next(iter(sizes))] -= 1
    return first + sum(-(-size // policy.max_unavailable) for size in sizes.values())


def _changed(instance: Instance, wanted: Wanted, policy: Policy) -> bool:
    return not outdated(instance, wanted, policy)


def _of_one_zone(ordered: Sequence[Instance]) -> list[Instance]:
    return [instance for instance in ordered if instance.zone == ordered[0].zone]


def _order(instance: Instance) -> tuple[str, int, int, str]:
    return instance.order
