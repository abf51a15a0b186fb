"""How a release is told."""

import json

import pytest

from azure_scaleset.commands.staged.plan import Plan, Step
from azure_scaleset.commands.staged.settings import Change, Settings
from azure_scaleset.commands.staged.story import Story, Ways, lines, touched
from azure_scaleset.staged_arguments import Idle, Slot
from tests.unit.commands.test_staged_stack import step

WAYS = Ways("every instance healthy", "one write to the balancer", "stays healthy for 300 s", "its flows have 240 s to end", Idle.SHRINK)


def test_the_plan_is_a_line_a_step() -> None:
    """What each does, to which slot, and what it writes."""
    plan = Plan(Slot.GREEN, list(Step), [Change("shop:slots.green.version", "2", "1"), Change("shop:idle", "keep", "shrink")])
    assert lines(plan, Settings("shop:", Slot.BLUE, Idle.SHRINK), WAYS) == [
        "  1. settle production to blue, which the stack file names: pulumi up",
        "  2. deploy green: shop:slots.green.version: 1 -> 2; shop:idle: shrink -> keep; pulumi up",
        "  3. test   green: every instance healthy",
        "  4. switch shop:active: green; pulumi up, one write to the balancer",
        "  5. watch  green: stays healthy for 300 s; what fails here goes back to blue",
        "  6. drain  blue: its flows have 240 s to end",
        "  7. rest   blue: shop:idle: shrink; pulumi up",
    ]


def test_a_preview_is_told_without_what_is_nothing_in_azure() -> None:
    """Stashes are the library's own."""
    assert touched([step("web-green"), step("web-green-model", "pulumi:index:Stash")]) == ["     update web-green (VirtualMachineScaleSet)"]


def test_the_document_stands_alone(capsys: pytest.CaptureFixture[str]) -> None:
    """Progress goes to standard error."""
    story = Story("prod", Slot.GREEN, quiet_stdout=True)
    story.begins(Step.DEPLOY, "green")
    story.ended("failed")
    assert story.end(None, "no", ["Next: this"]) == 1
    told = capsys.readouterr()
    assert json.loads(told.out) == {
        "stack": "prod",
        "to": "green",
        "active": None,
        "done": False,
        "reason": "no",
        "steps": [{"step": "deploy", "result": "failed"}],
    }
    assert told.err == "deploy: green\nNext: this\n"


def test_a_failure_is_told_with_who_serves(capsys: pytest.CaptureFixture[str]) -> None:
    """And with what to do."""
    assert Story("prod", Slot.GREEN, quiet_stdout=False).end(Slot.BLUE, "no", ["Next: this"]) == 1
    assert capsys.readouterr().out == "The release failed: no\n  blue serves production.\n  Next: this\n"
