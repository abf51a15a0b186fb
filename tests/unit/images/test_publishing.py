"""Where a version is published, and what is written to change it."""

from typing import Any

import pytest

from azure_scaleset.images.chosen import MADE_TAG
from azure_scaleset.images.publishing import differences, fixed_problem, with_publishing


def body(**profile: Any) -> dict[str, Any]:
    """A version with a publishing profile."""
    return {"location": "westeurope", "properties": {"publishingProfile": profile, "storageProfile": {"source": {"id": "/vm"}}}}


@pytest.mark.parametrize(
    ("present", "then", "changes"),
    [
        ({"targetRegions": [{"name": "West Europe", "regionalReplicaCount": 1}]}, {"targetRegions": [{"name": "westeurope"}]}, []),
        ({"targetRegions": [{"name": "westeurope"}], "excludeFromLatest": False}, {"targetRegions": [{"name": "westeurope"}]}, []),
        ({"endOfLifeDate": "2030-01-01T00:00:00+00:00"}, {"endOfLifeDate": "2030-01-01T00:00:00Z"}, []),
        ({"endOfLifeDate": "2030-01-01T04:00:00+00:00"}, {"endOfLifeDate": "2029-12-31T23:00:00-05:00"}, []),
        (
            {"targetRegions": [{"name": "westeurope"}]},
            {"targetRegions": [{"name": "westeurope", "excludeFromLatest": True}]},
            ["westeurope has 1 replica, excluded from latest, not 1 replica"],
        ),
        (
            {"targetRegions": [{"name": "West Europe"}, {"name": "North Europe"}], "endOfLifeDate": "2029-01-01T00:00:00Z"},
            {"targetRegions": [{"name": "westeurope", "regionalReplicaCount": 3}, {"name": "uksouth"}], "excludeFromLatest": True},
            [
                "uksouth is added (1 replica)",
                "westeurope has 3 replicas, not 1 replica",
                "northeurope is removed",
                "excludeFromLatest is true, not false",
                "endOfLifeDate is none, not 2029-01-01",
            ],
        ),
    ],
)
def test_what_changes_where_a_version_is_published(present: dict[str, Any], then: dict[str, Any], changes: list[str]) -> None:
    """Display names, defaults that Azure fills in and another way to write a time are no change; without one nothing is written."""
    assert differences(body(**present), body(**then)) == changes
    assert (with_publishing(body(**present), body(**then)) is None) is (not changes)


def test_only_publishing_and_mark_are_written() -> None:
    """What the version was made of, how it is stored, and other tags stay."""
    present = {**body(targetRegions=[{"name": "westeurope"}], storageAccountType="Standard_ZRS"), "tags": {"team": "web"}}
    wanted = {**body(targetRegions=[{"name": "westeurope"}]), "tags": {"other": "x", MADE_TAG: "now"}}

    assert with_publishing(present, wanted) == {
        "location": "westeurope",
        "tags": {"team": "web", MADE_TAG: "now"},
        "properties": {
            "storageProfile": {"source": {"id": "/vm"}},
            "publishingProfile": {"targetRegions": [{"name": "westeurope"}], "storageAccountType": "Standard_ZRS"},
        },
    }


@pytest.mark.parametrize(
    ("present", "given", "stored"),
    [
        ({}, None, None),
        ({}, "standard_lrs", None),
        ({}, "Premium_LRS", "Standard_LRS"),
        ({"storageAccountType": "Standard_ZRS"}, "Standard_LRS", "Standard_ZRS"),
        # A build says it of each region.
        ({"targetRegions": [{"name": "westeurope", "storageAccountType": "Standard_ZRS"}]}, "Standard_ZRS", None),
    ],
)
def test_the_storage_of_a_version_stays(present: dict[str, Any], given: str | None, stored: str | None) -> None:
    """Another one is refused, with the way out."""
    problem = fixed_problem(body(**present), body(**({"storageAccountType": given} if given else {})))

    assert problem == (
        None
        if stored is None
        else f"destination.storageAccountType is {given}, and the version is stored as {stored}, which can't be changed (Y6). Set it back, or give the version "
        "another number by destination.version."
    )
