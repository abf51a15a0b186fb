"""`scaleset release` as a process, killed at a seeded point of what it says, alone or with all that it started, and run again."""

import random
from functools import cached_property
from pathlib import Path

from tests.engine.release_kills import Kill, check, copied, run_again, run_and_kill, snapshot
from tests.engine.staged_project import Staged

_LINES = 190
"""About as many as an uninterrupted release says."""


def point(seed: int) -> Kill:
    """A line, and a moment after it; every third kill leaves pulumi alive."""
    chance = random.Random(seed)
    return Kill(chance.randint(1, _LINES), chance.uniform(0, 2), alone=chance.random() < 1 / 3)


class Releaser:
    """Somebody who releases on copies of one deployed stack, which is made when it is first asked for."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @cached_property
    def _original(self) -> Staged:
        return snapshot(self._root / "original")

    def killed(self, folder: Path, seed: int) -> list[str]:
        """Kills a release, runs it again to its end; gives what is wrong then."""
        with copied(self._original, folder / "copy") as staged:
            run_and_kill(staged, point(seed))
            try:
                run_again(staged)
                check(staged)
            except AssertionError as wrong:
                return [f"{point(seed)}: {wrong}"]
        return []
