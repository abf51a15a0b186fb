"""A staged stack at hand: its file, its state, its updates, and the Azure behind it."""

import functools
import json
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from azure_scaleset.commands import connection, printing, pulumi_command, stack_file
from azure_scaleset.commands.failure import CommandError
from azure_scaleset.commands.interrupt import Interrupt, InterruptibleArm
from azure_scaleset.commands.staged import checks, lock, production, settings, stack
from azure_scaleset.commands.staged.settings import Change, Settings
from azure_scaleset.rollout.pace import Cancelled
from azure_scaleset.rollout.scale_set import LiveScaleSet
from azure_scaleset.staged_arguments import Slot

_PAUSE = 1.0
"""Seconds between two looks whether another update has ended."""


class Session:
    """What the commands ask of a staged stack. Run in the folder of its program."""

    def __init__(self, name: str, config_file: Path | None, switch_command: str | None, quiet_stdout: bool, interrupt: Interrupt) -> None:
        """*switch_command*: leads a balancer of one's own to the pool that it is told. *quiet_stdout*: standard output is for a document alone. Raises `CommandError` for a
        command that is missing, or has nothing to do."""
        self.stack, self.switch_command, self._quiet, self._interrupt = name, switch_command, quiet_stdout, interrupt
        self._folder = Path.cwd()
        described = stack_file.load(stack_file.project_file(self._folder))
        self._project = str(described.get("name"))
        self.file = config_file or self._folder / stack_file.place(described, name)
        """The stack file."""
        self._words = ("--stack", name, *(("--config-file", str(config_file)) if config_file else ()))
        self.named = f"--stack {name}" + (f" --config-file {config_file}" if config_file else "")
        """The words that name the stack, for a shell."""
        self.again = self.named + (f" --switch-command {shlex.quote(switch_command)}" if switch_command else "")
        """The same for `scaleset release` and `scaleset swap`."""
        self.state = self._read_state()
        """The staged scale set in the stack's state, as of the last update."""
        _check_command(self.state, switch_command, name)
        self.arm = connection.signed_in(functools.partial(InterruptibleArm, interrupt))

    def _read_state(self) -> stack.StagedStack:
        return stack.read(pulumi_command.export(self.stack), self.stack)

    @property
    def settings(self) -> Settings:
        """What the stack file says now."""
        return settings.find(stack_file.load(self.file), self._project, self.stack)

    def production(self) -> production.Production:
        """What the balancer does now."""
        return production.look(self.arm, self.state.pools)

    def scale_set(self, slot: Slot) -> LiveScaleSet:
        """The scale set of a slot. Raises `CommandError` where it has none."""
        if slot not in self.state.scale_sets:
            raise CommandError(f"{slot.value} has no scale set. Next: idle: keep, and pulumi up {self.named}")
        return LiveScaleSet(self.arm, self.state.scale_sets[slot])

    def pause(self, seconds: float) -> None:
        """Waits. Raises `Cancelled` at a signal."""
        with self._interrupt.pausing():
            time.sleep(seconds)

    def stop_if_asked(self) -> None:
        """Raises `Cancelled` when a signal has come."""
        if self._interrupt.stop.is_set():
            raise Cancelled

    def write(self, changes: Sequence[Change]) -> None:
        """Writes settings into the stack file."""
        _write(changes, self._folder, self._words)

    def preview(self, changes: Sequence[Change]) -> list[Mapping[str, Any]]:
        """The steps, but those that change nothing, of an update with these settings; the stack file stays as it is. Raises `CommandError` with pulumi's reason."""
        with tempfile.TemporaryDirectory(prefix="scaleset-release-") as folder:
            copied = Path(folder) / self.file.name
            shutil.copy(self.file, copied)
            words = ("--stack", self.stack, "--config-file", str(copied))
            _write(changes, self._folder, words)
            done = subprocess.run(
                ["pulumi", "preview", "--json", "--non-interactive", *words], cwd=self._folder, capture_output=True, text=True, check=False
            )
        return _steps(done)

    def up(self, message: str, active: Slot, switches: bool = False) -> bool:
        """`pulumi up`, and for a balancer of one's own the switch command; afterwards production is at the slot *active*, or this has failed, which is on the terminal.
        *switches*: it must lead there also where a balancer of one's own led to no slot.

        What a killed update left is mended first (`scaleset recover`), where it ran on this machine. Raises `CommandError` where another update runs, and `Cancelled`.
        """
        recovered = False
        while True:
            code, said = pulumi_command.watched(
                "up", "--yes", "--skip-preview", "--non-interactive", "--message", message, *self._words,
                folder=self._folder, quiet_stdout=self._quiet,
            )  # fmt: skip
            self.stop_if_asked()
            held = lock.of_error(said) if code else None
            if held is not None and self._was_held(held):
                continue
            if held is None and code == 0 and self._is_at(active, switches):
                self.state = self._read_state()
                return True
            if held is None and (recovered or (code and not self.state.unfinished) or (code == 0 and self.state.elsewhere)):
                self.state = self._read_state()
                return False
            # A lock whose holder is dead, a failure after an update that was killed, or a balancer that isn't as the state has it.
            self._recover()
            recovered = True

    def switch(self, message: str, active: Slot) -> bool:
        """Makes a slot the active one. Where that is refused the stack file, and what it tells a balancer of one's own, stay as they were: a later update must not switch by
        the way."""
        before = self.production().slot
        self.write(self.settings.changes(active=active))
        if self.up(message, active, switches=True):
            return True
        if before is not None and self.production().slot is before:
            self.write(self.settings.changes(active=before))
            if self.state.elsewhere and not self.up(f"{message}: taken back", before):
                printing.complain(
                    f"The stack may still tell that balancer to lead to {active.value} (activePoolId), and the update that takes it back failed. Next: pulumi up {self.named}"
                )
        return False

    def follow(self, message: str) -> bool:
        """After a switch: the minimums of autoscale follow the slot that serves, before the one that was left is scaled in for want of load (T20), with which one could not go
        back. Nothing without autoscale."""
        return not self.state.autoscaled or self.up(message, self.settings.active)

    def _is_at(self, active: Slot, switches: bool) -> bool:
        serving = self.production().slot
        if serving is active or (serving is None and not (switches and self.state.elsewhere)):
            return True
        if not self.state.elsewhere or self.switch_command is None:
            return False
        problem = checks.problem_of_command(self.switch_command, {"SLOT": active.value, "POOL_ID": self.state.pools[active]})
        self.stop_if_asked()
        if problem is None and self.production().slot is not active:
            problem = f"`{self.switch_command}` ended well, and the balancer's rules do not lead to {self.state.pools[active]}"
        if problem:
            printing.complain(problem)
        return problem is None

    def _was_held(self, held: lock.Lock) -> bool:
        """Whether another update ran; waits for its end."""
        if not held.here:
            raise CommandError(
                f"Stack {self.stack} is locked by {held.holder}. Next: wait for it, and the same command again; after a kill there: scaleset recover --stack {self.stack}"
            )
        if not held.is_held:
            return False
        printing.complain(f"Waiting for the update of {held.holder}.")
        while held.is_held:
            self.pause(_PAUSE)
        return True

    def _recover(self) -> None:
        printing.complain(f"An update of stack {self.stack} was killed. Mending what it left: scaleset recover --stack {self.stack}")
        command = [sys.executable, "-m", "azure_scaleset.cli", "recover", "--yes", *self._words]
        if subprocess.run(command, cwd=self._folder, stdout=sys.stderr, check=False).returncode != 0:
            raise CommandError(f"What a killed update left could not be mended: see above. Next: scaleset recover --stack {self.stack}")
        self.state = self._read_state()


