"""The arguments of an image's destination."""

import pytest

from azure_scaleset.images.destination import find_problems


@pytest.mark.parametrize("date", ["2027-06-30T00:00:00Z", "2027-06-30T00:00:00", "2027-06-30", "2027-06-30T12:00:00+02:00"])
def test_an_end_of_life_is_a_time_or_a_date(date: str) -> None:
    """With a zone or without."""
    assert find_problems({"end_of_life_date": date}, "westeurope", source_tells=True) == []


@pytest.mark.parametrize("date", ["", "30.06.2027", "next year", "2027-02-30"])
def test_another_end_of_life_is_refused(date: str) -> None:
    """Before anything is asked of Azure."""
    assert find_problems({"end_of_life_date": date}, "westeurope", source_tells=True) == [
        f"destination.endOfLifeDate is {date!r}. Expected a date or time of ISO 8601, as 2027-06-30T00:00:00Z."
    ]
