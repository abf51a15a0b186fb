"""What tells before and after the switch whether a version is good; and whether the lock of a stack is held."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

import pytest

from azure_scaleset.commands.failure import CommandError
from azure_scaleset.commands.staged.checks import Expected, fill, problem_of_command, problem_of_url
from azure_scaleset.commands.staged.lock import Lock, of_error
from azure_scaleset.staged_arguments import Slot


class _Application(BaseHTTPRequestHandler):
    answers: ClassVar[list[int]] = []

    def do_GET(self) -> None:
        status = self.answers.pop(0) if self.answers else 200
        self.send_response(status)
        self.end_headers()
        self.wfile.write(f"version 2 at {self.path}".encode())

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def application() -> Iterator[str]:
    """Address and port of an application that answers."""
    server = HTTPServer(("127.0.0.1", 0), _Application)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def problem(url: str, tries: int = 1, status: int = 200, body: str | None = None) -> str | None:
    """What is wrong with an answer, without pauses."""
    return problem_of_url(Expected(url, status, body), tries, pause=lambda _: None)


def test_an_answer_is_as_expected(application: str) -> None:
    """Status and a text in the body; a status that is an error may be the expected one."""
    _Application.answers = [200, 503]
    assert (problem(f"http://{application}/health", body="version 2"), problem(f"http://{application}/", status=503)) == (None, None)


def test_an_answer_that_is_not_is_shown(application: str) -> None:
    """With what was expected."""
    url = f"http://{application}/health"
    _Application.answers = [503]
    assert problem(url) == f"{url} answered 503, expected 200: version 2 at /health"
    assert problem(url, body="version 3") == f"{url} answered without 'version 3': version 2 at /health"


def test_an_answer_may_take_some_tries(application: str) -> None:
    """A front end sends to what is new after a while."""
    _Application.answers = [503, 503]
    assert problem(f"http://{application}/", tries=3) is None


def test_nobody_who_answers_is_told() -> None:
    """With the URL."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/"
    assert str(problem(url)).startswith(f"{url} doesn't answer: ")


def test_placeholders_stand_for_the_slot() -> None:
    """Its test front end's address and its name; without a front end that is an error."""
    assert fill("http://{address}:8080/{slot}", Slot.GREEN, "10.0.0.5") == "http://10.0.0.5:8080/green"
    with pytest.raises(CommandError, match="asks for the address of a test front end, and the stack has none"):
        fill("http://{address}/", Slot.GREEN, None)


def test_a_command_must_succeed(capfd: pytest.CaptureFixture[str]) -> None:
    """It knows the slot, and what it prints goes to standard error."""
    assert problem_of_command('echo "$SLOT"; test "$SLOT" = green', {"SLOT": "green"}) is None
    assert problem_of_command("exit 3", {}) == "`exit 3` ended with exit code 3"
    assert capfd.readouterr() == ("", "green\n")


def message(host: str, pid: int) -> str:
    """What pulumi says."""
    return (
        "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.\n"
        f"  file:///x/lock.json: created by me@{host} (pid {pid}) at 2026-11-27T08:00:00Z\n"
    )


def test_a_lock_of_a_process_that_is_gone_is_not_held() -> None:
    """The one of a living process is, and so is that of another machine."""
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    here = socket.gethostname()
    assert [of_error(message(host, pid)) for host, pid in ((here, gone.pid), ("elsewhere", 1))] == [
        Lock(here, gone.pid, f"me@{here} (pid {gone.pid}) at 2026-11-27T08:00:00Z"),
        Lock("elsewhere", 1, "me@elsewhere (pid 1) at 2026-11-27T08:00:00Z"),
    ]
    held = [Lock(here, gone.pid, "").is_held, Lock(here, os.getpid(), "").is_held, Lock("elsewhere", gone.pid, "").is_held]
    assert held == [False, True, True]


def test_a_backend_that_tells_nothing_of_the_holder_has_a_lock_elsewhere() -> None:
    """Pulumi Cloud's conflict; another failure is no lock."""
    lock = of_error("error: [409] Conflict: Another update is currently in progress.")
    assert lock is not None
    assert (lock.here, lock.is_held) == (False, True)
    assert of_error("error: the program failed") is None
