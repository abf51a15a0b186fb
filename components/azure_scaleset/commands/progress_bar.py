"""How far a rollout is: a bar at a terminal, lines elsewhere; on standard error, so that standard output has the result alone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from azure_scaleset.commands import printing
from azure_scaleset.rollout.progress import Progress as RolloutProgress


@contextmanager
def progress_bar() -> Iterator[Callable[[RolloutProgress], None]]:
    """Gives what a rollout reports to."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda progress: printing.complain(line(progress))
        return
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("looking", total=None)
        yield lambda progress: bar.update(task, completed=progress.done, total=progress.total, description=progress.message)


def line(progress: RolloutProgress) -> str:
    """A step as a line of a log."""
    return f"{progress.done} of {progress.total} done; {progress.message}"
