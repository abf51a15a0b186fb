"""A rollout whose process is killed at any call, before or after Azure has carried it out, and that is run again."""

import random

import pytest

from tests.unit.rollout.chaos import Watch, a_policy, left_behind, write_a_change
from tests.unit.rollout.transport import Killed
from tests.unit.rollout.world import Site, model


@pytest.mark.parametrize("seed", range(100))
def test_it_ends_right_when_run_again(site: Site, seed: int) -> None:
    """Killed up to four times: the last run finishes; nobody is left behind, never more are out than allowed, and a further run has nothing to do."""
    chance = random.Random(seed)
    rolling = chance.random() < 0.2
    deployed = model(6, "Rolling" if rolling else "Manual", zones="12" if chance.random() < 0.5 else "")
    site.deploy(deployed)
    write_a_change(site, chance, deployed)
    policy, watch = a_policy(chance), Watch.of(site)
    for _ in range(chance.randint(1, 4)):
        watch.kill_at(chance, 40)
        try:
            site.rollout(policy)
        except Killed:
            continue
    watch.dies_at = None

    assert (site.rollout(policy).done, left_behind(site)) == (True, [])
    assert watch.most <= policy.max_unavailable
    # Azure's own upgrade takes out one of six at a time, or two by its share of 20 %.
    assert site.fewest() >= 6 - max(policy.max_unavailable, 2 if rolling else 0)
    changes = site.wire.count("POST")
    assert (site.rollout(policy).done, site.wire.count("POST")) == (True, changes)
