"""Which instances are changed next. Pure: recomputed from the live list at each batch, because autoscale, repairs and people change the list."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from azure_scaleset.rollout.instance import Instance
from azure_scaleset.rollout.policy import Policy, Reimage

CHANGE_TAG = "azure-scaleset-change"
"""Tag of a scale set with the mark of its model."""
OS_TAG = "azure-scaleset-os-since"
"""Tag of a scale set with the time since when an OS disk must be made, ISO 8601 (UTC)."""


@dataclass(frozen=True)
class Wanted:
    """What instances must have, beside the latest model."""

    os_since: datetime | None = None
    """An OS disk made at or after this time: custom data changed then, and only a new disk takes it (D3, T12)."""
    unknown_is_old: bool = False
    """Whether a disk whose age Azure doesn't tell (ephemeral ones are no resources) counts as old: true till custom data of that time has passed the gate."""

    @classmethod
    def of(cls, model: Mapping[str, Any]) -> "Wanted":
        """What a scale set's tags say, from ARM's answer. Raises ValueError for a tag that is no time with its offset."""
        text = (model.get("tags") or {}).get(OS_TAG)
        if not text:
            return cls()
        try:
            time = datetime.fromisoformat(text)
        except ValueError:
            time = None
        if time is None or time.tzinfo is None:
            raise ValueError(
                f"The scale set's tag {OS_TAG} is {text!r}. Expected a time as 2026-01-31T12:00:00+00:00: `pulumi up` writes it."
            )
        return cls(os_since=time)


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
    if policy.reimage is Reimage.NEVER or wanted.os_since is None:
        return False
    if instance.os_disk_made is not None:
        return instance.os_disk_made < wanted.os_since
    # It is no older than its machine, and may be younger.
    return wanted.unknown_is_old and not (instance.made is not None and instance.made >= wanted.os_since)


def outdated(instance: Instance, wanted: Wanted, policy: Policy) -> bool:
    """Whether a rollout has to change the instance."""
    return not instance.excluded and (not instance.latest_model or old_disk(instance, wanted, policy))


def missing(model: Mapping[str, Any], instances: Iterable[Instance]) -> int:
    """How many instances a scale set has too few, from ARM's answer and its list: Azure could not make them, or has not yet. Spot instances that were evicted are
    nobody's fault, so that of spot sets none is missing."""
    profile = (model.get("properties") or {}).get("virtualMachineProfile") or {}
    if profile.get("priority") in ("Spot", "Low"):
        return 0
    return max(0, int((model.get("sku") or {}).get("capacity") or 0) - sum(not each.leaving for each in instances))


def next_batch(instances: Iterable[Instance], wanted: Wanted, policy: Policy, again: Collection[str] = ()) -> Batch | None:
    """The next batch, or None: nothing is left to change, or what is out must come back first. *again*: ids of instances that are changed although they
    have what is wanted.

    What is out goes first: changing it costs nothing. Beside it as many as may be out, all of one zone, in order of fault domain and number. What is being
    deleted is out till it is gone: a rollout may have taken it out, and what takes its place is not there yet. A canary goes alone, before any instance
    has been changed.
    """
    instances = tuple(instances)
    present = [instance for instance in instances if not instance.excluded]
    chosen = [instance for instance in present if instance.id in again or outdated(instance, wanted, policy)]
    waiting = [instance for instance in chosen if not instance.busy]
    if not waiting:
        return None
    canary = policy.canary and len(chosen) == len(present)
    spared = _zones_with_a_single_one(chosen, policy) if canary else ()
    first = min(waiting, key=lambda each: (each.in_rotation, each.zone not in spared, each.order))
    here = sorted((each for each in waiting if each.zone == first.zone), key=lambda each: (each.in_rotation, each.order))
    out = sum(not each.in_rotation for each in present) + sum(each.leaving for each in instances)
    may_go_out = {each.id for each in [each for each in here if each.in_rotation][: max(0, policy.max_unavailable - out)]}
    # What is out may be changed although the limit is reached: it takes no further one out.
    room = 1 if canary else policy.max_unavailable
    batch = [each for each in here if not each.in_rotation or each.id in may_go_out][: max(0, room - sum(each.busy for each in present))]
    return Batch(tuple(batch), canary) if batch else None


def fewest_batches(instances: Iterable[Instance], wanted: Wanted, policy: Policy) -> int:
    """The lower bound: no plan that changes one zone at a time and takes out no more than allowed needs fewer batches."""
    present = [instance for instance in instances if not instance.excluded]
    chosen = [instance for instance in present if outdated(instance, wanted, policy)]
    batches = sum(-(-size // policy.max_unavailable) for size in Counter(each.zone for each in chosen).values())
    canary = policy.canary and chosen and len(chosen) == len(present)
    # A canary goes alone; it may take the place of a batch of its zone.
    return batches + 1 if canary and not _zones_with_a_single_one(chosen, policy) else batches


def _zones_with_a_single_one(chosen: Iterable[Instance], policy: Policy) -> set[str | None]:
    """Zones whose last batch has one instance."""
    return {
        zone for zone, size in Counter(each.zone for each in chosen).items() if size % policy.max_unavailable == 1 % policy.max_unavailable
    }
