"""Updates of a staged stack, with a `pulumi` that only notes what it is asked and answers as it is told."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from azure_scaleset.commands.failure import CommandError
from azure_scaleset.commands.interrupt import Interrupt
from azure_scaleset.commands.staged import production
from azure_scaleset.commands.staged.production import Production
from azure_scaleset.commands.staged.session import Session
from azure_scaleset.commands.staged.settings import Change
from azure_scaleset.rollout.pace import Cancelled
from azure_scaleset.staged_arguments import Slot
from tests.unit.commands.test_staged_stack import DEPLOYED, FRONT, exported

PULUMI = """#!/bin/sh
echo "$1 $2" >> "$FAKE/calls"
case "$1 $2" in
  "stack export") cat "$FAKE/export.json" ;;
  "stack history") echo '[]' ;;
  "whoami --json") echo '{"url": "file:///nowhere"}' ;;
  "config set") value=$(cat); key="$*"; while [ $# -gt 0 ]; do [ "$1" = --config-file ] && file="$2"; shift; done; file="${file:-Pulumi.prod.yaml}"
    case "$key" in *shop:active*) sed -i.before "s/shop:active: [a-z]*/shop:active: $value/" "$file" ;; *) echo "# $value" >> "$file" ;; esac ;;
  "preview "*) cat "$FAKE/preview.json" ;;
  "up "*)
    first=$(ls "$FAKE/ups" | head -1)
    if [ -n "$first" ]; then cat "$FAKE/ups/$first" >&2; rm "$FAKE/ups/$first"; exit 255; fi ;;
esac
exit 0
"""


class Stack:
    """The folder of a program with a staged stack, and a fake pulumi."""

    def __init__(self, root: Path, patch: pytest.MonkeyPatch) -> None:
        self._fake, self.folder = root / "fake", root / "program"
        for folder in (self._fake / "ups", self.folder):
            folder.mkdir(parents=True)
        (self._fake / "pulumi").write_text(PULUMI)
        (self._fake / "pulumi").chmod(0o755)
        for name, value in {
            "PATH": f"{self._fake}{os.pathsep}{os.environ['PATH']}",
            "FAKE": str(self._fake),
            "ARM_SUBSCRIPTION_ID": "s",
        }.items():
            patch.setenv(name, value)
        patch.chdir(self.folder)
        (self.folder / "Pulumi.yaml").write_text("name: shop\n")
        self.file = self.folder / "Pulumi.prod.yaml"
        self.file.write_text("config:\n  shop:active: blue # who serves\n")
        self.export()
        self.live: list[Slot | None] = [Slot.BLUE]
        patch.setattr(production, "look", lambda *_: Production(self.live.pop(0) if len(self.live) > 1 else self.live[0], 240))

    def export(self, pending: bool = False, elsewhere: bool = False) -> None:
        """What the state is. *elsewhere*: production's balancer isn't the stack's."""
        (self._fake / "export.json").write_text(json.dumps(exported(DEPLOYED, *([] if elsewhere else [FRONT]), pending=pending)))

    def preview(self, **document: Any) -> None:
        """What a preview prints."""
        (self._fake / "preview.json").write_text(json.dumps(document))

    def fail(self, *errors: str) -> None:
        """The next updates fail so."""
        for number, text in enumerate(errors):
            (self._fake / "ups" / str(number)).write_text(text)

    def session(self, interrupt: Interrupt | None = None, switch_command: str | None = None) -> Session:
        """The stack at hand."""
        return Session("prod", None, switch_command, False, interrupt or Interrupt())

    @property
    def calls(self) -> list[str]:
        """What pulumi was asked after the session was opened."""
        return (self._fake / "calls").read_text().splitlines()[1:]


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stack:
    """The stack, in whose folder the test is."""
    return Stack(tmp_path, monkeypatch)


def lock(host: str, pid: int) -> str:
    """What pulumi says of a lock."""
    return (
        f"error: the stack is currently locked by 1 lock(s).\n  file:///l.json: created by me@{host} (pid {pid}) at 2026-11-27T08:00:00Z\n"
    )


