"""What the tags of a scale set ask of its instances."""

from datetime import UTC, datetime

import pytest

from azure_scaleset.commands.connection import wanted
from azure_scaleset.commands.failure import CommandError
from azure_scaleset.rollout.plan import Wanted


def test_tag_says_since_when_disks_must_be_made() -> None:
    """A scale set without it, as any that this project did not make, asks for none."""
    tagged = {"tags": {"azure-scaleset-os-since": "2026-01-31T12:00:00+00:00"}}
    assert [wanted(tagged), wanted({"tags": None}), wanted({})] == [
        Wanted(os_since=datetime(2026, 1, 31, 12, tzinfo=UTC)),
        Wanted(),
        Wanted(),
    ]


@pytest.mark.parametrize("text", ["yesterday", "2026-01-31T12:00:00"])
def test_tag_that_is_no_time_is_refused(text: str) -> None:
    """Also one without an offset, which can't be compared with Azure's times."""
    with pytest.raises(
        CommandError, match=f"^The scale set's tag azure-scaleset-os-since is '{text}'. Expected a time as 2026-01-31T12:00:00"
    ):
        wanted({"tags": {"azure-scaleset-os-since": text}})
