"""Runs the `pulumi` command for what only it knows: the state of a stack, its history, its settings."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from azure_scaleset.commands.failure import CommandError


def run(*words: str, folder: Path | None = None, given: str | None = None) -> str:
    """What a pulumi command prints; *given* is its standard input. Raises `CommandError` with pulumi's reason when it fails."""
    command = ["pulumi", *words, "--non-interactive"]
    try:
        done = subprocess.run(command, cwd=folder, input=given, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise CommandError(
            "There is no command `pulumi` on PATH, which knows the stack. Install it, or name the scale set by its resource id."
        ) from None
    if done.returncode != 0:
        reason = _reason(done.stderr or done.stdout)
        following = ". Next: pulumi stack ls" if reason.startswith("no stack named") else ""
        raise CommandError(f"`pulumi {' '.join(words[:2])}` failed: {reason}{following}")
    return done.stdout


def shown(*words: str, folder: Path) -> int:
    """Runs a pulumi command on this terminal; gives its exit code. Ctrl-C is pulumi's, which ends its update in order."""
    # A handler, which the new process doesn't inherit, unlike SIG_IGN. `subprocess.run` would kill pulumi a moment after the signal.
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        return subprocess.Popen(["pulumi", *words], cwd=folder).wait()
    finally:
        signal.signal(signal.SIGINT, before)


def watched(*words: str, folder: Path, quiet_stdout: bool) -> tuple[int, str]:
    """Runs a pulumi command on this terminal, and gives its exit code and what it wrote on standard error. *quiet_stdout*: all of it goes to standard error.

    A signal is for the caller to handle; at a terminal pulumi hears Ctrl-C itself, and ends its update in order.
    """
    command = ["pulumi", *words]
    process = subprocess.Popen(command, cwd=folder, stdout=sys.stderr if quiet_stdout else None, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    said = []
    for line in process.stderr:
        print(line, end="", file=sys.stderr, flush=True)
        said.append(line)
    return process.wait(), "".join(said)


def export(stack: str) -> dict[str, Any]:
    """The exported state of a stack. Raises `CommandError`."""
    state: dict[str, Any] = json.loads(run("stack", "export", "--stack", stack))
    return state


def _reason(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return next((line for line in lines if line.startswith("error:")), lines[-1] if lines else "it gave no reason").removeprefix("error: ")
