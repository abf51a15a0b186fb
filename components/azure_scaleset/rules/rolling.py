"""The arithmetic of a rolling upgrade policy: how many instances go at a time, how many batches that makes, and when it can't go on.

Percentages are of all instances of the set. A batch is never larger than its percentage allows but has at least one instance
(acd:virtual-machine-scale-sets/virtual-machine-scale-sets-automatic-upgrade.md: sets of up to 5 instances go one by one at 20 %). Azure makes
batches smaller for update domains and unhealthy instances, which the inputs don't show: numbers of batches here are the fewest possible.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from azure_scaleset.rules.facts import AUTOMATIC_OS_UPGRADE, capacity, extensions, is_true
from azure_scaleset.rules.rule import Found
from azure_scaleset.rules.value import UNKNOWN, get, integer, same

DEFAULT_PERCENT = 20
"""Each of the three percentages that a policy leaves out (U3)."""
POLICY = "upgradePolicy.rollingUpgradePolicy"
"""Where a scale set's inputs hold the policy."""


@dataclass(frozen=True)
class RollingPolicy:
    """The part of a rolling upgrade policy that decides about batches."""

    batch_percent: int | None = DEFAULT_PERCENT
    """`maxBatchInstancePercent`; None if unknown."""
    unhealthy_percent: int | None = DEFAULT_PERCENT
    """`maxUnhealthyInstancePercent`: with more than that the next batch doesn't start; None if unknown."""
    cross_zone: bool = False
    """`enableCrossZoneUpgrade`: a batch may hold instances of several zones."""
    surge: bool = False
    """`maxSurge`: a batch is made anew before the instances it replaces are deleted."""


def rolling_policy(inputs: Any) -> RollingPolicy:
    """The policy in a scale set's inputs, defaults filled in; what is of a wrong type counts as left out."""
    return RollingPolicy(
        batch_percent=_percent(get(inputs, f"{POLICY}.maxBatchInstancePercent")),
        unhealthy_percent=_percent(get(inputs, f"{POLICY}.maxUnhealthyInstancePercent")),
        cross_zone=is_true(inputs, f"{POLICY}.enableCrossZoneUpgrade"),
        surge=is_true(inputs, f"{POLICY}.maxSurge"),
    )


def os_upgrade_policy(inputs: Any) -> RollingPolicy:
    """The policy that automatic OS image upgrades go by, whatever the mode: the set's own only with `useRollingUpgradePolicy`, else the defaults (U16)."""
    return rolling_policy(inputs) if _os_upgrade_uses_policy(inputs) else RollingPolicy()


def _os_upgrade_uses_policy(inputs: Any) -> bool:
    return is_true(inputs, "upgradePolicy.automaticOSUpgradePolicy.useRollingUpgradePolicy")


def _percent(value: Any) -> int | None:
    if value is UNKNOWN:
        return None
    given = integer(value)
    return DEFAULT_PERCENT if given is None else min(max(given, 0), 100)


def batch_size(instances: int, policy: RollingPolicy) -> int | None:
    """The most instances that a batch takes of *instances*; None if the policy's percentage is unknown, 0 if there are no instances."""
    if policy.batch_percent is None:
        return None
    return min(instances, max(1, instances * policy.batch_percent // 100))


def fewest_batches(instances: int, policy: RollingPolicy, zones: int = 1) -> int | None:
    """How many batches it takes at least, with the instances spread evenly over *zones* zones (1 for a regional set); None if the percentage is unknown.

    A batch doesn't cross zones unless the policy says so (U9).
    """
    size = batch_size(instances, policy)
    if size is None or instances <= 0:
        return None if size is None else 0
    parts = 1 if policy.cross_zone else max(1, min(zones, instances))
    share, left_over = divmod(instances, parts)
    return left_over * _ceil(share + 1, size) + (parts - left_over) * _ceil(share, size)


def unhealthy_allowed(instances: int, policy: RollingPolicy) -> int | None:
    """With how many unhealthy instances of *instances* a batch still starts; one more stops the upgrade (U10). None if the percentage is unknown."""
    return None if policy.unhealthy_percent is None else instances * policy.unhealthy_percent // 100


def smallest_unhealthy_percent(instances: int, unhealthy: int) -> int:
    """The smallest `maxUnhealthyInstancePercent` with which *instances*, of which *unhealthy* are unhealthy, still go on."""
    return min(100, max(5, _ceil(unhealthy * 100, instances)))


def uses_rolling_policy(inputs: Any) -> bool:
    """Whether some upgrade of the set certainly goes by its rolling policy: mode Rolling, and in any mode the automatic upgrades of extensions and, where it
    is told to, of the OS image (T26, U16)."""
    return same(get(inputs, "upgradePolicy.mode"), "Rolling") or upgrades_by_itself(inputs)


def upgrades_by_itself(inputs: Any) -> bool:
    """Whether Azure certainly upgrades something by the rolling policy without an update: extensions or the OS image."""
    return (is_true(inputs, AUTOMATIC_OS_UPGRADE) and _os_upgrade_uses_policy(inputs)) or any(
        is_true(extension, "enableAutomaticUpgrade") for _, extension in extensions(inputs)
    )


def cannot_progress(inputs: Any, unhealthy: int = 1) -> Iterator[Found]:
    """A rule's function (U10): the policy stops for good as soon as *unhealthy* instances are unhealthy, so that it can't roll out their mend either.

    Meant as a warning: Azure accepts the policy, and it works while all instances are healthy.
    """
    instances = capacity(inputs)
    policy = rolling_policy(inputs)
    if instances is None or instances < 1 or not uses_rolling_policy(inputs):
        return
    allowed = unhealthy_allowed(instances, policy)
    if allowed is None or policy.unhealthy_percent is None or allowed >= min(unhealthy, instances):
        return
    enough = smallest_unhealthy_percent(instances, min(unhealthy, instances))
    larger = _ceil(unhealthy * 100, policy.unhealthy_percent) if policy.unhealthy_percent else None
    yield Found(
        f"{POLICY}.maxUnhealthyInstancePercent",
        f"{policy.unhealthy_percent} % of {instances} instances is less than {unhealthy}: {_stops(unhealthy)} every rolling upgrade, "
        "also the one that would mend it.",
        f"Set maxUnhealthyInstancePercent to {enough}{_given(inputs)}"
        + (f", or have {larger} instances or more." if larger is not None else "."),
    )


def _given(inputs: Any) -> str:
    given = integer(get(inputs, f"{POLICY}.maxUnhealthyInstancePercent"))
    return f" (it is left out, and Azure's default is {DEFAULT_PERCENT})" if given is None else ""


def _stops(unhealthy: int) -> str:
    return "one unhealthy instance stops" if unhealthy == 1 else f"{unhealthy} unhealthy instances stop"


def _ceil(number: int, divisor: int) -> int:
    return -(-number // divisor)
