"""Which step follows from what a VM shows."""

from typing import Any

import pytest

from azure_scaleset.capture.steps import Step, UnclearStateError, next_step, steps_ahead
from azure_scaleset.capture.vm import PREPARED, PREPARING, TOLD, Extension
from tests.unit.capture.vms import vm

EXTENSION = (Extension("/id", "script"),)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, Step.PREPARE),
        ({"extensions": EXTENSION}, Step.REMOVE_EXTENSIONS),
        ({"power": "stopped"}, Step.START),
        ({"power": "deallocated"}, Step.START),
        ({"power": "starting"}, Step.WAIT),
        ({"provisioning": "Updating"}, Step.WAIT),
        ({"mark": PREPARING}, Step.PREPARE),
        ({"mark": PREPARING, "extensions": EXTENSION}, Step.REMOVE_EXTENSIONS),
        ({"mark": PREPARING, "agent_ready": False}, Step.WAIT),
        ({"mark": TOLD}, Step.PREPARE),
        ({"mark": TOLD, "agent_ready": False}, Step.WAIT),
        ({"mark": TOLD, "power": "stopped"}, Step.CONFIRM),
        # A script that never came back doesn't hold the capture up.
        ({"mark": TOLD, "power": "stopped", "provisioning": "Updating"}, Step.CONFIRM),
        ({"mark": PREPARED, "power": "stopped"}, Step.DEALLOCATE),
        ({"mark": PREPARED, "power": "deallocating"}, Step.WAIT),
        ({"mark": PREPARED, "power": "deallocated"}, Step.GENERALIZE),
        # Somebody has started it again, which undoes the preparation.
        ({"mark": PREPARED, "power": "running"}, Step.PREPARE),
        ({"generalized": True, "power": "deallocated", "mark": PREPARED}, Step.CAPTURE),
    ],
)
def test_next_step(fields: Any, expected: Step) -> None:
    """Each state leads to one step."""
    assert next_step(vm(**fields)) is expected


@pytest.mark.parametrize(
    "fields",
    [
        {"mark": PREPARING, "power": "stopped"},
        {"mark": PREPARING, "power": "stopped", "provisioning": "Updating"},
        {"mark": PREPARING, "power": "deallocated"},
        {"mark": TOLD, "power": "deallocated"},
    ],
)
def test_nobody_can_tell_what_was_turned_off_too_early(fields: Any) -> None:
    """A VM that was stopped before it was told to prepare itself, or deallocated while it did, is neither captured nor prepared again: a person must look."""
    with pytest.raises(UnclearStateError, match=f"build was {fields['power']} while its system was being prepared: nobody can tell"):
        next_step(vm(**fields))


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ({"power": "stopped", "extensions": EXTENSION}, "START REMOVE_EXTENSIONS PREPARE DEALLOCATE GENERALIZE CAPTURE"),
        ({}, "PREPARE DEALLOCATE GENERALIZE CAPTURE"),
        ({"mark": PREPARED, "power": "deallocated"}, "GENERALIZE CAPTURE"),
        ({"mark": TOLD, "power": "stopped"}, "DEALLOCATE GENERALIZE CAPTURE"),
        ({"generalized": True}, "CAPTURE"),
    ],
)
def test_steps_ahead(fields: Any, names: str) -> None:
    """What is still to do, in order; a deletion comes last."""
    expected = names.split()
    assert [each.name for each in steps_ahead(vm(**fields), delete=False)] == expected
    assert [each.name for each in steps_ahead(vm(**fields), delete=True)] == [*expected, "DELETE"]
