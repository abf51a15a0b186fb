"""A few of the kills that `make soak` does a hundred of: real processes, SIGKILL at seeded calls."""

from pathlib import Path

import pytest

from tests.soak import command, update


@pytest.mark.parametrize("seed", range(3))
def test_killed_command_ends_right_when_run_again(tmp_path: Path, seed: int) -> None:
    """Nobody is left behind, never more were out than allowed, and a further run changes nothing."""
    assert command.killed(tmp_path, seed) == []


@pytest.mark.parametrize("seed", range(2))
def test_command_among_faults_says_nothing_wrong(tmp_path: Path, seed: int) -> None:
    """And it ends right when the faults are over."""
    assert command.mixed(tmp_path, seed) == []


def test_killed_update_ends_right_when_run_again(tmp_path: Path) -> None:
    """The same of `pulumi up`, its engine, its plugin and its program, thrice."""
    with update.deployer(tmp_path) as deployer:
        assert [deployer.killed(seed) for seed in range(3)] == [[], [], []]
