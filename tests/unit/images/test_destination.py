"""The arguments of an image's destination."""

import asyncio
from typing import cast

import pulumi
import pytest

from azure_scaleset.errors import ArgumentError
from azure_scaleset.images.destination import destination, find_problems
from azure_scaleset.images.machine import Machine


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


def test_a_security_type_that_is_not_known_is_told_as_an_argument() -> None:
    """Of the component, with what to add: before a gallery or a definition is made of it."""

    async def made() -> None:
        source = pulumi.Output.from_input(cast("Machine | None", Machine("Linux", "V2", "Newest")))
        common = {"resource_group_name": "g", "location": "westeurope", "tags": None}
        gallery = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/g"
        parent = pulumi.ComponentResource("azure-scaleset:index:GalleryImage", "web")
        await destination("GalleryImage 'web'", "web", {"gallery_id": gallery}, common, source, parent, []).definition_id.future()

    with pytest.raises(
        ArgumentError, match=r"(?s)GalleryImage 'web' has 1 problem .*destination\.definition\.security is missing, .* Newest"
    ):
        asyncio.run(made())
