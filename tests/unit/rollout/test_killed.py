"""A rollout that is killed, refused and cut off, and run again."""

import random
from pathlib import Path

import pytest

from azure_scaleset.rollout.plan import Wanted
from azure_scaleset.rollout.policy import Policy
from tests.unit.rollout.azure import Fleet, Killed


@pytest.mark.parametrize("seed", range(40))
def test_killed_anywhere_it_ends_right_when_run_again(tmp_path: Path, seed: int) -> None:
    """Killed at seeded calls, before or after they are carried out, between refusals and lost answers: run again it ends right, and never more than two are out."""
    chance = random.Random(seed)
    mode = chance.choice(["Manual", "Rolling"])
    fleet = Fleet(tmp_path, mode)
    before = len(fleet.served())
    fleet.new_script("2")
    since = fleet.world.store.now()
    if chance.random() < 0.5:
        fleet.fault("refuse", status=chance.choice([409, 429]), nth=chance.randint(1, 6), method="POST")
    for _ in range(3):
        fleet.dies_at = fleet.calls + chance.randint(1, 60)
        try:
            fleet.roll_out(Policy(max_unavailable=2), Wanted(os_since=since))
        except Killed:
            continue
    fleet.dies_at = None

    verdict = fleet.roll_out(Policy(max_unavailable=2), Wanted(os_since=since))

    assert (verdict.done, fleet.tags(), fleet.served()[-1]) == (True, ["2"] * 6, 6)
    assert min(fleet.served()[before:]) >= 4
