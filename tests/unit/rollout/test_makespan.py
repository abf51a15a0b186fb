"""How long a rollout takes by Azure's clock: it looks when there is something to see, not a poll later."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from azure_scaleset.rollout.policy import Policy
from offline.arm.compute.durations import HANDLER_SECONDS, UPDATE_SECONDS
from tests.unit.rollout.world import TimedSite, extension, health, model, profile

INTERVAL = 26


@pytest.fixture
def timed(tmp_path: Path) -> Iterator[TimedSite]:
    """A site whose rollouts wait."""
    site = TimedSite(tmp_path)
    yield site
    site.world.store.close()


def test_healthy_instance_is_seen_as_soon_as_its_health_counts(timed: TimedSite) -> None:
    """That is two probes after the end of the operation, by Azure's word of it: two batches of one take twice the change and two probes, though polls come
    every ten seconds."""
    slow = health(settings={"protocol": "tcp", "port": 80, "intervalInSeconds": INTERVAL})
    timed.deploy(profile(model(2), "extensionProfile.extensions", [extension(), slow]))
    timed.world.later(2 * INTERVAL)
    timed.write(profile(model(2), "extensionProfile.extensions", [extension(forceUpdateTag="2"), slow]))
    begun = timed.world.store.seconds

    assert timed.rollout(Policy(max_unavailable=1)).done

    away = UPDATE_SECONDS + HANDLER_SECONDS + 2 * INTERVAL
    # Beside it, of each batch: the second that an order takes, and one because Azure's answers tell the time in whole seconds.
    assert 2 * away <= timed.world.store.seconds - begun <= 2 * (away + 2)
