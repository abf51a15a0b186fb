"""`python -m tests.soak [FIRST] [COUNT]`: the long form of the kills and the mixtures, with a bar; 1 when something was wrong."""

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.progress import Progress

from tests.soak import command, release, update

Trial = Callable[[int], list[str]]


@contextmanager
def trials() -> Iterator[dict[str, Trial]]:
    """What is tried, by name: each gets a seed, and gives what is wrong."""

    def in_a_folder(trial: Callable[[Path, int], list[str]]) -> Trial:
        def run(seed: int) -> list[str]:
            with tempfile.TemporaryDirectory() as folder:
                return trial(Path(folder), seed)

        return run

    with tempfile.TemporaryDirectory() as root, update.deployer(Path(root)) as deployer:
        yield {
            "kill -9 of scaleset rollout": in_a_folder(command.killed),
            "kill -9 of pulumi up": deployer.killed,
            "faults in mixtures": in_a_folder(command.mixed),
            "kill -9 of scaleset release": in_a_folder(release.Releaser(Path(root) / "release").killed),
        }


def main(first: int, count: int, only: str) -> int:
    """Tries *count* seeds of each, or of those whose name holds *only*."""
    failed = 0
    with trials() as all_of_them, Progress() as bar:
        for name, trial in all_of_them.items():
            if only not in name:
                continue
            task = bar.add_task(name, total=count)
            ended = 0
            for seed in range(first, first + count):
                wrong = trial(seed)
                ended += not wrong
                bar.advance(task)
                for line in wrong:
                    bar.console.print(f"{name}, seed {seed}: {line}", markup=False)
                tried = seed - first + 1
                if not bar.console.is_terminal and tried % 10 == 0 and tried < count:  # a log has no bar
                    bar.console.print(f"{name}: {ended} of {tried} so far ended right", markup=False)
            failed += count - ended
            bar.console.print(f"{name}: {ended} of {count} ended right", markup=False)
    return 1 if failed else 0


if __name__ == "__main__":
    words = sys.argv[1:]
    sys.exit(main(int(words[0]) if words else 0, int(words[1]) if len(words) > 1 else 100, words[2] if len(words) > 2 else ""))
