"""The steps of a build: what each prints into the log, how long it takes, whether it fails. Commands are not executed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from offline.arm import faults
from offline.arm.http import Json
from offline.arm.image_builder.durations import REBOOT_SECONDS, STEP_SECONDS
from offline.arm.image_builder.template import Template

_EXIT = re.compile(r"^\s*exit\s+(\d+)\s*$")


@dataclass(frozen=True)
class Outcome:
    """What a phase of steps comes to: its lines in the log, how long it takes, the failure of its last step or None."""

    lines: list[str]
    seconds: float
    failure: str | None


def run(template: Template, steps: list[Json], what: str) -> Outcome:
    """Goes through the steps until one fails: on order, or by a command `exit <code>` that is written out."""
    lines: list[str] = []
    seconds = 0.0
    for number, step in enumerate(steps, start=1):
        name = step.get("name") or f"{what} {number}"
        commands = step.get("inline") or [f"# {step.get('scriptUri') or step.get('sourceUri') or step['type']}"]
        seconds += REBOOT_SECONDS if step["type"].startswith("Windows") else STEP_SECONDS
        lines += [f"{what} '{name}' ({step['type']})", *(f"    + {command}" for command in commands)]
        code, output = _result(template, step, commands)
        if output:
            lines.append(f"    {output}")
        if code not in (step.get("validExitCodes") or [0]):
            lines.append(f"{what} '{name}' exited with non-zero exit status: {code}")
            return Outcome(lines, seconds, f"{what} '{name}' failed with exit status {code}.")
    return Outcome(lines, seconds, None)


def _result(template: Template, step: Json, commands: list[str]) -> tuple[int, str]:
    ordered = faults.build_step_failure(template.store, template.name, step.get("name"), "\n".join(commands))
    if ordered is not None:
        return int(ordered["exitCode"]), str(ordered["output"])
    exits = [int(match[1]) for command in commands if (match := _EXIT.match(command))]
    return (exits[0] if exits else 0), ""
