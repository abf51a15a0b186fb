"""Runs a long command and shows that it is getting on."""

import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

from tools.errors import SetupError

_TERMINAL_SECONDS = 0.5
_PLAIN_SECONDS = 20.0
"""How often progress is written: over itself on a terminal, as a line of its own elsewhere (a CI log)."""


def run(
    title: str, command: Sequence[str | Path], *, folder: Path, counts: Callable[[str], bool], unit: str, total: int | None = None
) -> None:
    """Runs `command` in `folder`, showing `title`, the elapsed seconds and how many lines of its output `counts` accepted, out of `total`.

    The output itself is kept back. Raises SetupError with its last lines when the command fails.
    """
    process = subprocess.Popen([str(part) for part in command], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    tail: deque[str] = deque(maxlen=30)
    done = 0

    def read() -> None:
        nonlocal done
        assert process.stdout is not None
        for line in process.stdout:
            tail.append(line.rstrip())
            done += counts(line)

    reader = threading.Thread(target=read)
    reader.start()
    start = time.monotonic()
    terminal = sys.stdout.isatty()
    interval = _TERMINAL_SECONDS if terminal else _PLAIN_SECONDS
    try:
        while True:
            reader.join(interval)
            show(line_of(title, time.monotonic() - start, done, total, unit), over=terminal, last=not reader.is_alive())
            if not reader.is_alive():
                break
    except BaseException:
        process.terminate()
        raise
    if process.wait() != 0:
        raise SetupError("\n".join([f"{title}: `{' '.join(str(part) for part in command)}` failed ({process.returncode}):", *tail]))


def line_of(title: str, seconds: float, done: int, total: int | None, unit: str) -> str:
    """One line of progress: `Engine: 84 s, 512 of 1700 packages`."""
    return f"{title}: {seconds:.0f} s, {done}{f' of {total}' if total else ''} {unit}"


def show(line: str, *, over: bool, last: bool) -> None:
    """Writes a line, on a terminal over the one before."""
    print(f"\r\033[K{line}" if over else line, end="" if over and not last else "\n", flush=True)
