"""The arithmetic of rolling upgrade policies."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azure_scaleset.rules.rolling import (
    RollingPolicy,
    batch_size,
    cannot_progress,
    fewest_batches,
    os_upgrade_policy,
    rolling_policy,
    smallest_unhealthy_percent,
    unhealthy_allowed,
    uses_rolling_policy,
)
from azure_scaleset.rules.rule import Found
from azure_scaleset.rules.value import UNKNOWN
from tests.unit.rules.test_effects_safety import JSON

SOME = st.integers(1, 1000)
PERCENT = st.integers(5, 100)


@pytest.mark.parametrize(
    ("instances", "percent", "size", "batches"),
    [
        (10, 20, 2, 5),
        (5, 20, 1, 5),
        (3, 20, 1, 3),
        (6, 20, 1, 6),
        (9, 20, 1, 9),
        (11, 20, 2, 6),
        (100, 5, 5, 20),
        (3, 100, 3, 1),
        (1, 5, 1, 1),
        (0, 20, 0, 0),
    ],
)
def test_batches(instances: int, percent: int, size: int, batches: int) -> None:
    """A batch is the percentage rounded down, at least one instance; sets of up to 5 go one by one at 20 %."""
    policy = RollingPolicy(batch_percent=percent)
    assert (batch_size(instances, policy), fewest_batches(instances, policy)) == (size, batches)


@pytest.mark.parametrize(("zones", "cross_zone", "batches"), [(1, False, 2), (2, False, 2), (3, False, 3), (3, True, 2), (30, False, 10)])
def test_batches_of_zones(zones: int, cross_zone: bool, batches: int) -> None:
    """10 instances in batches of 5: a batch doesn't hold instances of two zones, unless it may."""
    assert fewest_batches(10, RollingPolicy(batch_percent=50, cross_zone=cross_zone), zones) == batches


def test_uneven_zones() -> None:
    """7 instances in 3 zones are 3, 2 and 2: in batches of 2 that makes four."""
    assert fewest_batches(7, RollingPolicy(batch_percent=30), 3) == 4


@given(SOME, PERCENT, st.integers(1, 3))
def test_bounds(instances: int, percent: int, zones: int) -> None:
    """A batch keeps to its percentage, or is of one; the batches hold all instances, and zones never make fewer of them."""
    policy = RollingPolicy(batch_percent=percent)
    size, batches = batch_size(instances, policy), fewest_batches(instances, policy, zones)
    assert size is not None
    assert batches is not None
    assert size == 1 or size * 100 <= instances * percent
    assert (size + 1) * 100 > instances * percent or size == instances
    assert batches * size >= instances
    assert batches >= (fewest_batches(instances, policy) or 0)


@given(SOME, PERCENT)
def test_one_more_unhealthy_instance_stops(instances: int, percent: int) -> None:
    """As many as are allowed keep within the percentage; one more doesn't."""
    allowed = unhealthy_allowed(instances, RollingPolicy(unhealthy_percent=percent))
    assert allowed is not None
    assert allowed * 100 <= percent * instances < (allowed + 1) * 100


@given(SOME, st.integers(1, 10))
def test_smallest_percentage(instances: int, unhealthy: int) -> None:
    """The percentage named as mend is enough, and one less isn't, unless Azure takes no less (5)."""
    unhealthy = min(unhealthy, instances)
    enough = smallest_unhealthy_percent(instances, unhealthy)
    assert (unhealthy_allowed(instances, RollingPolicy(unhealthy_percent=enough)) or 0) >= unhealthy
    assert enough == 5 or (unhealthy_allowed(instances, RollingPolicy(unhealthy_percent=enough - 1)) or 0) < unhealthy


def _set(capacity: Any, mode: str = "Rolling", **policy: Any) -> dict[str, Any]:
    return {"sku": {"capacity": capacity}, "upgradePolicy": {"mode": mode, "rollingUpgradePolicy": policy}}


def test_one_unhealthy_of_two_stops_for_good() -> None:
    """20 % of 2 allows no unhealthy instance: the smallest mend is 50 %, or 5 instances."""
    assert list(cannot_progress(_set(2))) == [
        Found(
            path="upgradePolicy.rollingUpgradePolicy.maxUnhealthyInstancePercent",
            message="20 % of 2 instances is less than 1: one unhealthy instance stops every rolling upgrade, also the one that would mend it.",
            mend="Set maxUnhealthyInstancePercent to 50 (it is left out, and Azure's default is 20), or have 5 instances or more.",
        )
    ]


