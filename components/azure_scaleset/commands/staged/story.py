"""How a release is told: the plan before it, each step, what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from azure_scaleset.commands import printing
from azure_scaleset.commands.staged.plan import Plan, Step
from azure_scaleset.commands.staged.settings import Settings
from azure_scaleset.staged_arguments import Idle, Slot

_BOOKKEEPING = ("Stack", "Stash")
"""Types of resources that are nothing in Azure."""


@dataclass(frozen=True)
class Ways:
    """How the steps are carried out, for a person."""

    test: str
    switch: str
    watch: str
    drain: str
    rest: Idle


def lines(plan: Plan, settings: Settings, ways: Ways) -> list[str]:
    """The plan, a line a step."""
    new, old = plan.to.value, plan.to.other.value
    told = {
        Step.SETTLE: f"production to {settings.active.value}, which the stack file names: pulumi up",
        Step.DEPLOY: f"{new}: {'; '.join(map(str, plan.deploy)) or 'as the stack file has it'}; pulumi up",
        Step.TEST: f"{new}: {ways.test}",
        Step.SWITCH: f"{settings.prefix}active: {new}; pulumi up, {ways.switch}",
        Step.WATCH: f"{new}: {ways.watch}; what fails here goes back to {old}",
        Step.DRAIN: f"{old}: {ways.drain}",
        Step.REST: f"{old}: {settings.prefix}idle: {ways.rest.value}; pulumi up",
    }
    return [f"  {number}. {step.value:<7}{told[step]}" for number, step in enumerate(plan.steps, 1)]


def touched(steps: Sequence[Mapping[str, Any]]) -> list[str]:
    """What a preview would do, a line a resource."""
    return [
        f"     {step['op']} {str(step['urn']).rpartition('::')[2]} ({_type(step)})" for step in steps if _type(step) not in _BOOKKEEPING
    ]


def _type(step: Mapping[str, Any]) -> str:
    return str(step["urn"]).rsplit("::", 2)[-2].rpartition("$")[2].rpartition(":")[2]


@dataclass
class Story:
    """What a release did."""

    stack: str
    to: Slot
    quiet_stdout: bool
    steps: list[dict[str, str]] = field(default_factory=list)

    def begins(self, step: Step, text: str) -> None:
        """A step begins."""
        self.steps.append({"step": step.value, "result": "begun"})
        self._say(f"{step.value}: {text}")

    def ended(self, result: str) -> None:
        """The step has ended: `done`, `failed` or `undone`."""
        self.steps[-1]["result"] = result

    def progress(self, text: str) -> None:
        """How the step goes."""
        printing.complain(f"{self.steps[-1]['step']}: {text}")

    def end(self, active: Slot | None, reason: str | None, next_steps: Sequence[str] = ()) -> int:
        """Tells what came of it, and gives the exit code. *active*: the slot that serves production. *reason*: why the release failed."""
        if self.quiet_stdout:
            printing.document(
                {
                    "stack": self.stack,
                    "to": self.to.value,
                    "active": active.value if active else None,
                    "done": reason is None,
                    "reason": reason,
                    "steps": self.steps,
                }
            )
            for each in next_steps:
                printing.complain(each)
        else:
            serves = f"{active.value} serves production." if active else "No rule leads to a slot."
            head = f"Released: {serves}" if reason is None else f"The release failed: {reason}\n  {serves}"
            printing.line("\n".join([head, *(f"  {each}" for each in next_steps)]))
        return 0 if reason is None else 1

    def _say(self, text: str) -> None:
        (printing.complain if self.quiet_stdout else printing.line)(text)