def _check_command(state: stack.StagedStack, command: str | None, name: str) -> None:
    if state.elsewhere and command is None:
        raise CommandError(
            f"The production balancer of stack {name} is one of your own (productionPoolIds), so a switch is an update of this stack, and then one of that balancer. Expected "
            "--switch-command COMMAND, which leads the balancer's rules to the pool $POOL_ID and ends when they do: as `pulumi up --yes --cwd ../balancer`, where they take "
            "activePoolId. By hand: docs/releasing.md."
        )
    if not state.elsewhere and command is not None:
        raise CommandError(
            f"--switch-command was given, and the production balancer of stack {name} is its own: pulumi up switches it. Leave --switch-command out."
        )


def _write(changes: Sequence[Change], folder: Path, words: Sequence[str]) -> None:
    for each in changes:
        # Pulumi keeps the comments of the file.
        pulumi_command.run("config", "set", "--path", "--type", "string", *words, each.path, folder=folder, given=each.value)


def _steps(done: "subprocess.CompletedProcess[str]") -> list[Mapping[str, Any]]:
    try:
        document = json.loads(done.stdout)
    except ValueError:
        document = {}
    errors = [str(each["message"]).strip() for each in document.get("diagnostics") or () if each.get("severity") == "error"]
    if done.returncode != 0 or errors:
        raise CommandError(
            "The preview fails, so nothing was changed:\n" + "\n".join(errors or [done.stderr.strip() or "it gave no reason"])
        )
    return [each for each in document.get("steps") or () if each.get("op") != "same"]
