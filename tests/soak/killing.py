"""Ends a process, with all that it started, by SIGKILL at the n-th call that it makes to the offline Azure: the same point at each run, whatever the machine's speed."""

import os
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from unittest.mock import patch

from offline import https_server
from offline.arm.app import Azure
from offline.arm.http import Request, Response


class Killer:
    """Counts the calls that come over https, and kills once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._at: int | None = None
        self._before = False
        self.calls: list[tuple[str, str]] = []
        """(method, path) of each call of the last process."""

    def run(
        self, command: Sequence[str], folder: Path, environment: Mapping[str, str], at: int | None = None, before: bool = False
    ) -> subprocess.CompletedProcess[str]:
        """Runs a command to its end. *at*: number of the call, from 0, at which it is killed, *before* Azure has carried it out or after."""
        with self._lock:
            self.calls, self._at, self._before = [], at, before
            process = subprocess.Popen(
                command,
                cwd=folder,
                env=dict(environment),
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
            self._process = process
        written, _ = process.communicate(timeout=400)
        return subprocess.CompletedProcess(command, process.returncode, written, "")

    def handle(self, azure: Azure, request: Request) -> Response:
        """A call over https."""
        with self._lock:
            due = self._at is not None and len(self.calls) == self._at
            self.calls.append((request.method, request.path))
        if due and self._before:
            self._kill()
        answer = azure.handle(request)
        if due and not self._before:
            self._kill()
        return answer

    def _kill(self) -> None:
        assert self._process is not None
        with suppress(ProcessLookupError):  # it had its last answer
            os.killpg(self._process.pid, signal.SIGKILL)


@contextmanager
def killer() -> Iterator[Killer]:
    """Every https server of this process counts for the killer."""
    made = Killer()

    class Counted(Azure):
        def handle(self, request: Request) -> Response:
            return made.handle(super(), request)  # type: ignore[arg-type]  # it has the same `handle`

    with patch.object(https_server, "Azure", Counted):
        yield made
