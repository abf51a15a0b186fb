"""Instances whose OS disk is no resource: Azure doesn't tell its age."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from azure_scaleset.rollout.instance import Health, Instance
from azure_scaleset.rollout.plan import Wanted, old_disk
from azure_scaleset.rollout.policy import Policy

SINCE = datetime(2026, 1, 1, tzinfo=UTC)
EPHEMERAL = Instance("0", "web_0", None, 0, True, "Succeeded", "running", Health.HEALTHY, False, None, None)


@pytest.mark.parametrize(
    ("passed", "made", "old"),
    [(True, -1, False), (False, -1, True), (False, None, True), (False, 0, False), (False, 1, False)],
)
def test_it_is_old_till_the_data_has_passed_the_gate(passed: bool, made: int | None, old: bool) -> None:
    """But for a machine that was made since then."""
    instance = replace(EPHEMERAL, made=None if made is None else SINCE + timedelta(days=made))
    assert old_disk(instance, Wanted(SINCE, unknown_is_old=not passed), Policy()) is old
