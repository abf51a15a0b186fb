"""Limits of how many may be out."""

import pytest

from azure_scaleset.rollout.policy import count_of


@pytest.mark.parametrize(
    ("limit", "instances", "count"),
    [("2", 10, 2), (2, 10, 2), ("20%", 10, 2), ("20%", 14, 2), ("20%", 3, 1), ("100%", 7, 7), ("1%", 0, 1), (" 5 ", 3, 5), ("12", 3, 12)],
)
def test_counts_and_percentages(limit: str | int, instances: int, count: int) -> None:
    """A percentage is rounded down, and at least one may always be out; a count may be more than there are."""
    assert count_of(limit, instances) == count


@pytest.mark.parametrize("limit", ["0", 0, "0%", "101%", "-1", "", "%", "2.5%", "a few", "20%%"])
def test_what_is_no_limit(limit: str | int) -> None:
    """Refused."""
    with pytest.raises(ValueError, match=r"is no number of instances|invalid literal"):
        count_of(limit, 10)
