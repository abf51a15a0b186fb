"""What goes into a batch of a rolling upgrade."""

from typing import Any

import pytest

from offline.arm.compute.rolling import batches
from offline.arm.http import Json


def machine(number: int, zone: str | None = None, health: str = "healthy", update_domain: int | None = None) -> Json:
    """What a batch is chosen by."""
    return {"number": number, "zone": zone, "health": health, "updateDomain": number % 5 if update_domain is None else update_domain}


def chosen(waiting: list[Json], everyone: int, **policy: Any) -> list[int]:
    """Numbers of the instances in the next batch."""
    return [each["number"] for each in batches.next_batch(waiting, everyone, policy)]


@pytest.mark.parametrize(("everyone", "percent", "size"), [(3, 20, 1), (4, 5, 1), (10, 20, 2), (10, 29, 2), (1000, 100, 1000)])
def test_size_of_a_batch(everyone: int, percent: int, size: int) -> None:
    """The percentage is a maximum, and one instance always goes."""
    assert batches.size(everyone, {"maxBatchInstancePercent": percent}) == size


def test_a_batch_is_of_one_update_domain() -> None:
    """However large it may be."""
    assert chosen([machine(number) for number in range(10)], 10, maxBatchInstancePercent=100) == [0, 5]


def test_a_batch_is_of_one_zone_unless_zones_do_not_matter() -> None:
    """`enableCrossZoneUpgrade` leaves the update domains."""
    waiting = [machine(0, "1", update_domain=0), machine(1, "2", update_domain=0), machine(2, "1", update_domain=1)]
    assert chosen(waiting, 3, maxBatchInstancePercent=100) == [0]
    assert chosen(waiting, 3, maxBatchInstancePercent=100, enableCrossZoneUpgrade=True) == [0, 1]


def test_unhealthy_instances_first() -> None:
    """`prioritizeUnhealthyInstances`: all of them before any other."""
    waiting = [machine(0), machine(5, health="unhealthy"), machine(6, health="unhealthy")]
    assert (chosen(waiting, 3), chosen(waiting, 3, maxBatchInstancePercent=100, prioritizeUnhealthyInstances=True)) == ([0], [5])
