"""How many running instances a change reaches, and when: the upgrade mode in words."""

from collections.abc import Mapping
from typing import Any

from azure_scaleset.rules.effect import Driven, Reach
from azure_scaleset.rules.facts import capacity, zone_count
from azure_scaleset.rules.rolling import RollingPolicy, batch_size, fewest_batches, rolling_policy
from azure_scaleset.rules.value import get, same

MODES = ("Manual", "Rolling", "Automatic")
"""The upgrade modes (U1)."""


def upgrade_mode(inputs: Any) -> str | None:
    """The upgrade mode in Azure's spelling; None if it is absent, unknown or none of them."""
    given = get(inputs, "upgradePolicy.mode")
    return next((mode for mode in MODES if same(given, mode)), None)


def running(old: Mapping[str, Any], instances: int | None) -> int | None:
    """Instances that run before the update: *instances* where somebody looked, else the old capacity; None if that isn't known."""
    count = capacity(old) if instances is None else instances
    return None if count is None else max(0, count)


def reach(old: Mapping[str, Any], new: Mapping[str, Any], instances: int | None) -> Reach:
    """How the running instances get the model *new*. The new mode and policy count: they arrive with the model."""
    mode = upgrade_mode(new)
    count = _staying(old, new, instances)
    return reach_by_policy(old, count, rolling_policy(new), mode) if mode == "Rolling" else Reach(mode, count)


def reach_by_policy(old: Mapping[str, Any], count: int | None, policy: RollingPolicy, mode: str | None) -> Reach:
    """How a rolling upgrade by *policy* reaches *count* running instances, whatever the *mode* is."""
    if count is None:
        return Reach(mode, None)
    # Instances are where the old zones are: zones that the update adds get new ones only.
    return Reach(mode, count, fewest_batches(count, policy, zone_count(old) or 1), batch_size(count, policy))


def _staying(old: Mapping[str, Any], new: Mapping[str, Any], instances: int | None) -> int | None:
    """The running instances less those that the update deletes."""
    count, wanted = running(old, instances), capacity(new)
    return count if count is None or wanted is None else min(count, max(0, wanted))


def reach_by_update(how: Reach, driven: Driven) -> Reach:
    """How the update itself reaches the instances of *how*."""
    batches = None if how.instances is None else -(-how.instances // driven.at_a_time)
    return Reach(how.mode, how.instances, batches, driven.at_a_time, driven=True)


def in_batches(reach: Reach) -> str:
    """`in at least 3 batches of at most 2`."""
    if reach.batches is None or reach.batch_size is None:
        return "batch by batch"
    return f"in at least {reach.batches} {'batch' if reach.batches == 1 else 'batches'} of at most {reach.batch_size}"


def each(reach: Reach, does: str) -> str:
    """What each running instance *does* ("restarts"), how many there are, and when: in the mode of *reach*."""
    count = reach.instances
    if count == 0:
        return "it hits no running instance; new ones get it"
    if reach.driven:
        return f"{_subject(count)} {does}, at most {reach.batch_size} at a time, in this update"
    if reach.mode == "Manual":
        one = count == 1
        subject = "the running instances stay" if count is None else "1 instance stays" if one else f"{count} instances stay"
        return f"Manual: {subject} on the old model until you run `scaleset rollout`; {'it' if one else 'each'} then {does}"
    return f"{_subject(count)} {does}{_when(reach)}"


def each_in_batches(reach: Reach, does: str) -> str:
    """As `each`, for what goes by the rolling policy whatever the mode (T26)."""
    return "it hits no running instance" if reach.instances == 0 else f"{_subject(reach.instances)} {does}, {in_batches(reach)}"


def the_running(count: int | None) -> str:
    """`the 6 running ones`."""
    return "running ones" if count is None else "the running one" if count == 1 else f"the {count} running ones"


def _subject(count: int | None) -> str:
    return "each running instance" if count is None else "the one instance" if count == 1 else f"each of {count} instances"


def _when(reach: Reach) -> str:
    if reach.mode == "Rolling":
        return f", {in_batches(reach)} (Rolling)"
    if reach.mode == "Automatic":
        return " (Automatic)" if reach.instances == 1 else ", all at once (Automatic)"
    return "; when, upgradePolicy.mode doesn't tell yet"
