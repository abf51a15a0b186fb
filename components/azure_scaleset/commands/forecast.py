"""What a rollout would do: its batches, if every instance comes back healthy. Changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from rich.table import Table

from azure_scaleset.rollout.instance import Health, Instance
from azure_scaleset.rollout.plan import Batch, Wanted, fewest_batches, next_batch, old_disk, outdated
from azure_scaleset.rollout.policy import Policy, Reimage


@dataclass(frozen=True)
class Step:
    """A batch of the forecast."""

    ids: tuple[str, ...]
    zone: str | None
    what: str
    """What is done to its instances."""


def steps(instances: Sequence[Instance], wanted: Wanted, policy: Policy) -> list[Step]:
    """The batches in their order. What fails now although it has the model gets another try first, as in a rollout."""
    again = [each for each in instances if each.failed and not each.busy and not each.excluded and not outdated(each, wanted, policy)]
    found = [_retry(tuple(again[at : at + policy.max_unavailable]), policy) for at in range(0, len(again), policy.max_unavailable)]
    present = [_back(each, wanted) if each in again else each for each in instances]
    while any(not each.excluded and outdated(each, wanted, policy) for each in present):
        batch = next_batch(present, wanted, policy)
        if batch is None:
            # Nobody may go out before what is being deleted is gone, and what is being changed, or out by itself, is back.
            leaving = tuple(sorted(each.id for each in present if each.leaving))
            if leaving:
                found.append(Step(leaving, None, "wait till they are gone: they are being deleted"))
                present = [each for each in present if not each.leaving]
                continue
            waited_for = {each.id for each in present if not each.serves and not each.excluded}
            found.append(Step(tuple(sorted(waited_for)), None, "wait for them to come back"))
            present = [_served(each) if each.id in waited_for else each for each in present]
            continue
        found.append(_step(batch, wanted, policy))
        present = [_back(each, wanted) if each.id in batch.ids else each for each in present]
    return found


def lower_bound(instances: Sequence[Instance], wanted: Wanted, policy: Policy) -> int:
    """No plan needs fewer batches for what is out of date."""
    return fewest_batches(instances, wanted, policy)


def table(forecast: Sequence[Step]) -> Table:
    """The forecast as a table."""
    drawn = Table("batch", "instances", "zone", "what", box=None, pad_edge=False)
    for number, step in enumerate(forecast, 1):
        drawn.add_row(str(number), ", ".join(step.ids), step.zone or "-", step.what)
    return drawn


def document(forecast: Sequence[Step]) -> list[dict[str, Any]]:
    """The forecast for `--output json`."""
    return [{"instances": list(step.ids), "zone": step.zone, "what": step.what} for step in forecast]


def _step(batch: Batch, wanted: Wanted, policy: Policy) -> Step:
    upgraded = any(not each.latest_model for each in batch.instances)
    reimaged = any(old_disk(each, wanted, policy) for each in batch.instances)
    what = " and ".join(["upgrade"] * upgraded + ["new OS disk"] * reimaged)
    return Step(tuple(batch.ids), batch.instances[0].zone, f"{what}; goes first, alone" if batch.canary else what)


def _retry(instances: tuple[Instance, ...], policy: Policy) -> Step:
    what = "new OS disk" if policy.reimage is Reimage.WHEN_NEEDED else "upgrade"
    zones = {each.zone for each in instances}
    return Step(tuple(each.id for each in instances), zones.pop() if len(zones) == 1 else None, f"{what}: failed, gets another try")


def _back(instance: Instance, wanted: Wanted) -> Instance:
    return replace(_served(instance), latest_model=True, os_disk_made=wanted.os_since)


def _served(instance: Instance) -> Instance:
    health = None if instance.health is None else Health.HEALTHY
    return replace(instance, provisioning="Succeeded", power="running", health=health, extensions=())
