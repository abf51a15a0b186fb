"""`scaleset release` killed with -9 at 50 seeded points: run again, it ends right. About an hour on two cores."""

import random
from pathlib import Path

import pytest

from offline import workspace
from tests.engine.release_kills import Kill, check, copied, run_again, run_and_kill, snapshot
from tests.engine.staged_project import Staged

SEEDS = range(50)
_LINES = 190
"""About as many as an uninterrupted release says."""


def point(seed: int) -> Kill:
    """A point of a release: a line of what it says, a moment after it; every third kill leaves pulumi alive."""
    chance = random.Random(seed)
    return Kill(chance.randint(1, _LINES), chance.uniform(0, 2), alone=chance.random() < 1 / 3)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Staged:
    """The stack that each point copies."""
    assert workspace.is_set_up(), "The engine is not set up in this checkout. Run: make setup"
    return snapshot(tmp_path_factory.mktemp("release"))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_killed_release_ends_right_when_it_is_run_again(original: Staged, tmp_path: Path, seed: int) -> None:
    """Production moves once, has healthy targets at every moment, and the old slot rests only after the drain."""
    with copied(original, tmp_path / "copy") as staged:
        said = run_and_kill(staged, point(seed))
        print(f"{point(seed)}: {'it had ended' if said is None else said[-1:]}")
        run_again(staged)
        check(staged)
