"""The commands of `python -m offline` that others call."""

import os
import subprocess
import sys
from pathlib import Path

from offline.workspace import CHECKOUT, ENGINE


def _offline(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "OFFLINE_HOME": str(home)}
    return subprocess.run([sys.executable, "-m", "offline", *words], cwd=CHECKOUT, env=environment, capture_output=True, text=True)


def test_without_arguments_every_command_is_shown_with_an_example(tmp_path: Path) -> None:
    """The help names each command and how to call it."""
    done = _offline(tmp_path)

    assert done.returncode == 0
    for command in ("run", "list", "show", "reset", "serve", "env"):
        assert f"\n  {command} " in done.stdout
        assert f"venv/bin/python -m offline {command}" in done.stdout


def test_run_passes_arguments_and_exit_code_on(tmp_path: Path) -> None:
    """The command gets its own options untouched, in the wired environment, and its exit code is ours."""
    done = _offline(tmp_path, "run", "--", "sh", "-c", 'echo "$1 $OFFLINE_AZURE"; exit 7', "--", "--port")

    assert (done.returncode, done.stdout, done.stderr) == (7, f"--port {tmp_path}/azure.sqlite\n", "")


def test_run_finds_our_engine_first(tmp_path: Path) -> None:
    """`pulumi` is the one that set-up linked."""
    assert _offline(tmp_path, "run", "--", "which", "pulumi").stdout == f"{ENGINE}/pulumi\n"


def test_run_of_an_unknown_command(tmp_path: Path) -> None:
    """A command that is not there is named, with where it was looked for."""
    done = _offline(tmp_path, "run", "--", "no-such-command")

    assert (done.returncode, done.stderr) == (
        127,
        "run: there is no command 'no-such-command' in venv/bin, beside the engine, or on PATH\n",
    )


def test_run_without_a_command(tmp_path: Path) -> None:
    """Nothing to run is refused with an example."""
    done = _offline(tmp_path, "run")

    assert (done.returncode, done.stderr) == (2, "run: no command given. Example: python -m offline run -- pulumi preview\n")


def test_list_of_an_empty_azure(tmp_path: Path) -> None:
    """An Azure without resources lists nothing."""
    done = _offline(tmp_path, "list")

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_show_of_what_does_not_exist(tmp_path: Path) -> None:
    """ARM's own error goes to stderr, and the exit code says so."""
    group = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/none"
    done = _offline(tmp_path, "show", group)

    assert (done.returncode, done.stdout) == (1, "")
    assert '"ResourceGroupNotFound"' in done.stderr