@pytest.mark.parametrize(
    "inputs",
    [
        _set(5),
        _set(2, maxUnhealthyInstancePercent=50),
        _set(2, mode="Manual"),
        _set(2, mode="Automatic"),
        _set(0),
        _set(UNKNOWN),
        _set(2, maxUnhealthyInstancePercent=UNKNOWN),
        {},
        UNKNOWN,
        [],
    ],
    ids=repr,
)
def test_policies_that_can_progress(inputs: Any) -> None:
    """Enough instances, a larger percentage, no rolling upgrade, or nothing known: no finding."""
    assert list(cannot_progress(inputs)) == []


def test_the_mend_of_a_mend_is_none() -> None:
    """With what the finding says, either way, there is no finding any more."""
    assert list(cannot_progress(_set(3))) != []
    assert list(cannot_progress(_set(3, maxUnhealthyInstancePercent=34))) == []
    assert list(cannot_progress(_set(3, maxUnhealthyInstancePercent=33))) != []
    assert list(cannot_progress(_set(5, maxUnhealthyInstancePercent=20))) == []


def test_live_unhealthy_instances() -> None:
    """A caller who knows that two of five are unhealthy learns that the default is not enough."""
    (found,) = cannot_progress(_set(5), unhealthy=2)
    assert (found.message, found.mend) == (
        "20 % of 5 instances is less than 2: 2 unhealthy instances stop every rolling upgrade, also the one that would mend it.",
        "Set maxUnhealthyInstancePercent to 40 (it is left out, and Azure's default is 20), or have 10 instances or more.",
    )


@given(JSON)
def test_any_json_at_all(inputs: Any) -> None:
    """Whatever the inputs are, there is an answer."""
    list(cannot_progress(inputs))
    list(cannot_progress({"sku": {"capacity": 2}, "upgradePolicy": inputs}))
    os_upgrade_policy(inputs)


def test_automatic_upgrades_use_the_policy_in_any_mode() -> None:
    """Automatic extension upgrades always, those of the OS image where they are told to (T26, U16)."""
    extension = {"virtualMachineProfile": {"extensionProfile": {"extensions": [{"name": "a", "enableAutomaticUpgrade": True}]}}}
    image = {"upgradePolicy": {"mode": "Manual", "automaticOSUpgradePolicy": {"enableAutomaticOSUpgrade": True}}}
    own = {
        "upgradePolicy": {"mode": "Manual", "automaticOSUpgradePolicy": {"enableAutomaticOSUpgrade": True, "useRollingUpgradePolicy": True}}
    }
    assert [uses_rolling_policy(inputs) for inputs in (extension, image, own, _set(2, mode="Manual"))] == [True, False, True, False]


def test_os_upgrade_policy() -> None:
    """OS image upgrades go by the defaults unless they are told to use the set's policy."""
    inputs = _set(10, maxBatchInstancePercent=50)
    assert os_upgrade_policy(inputs) == RollingPolicy()
    inputs["upgradePolicy"]["automaticOSUpgradePolicy"] = {"useRollingUpgradePolicy": True}
    assert os_upgrade_policy(inputs) == RollingPolicy(batch_percent=50)


def test_reading_a_policy() -> None:
    """Floats are integers, wrong types count as left out, unknown percentages stay unknown, and percentages lie in 0 to 100."""
    assert rolling_policy(
        _set(1, maxBatchInstancePercent=30.0, maxUnhealthyInstancePercent="x", enableCrossZoneUpgrade=True, maxSurge=True)
    ) == RollingPolicy(30, 20, True, True)
    assert rolling_policy(_set(1, maxBatchInstancePercent=UNKNOWN, maxUnhealthyInstancePercent=900)) == RollingPolicy(None, 100)
    assert (batch_size(3, RollingPolicy(None)), fewest_batches(3, RollingPolicy(None)), unhealthy_allowed(3, RollingPolicy(20, None))) == (
        None,
        None,
        None,
    )
