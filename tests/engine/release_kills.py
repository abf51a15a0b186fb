"""`scaleset release` killed somewhere, run again, and what must hold then. Real processes on a copy of a deployed stack."""

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from offline import https_server, workspace
from tests.engine.project import Project, home
from tests.engine.staged_project import Staged

WORDS = ("release", "--yes", "--set", "version=2", "--watch", "30")
_IDLE_TIMEOUT = 240


@dataclass(frozen=True)
class Kill:
    """Where a release is killed."""

    line: int | str
    """At the so-manieth line of what it says, or at the first that holds this text."""
    delay: float = 0
    """Seconds after that line."""
    alone: bool = False
    """Only the command is killed, and pulumi, which it started, goes on; else all processes of its group."""


def snapshot(root: Path) -> Staged:
    """A stack whose first version is deployed, to be copied."""
    home(root).mkdir(parents=True)
    with https_server.running(home(root)) as server:
        return Staged.deployed(lambda stack: Project.make(root, stack, server))


@contextmanager
def copied(original: Staged, root: Path) -> Iterator[Staged]:
    """The stack and its Azure, copied, with a server of its own."""
    source = original.project.folder.parent
    shutil.copytree(source, root, symlinks=True, ignore=shutil.ignore_patterns("*-wal", "*-shm"))
    with https_server.running(home(root)) as server:
        project = Project(root / "project", original.project.stack, {**workspace.environment(home(root)), **server})
        yield Staged(project, original.since)


def run_and_kill(staged: Staged, kill: Kill) -> list[str] | None:
    """Starts a release and kills it; gives what it said till then, None when it had ended before."""
    process = subprocess.Popen(
        ["scaleset", *WORDS, "--stack", staged.project.stack],
        cwd=staged.project.folder, env=staged.project.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None
    said: list[str] = []
    reached = threading.Event()

    def read() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line.rstrip())
            if kill.line == len(said) or (isinstance(kill.line, str) and kill.line in line):
                reached.set()

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    while not reached.is_set() and process.poll() is None:
        time.sleep(0.02)
    time.sleep(kill.delay)
    if process.poll() is not None:
        reader.join()
        return None
    (os.kill if kill.alone else os.killpg)(process.pid, signal.SIGKILL)
    process.wait()
    return list(said)


def run_again(staged: Staged) -> str:
    """The same command, which must end well; gives what it said. The plugin, in a process group of its own, ends when its engine is gone."""
    time.sleep(2)
    done = staged.scaleset(*WORDS)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


def check(staged: Staged) -> None:
    """Version 2 is released as if nothing had happened: production moved once, always had healthy targets, and flows had their time."""
    project = staged.project
    assert staged.keys() == ("green", "shrink", {"blue": {"version": "1.0"}, "green": {"version": "2"}})
    assert staged.counts() == {"blue": 1, "green": 2}
    assert staged.slots() == ["blue", "green"]
    assert min(each.fewest for each in staged.reached()) == 2
    assert [stay for stay in staged.flows() if stay.drained_seconds is not None and stay.drained_seconds < _IDLE_TIMEOUT] == []
    ids = [each["id"].lower() for each in project.resources("Microsoft.Compute/virtualMachineScaleSets")]
    assert len(ids) == len(set(ids)) == 2
    assert project.preview() == []
