"""What tells whether a version is good, beside its health: a URL that must answer as expected, a command that must succeed."""

import os
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from azure_scaleset.commands.failure import CommandError
from azure_scaleset.staged_arguments import Slot

_TRIES = 12
_PAUSE_SECONDS = 5.0
"""A front end may take a while till it sends to all that is new: about a minute."""
_ANSWER_SECONDS = 10.0
_SHOWN = 300
"""Characters of an answer that an error shows."""


@dataclass(frozen=True)
class Expected:
    """How a URL must answer."""

    url: str
    """`{address}` stands for the address of the slot's test front end, `{slot}` for its name."""
    status: int = 200
    body: str | None = None
    """A text that the answer must hold; None: any."""


def fill(text: str, slot: Slot, address: str | None) -> str:
    """A URL with what its placeholders stand for. Raises `CommandError` where the slot has no test front end."""
    if "{address}" in text and address is None:
        raise CommandError(
            f"--test-url {text} asks for the address of a test front end, and the stack has none. Expected `test` in the stack file, or a URL without {{address}}."
        )
    return text.replace("{address}", address or "").replace("{slot}", slot.value)


def problem_of_url(expected: Expected, tries: int = _TRIES, pause: Callable[[float], None] = time.sleep) -> str | None:
    """What is wrong with the answer, after several tries; None when it is as expected."""
    problem = None
    for number in range(tries):
        if number:
            pause(_PAUSE_SECONDS)
        problem = _problem_of_answer(expected)
        if problem is None:
            return None
    return problem


def problem_of_command(command: str, told: Mapping[str, str]) -> str | None:
    """What is wrong with a command of the shell; None when it succeeds. *told*: variables of its environment. What it prints goes to standard error."""
    done = subprocess.run(f"( {command}\n) >&2", shell=True, env={**os.environ, **told}, check=False)
    return None if done.returncode == 0 else f"`{command}` ended with exit code {done.returncode}"


def _problem_of_answer(expected: Expected) -> str | None:
    try:
        with urllib.request.urlopen(expected.url, timeout=_ANSWER_SECONDS) as answer:
            status, body = answer.status, answer.read()
    except urllib.error.HTTPError as error:
        status, body = error.code, error.read()
    except (OSError, ValueError) as error:
        return f"{expected.url} doesn't answer: {getattr(error, 'reason', error)}"
    text = body.decode(errors="replace")
    if status != expected.status:
        return f"{expected.url} answered {status}, expected {expected.status}: {text[:_SHOWN]}"
    if expected.body is not None and expected.body not in text:
        return f"{expected.url} answered without {expected.body!r}: {text[:_SHOWN]}"
    return None
