"""The record and the row of an instance."""

from datetime import UTC, datetime

import pytest
from rich.console import Console

from azure_scaleset.commands.instance_record import cells, last_run, model_state, record, table
from azure_scaleset.rollout.instance import Health
from azure_scaleset.rollout.plan import Wanted
from azure_scaleset.rollout.policy import Policy, Reimage
from tests.unit.commands.instances import CURRENT, FAILED_RUN, GOOD_RUN, instance

SINCE = datetime(2026, 1, 2, tzinfo=UTC)
OLD = datetime(2026, 1, 1, tzinfo=UTC)


def test_record_of_an_instance_with_everything() -> None:
    """Each field, the extension that failed rather than the later one."""
    shown = record(
        instance(3, health=Health.UNHEALTHY, provisioning="Failed", extensions=(FAILED_RUN, GOOD_RUN), protected=True), Wanted(), Policy()
    )
    assert shown == {
        "id": "3",
        "name": "web_3",
        "zone": "2",
        "model": "current",
        "provisioningState": "Failed",
        "health": "unhealthy",
        "power": "running",
        "imageVersion": "1.0",
        "lastExtension": {"name": "app", "failed": True, "code": "ProvisioningState/failed/1", "time": "2026-01-01T00:00:05+00:00"},
        "serves": False,
        "leftAlone": "protected from scale set actions",
    }
    assert cells(shown) == (
        "3",
        "2",
        "current",
        "unhealthy",
        "running (Failed)",
        "1.0",
        "app failed 2026-01-01T00:00Z",
        "protected from scale set actions",
    )


def test_model_of_an_instance() -> None:
    """Outdated, an OS disk from before the change of custom data, or current; where reimaging is not allowed disks don't count."""
    wanted = Wanted(os_since=SINCE)
    states = [
        model_state(instance(0, latest_model=False), wanted, Policy()),
        model_state(instance(0, os_disk_made=OLD), wanted, Policy()),
        model_state(instance(0, os_disk_made=SINCE), wanted, Policy()),
        model_state(instance(0, os_disk_made=OLD), wanted, Policy(reimage=Reimage.NEVER)),
    ]
    assert states == ["outdated", "old OS disk", "current", "current"]


def test_the_latest_of_good_runs_is_shown() -> None:
    """By the time of its end; None where no extension ran."""
    earlier = GOOD_RUN.__class__("first", False, "ProvisioningState/succeeded", "", "2026-01-01T00:00:01+00:00")
    assert last_run(instance(0, extensions=(GOOD_RUN, earlier))) == GOOD_RUN
    assert last_run(CURRENT) is None


def test_failed_instance_on_80_columns(capsys: pytest.CaptureFixture[str]) -> None:
    """Broken only at spaces: the time of the run and the image's version stay whole."""
    failed = instance(1, health=Health.UNHEALTHY, provisioning="Failed", extensions=(FAILED_RUN,), image_version="24.04.202510010")
    Console(width=80, highlight=False).print(table([record(failed, Wanted(), Policy())]))

    assert [line.split() for line in capsys.readouterr().out.splitlines()[1:]] == [
        ["1", "2", "current", "unhealthy", "running", "24.04.202510010", "app", "failed"],
        ["(Failed)", "2026-01-01T00:00Z"],
    ]


def test_column_that_no_row_needs_is_left_out() -> None:
    """Nobody is left alone: the table has no column for it."""
    plain = record(CURRENT, Wanted(), Policy())
    assert [column.header for column in table([plain]).columns] == [
        "id",
        "zone",
        "model",
        "health",
        "power",
        "image",
        "last extension run",
    ]
    assert len(table([plain, {**plain, "leftAlone": "deallocated"}]).columns) == 8