def gone() -> int:
    """The number of a process that has ended."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return ended.pid


RECOVERY = ["cancel --yes", "whoami --json", "stack export", "stack history", "refresh --yes"]


def test_an_update_that_ends_well_is_all(stack: Stack) -> None:
    """Production is where it shall be, and the state is read again."""
    assert stack.session().up("words", Slot.BLUE)
    assert stack.calls == ["up --yes", "stack export"]


def test_the_lock_of_a_killed_update_is_lifted(stack: Stack) -> None:
    """What it left is mended first, by `scaleset recover`; then the update runs."""
    stack.fail(lock(socket.gethostname(), gone()))
    assert stack.session().up("words", Slot.BLUE)
    assert stack.calls == ["up --yes", *RECOVERY, "stack export", "up --yes", "stack export"]


def test_an_update_that_runs_here_is_waited_for(stack: Stack, capfd: pytest.CaptureFixture[str]) -> None:
    """Nothing of it is mended."""
    running = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(0.5)"])
    stack.fail(lock(socket.gethostname(), running.pid))
    assert stack.session().up("words", Slot.BLUE)
    running.wait()
    assert stack.calls == ["up --yes", "up --yes", "stack export"]
    assert "Waiting for the update of me@" in capfd.readouterr().err


def test_the_lock_of_another_machine_is_left_alone(stack: Stack) -> None:
    """Nobody here knows whether that update still runs."""
    stack.fail(lock("elsewhere", 1))
    with pytest.raises(CommandError) as refused:
        stack.session().up("words", Slot.BLUE)
    assert str(refused.value) == (
        "Stack prod is locked by me@elsewhere (pid 1) at 2026-11-27T08:00:00Z. Next: wait for it, and the same command again; "
        "after a kill there: scaleset recover --stack prod"
    )
    assert stack.calls == ["up --yes"]


def test_an_update_that_fails_has_failed(stack: Stack) -> None:
    """It is not tried again."""
    stack.fail("error: no")
    assert not stack.session().up("words", Slot.BLUE)
    assert stack.calls == ["up --yes", "stack export"]


def test_an_update_that_fails_on_what_a_kill_left_is_tried_once_more(stack: Stack) -> None:
    """Somebody has lifted the lock, and left what was begun."""
    stack.export(pending=True)
    session = stack.session()
    stack.export()
    stack.fail("error: no", "error: no")
    assert not session.up("words", Slot.BLUE)
    assert stack.calls == ["up --yes", *RECOVERY, "stack export", "up --yes", "stack export"]


def test_a_balancer_that_is_not_as_the_state_has_it_is_read_again(stack: Stack) -> None:
    """A killed write reached Azure and not the state, so the update saw no change."""
    stack.live = [Slot.GREEN, Slot.BLUE]
    assert stack.session().up("words", Slot.BLUE)
    assert stack.calls == ["up --yes", *RECOVERY, "stack export", "up --yes", "stack export"]


def test_a_signal_during_an_update_stops_after_it(stack: Stack) -> None:
    """Pulumi has ended in order by then."""
    interrupt = Interrupt()
    session = stack.session(interrupt)
    interrupt.stop.set()
    with pytest.raises(Cancelled):
        session.up("words", Slot.BLUE)


def test_a_preview_leaves_the_stack_file_as_it_is(stack: Stack) -> None:
    """The settings go to a copy; steps that change nothing are left out."""
    before = stack.file.read_text()
    stack.preview(steps=[{"op": "same", "urn": "a"}, {"op": "update", "urn": "b"}])
    assert stack.session().preview([Change("shop:active", "green", "blue")]) == [{"op": "update", "urn": "b"}]
    assert stack.file.read_text() == before


def test_a_preview_that_fails_is_told(stack: Stack) -> None:
    """With pulumi's reasons."""
    stack.preview(steps=[], diagnostics=[{"severity": "error", "message": "green isn't ready\n"}, {"severity": "info", "message": "x"}])
    with pytest.raises(CommandError) as refused:
        stack.session().preview([])
    assert str(refused.value) == "The preview fails, so nothing was changed:\ngreen isn't ready"


def test_settings_are_written_by_pulumi(stack: Stack) -> None:
    """It keeps comments, and encrypts what is secret."""
    stack.session().write([Change("shop:active", "green", "blue")])
    assert (stack.calls, stack.file.read_text()) == (["config set"], "config:\n  shop:active: green # who serves\n")


def test_a_slot_without_scale_set_is_told(stack: Stack) -> None:
    """It was removed."""
    with pytest.raises(CommandError, match=r"^green has no scale set\. Next: idle: keep, and pulumi up --stack prod$"):
        stack.session().scale_set(Slot.GREEN)


NOTES = """echo "$SLOT ${POOL_ID##*/}" >> "$FAKE/calls\""""


def test_a_balancer_of_ones_own_is_led_by_a_command(stack: Stack) -> None:
    """After the update, with the slot and its pool; where it leads there already, nobody is asked."""
    stack.export(elsewhere=True)
    session = stack.session(switch_command=NOTES)
    stack.live = [Slot.BLUE, Slot.GREEN]
    assert (session.up("words", Slot.GREEN), session.up("words", Slot.GREEN)) == (True, True)
    assert stack.calls == ["up --yes", "green green", "stack export", "up --yes", "stack export"]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("exit 3", "`exit 3` ended with exit code 3"),
        ("true", "`true` ended well, and the balancer's rules do not lead to /subscriptions/s/"),
    ],
)
def test_a_switch_that_such_a_command_does_not_make_is_taken_back(
    stack: Stack, capfd: pytest.CaptureFixture[str], command: str, said: str
) -> None:
    """In the stack file, and by another update in what the stack tells that balancer."""
    stack.export(elsewhere=True)
    stack.live = [Slot.BLUE]
    assert not stack.session(switch_command=command).switch("words", Slot.GREEN)
    assert stack.calls == ["config set", "up --yes", "stack export", "config set", "up --yes", "stack export"]
    assert "shop:active: blue" in stack.file.read_text()
    assert said in capfd.readouterr().err


@pytest.mark.parametrize(("after", "led"), [(Slot.GREEN, True), (None, False)])
def test_a_balancer_of_ones_own_that_leads_nowhere_is_led_to_the_slot(stack: Stack, after: Slot | None, led: bool) -> None:
    """The switch is made only when the command has led it there."""
    stack.export(elsewhere=True)
    stack.live = [None, None, after]
    assert stack.session(switch_command="true").switch("words", Slot.GREEN) is led


@pytest.mark.parametrize(
    ("elsewhere", "command", "said"),
    [
        (True, None, r"^The production balancer of stack prod is one of your own .* Expected --switch-command COMMAND, .* \$POOL_ID"),
        (
            False,
            "true",
            r"^--switch-command was given, and the production balancer of stack prod is its own.* Leave --switch-command out\.$",
        ),
    ],
)
def test_a_switch_command_is_for_a_balancer_of_ones_own(stack: Stack, elsewhere: bool, command: str | None, said: str) -> None:
    """Missing there, and without use elsewhere, it is told before anything is done."""
    stack.export(elsewhere=elsewhere)
    with pytest.raises(CommandError, match=said):
        stack.session(switch_command=command)
