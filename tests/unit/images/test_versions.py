"""Which version of an image is taken, and which number a new one gets."""

from datetime import UTC, datetime
from typing import Any

import pytest

from azure_scaleset.images.versions import (
    NoVersionError,
    Version,
    chosen_number,
    constraint_problem,
    gallery_version,
    highest_first,
    latest_somewhere,
    newest,
    wanted_problem,
)

NOW = datetime(2026, 6, 1, tzinfo=UTC)
TAG = "made-of"


def body(name: str, **publishing: Any) -> dict[str, Any]:
    """A version as Azure answers it."""
    profile = {"targetRegions": [{"name": "West Europe"}, {"name": "northeurope"}], **publishing}
    return {"name": name, "tags": {TAG: "a"}, "properties": {"provisioningState": "Succeeded", "publishingProfile": profile}}


def updating(**states: str) -> dict[str, Any]:
    """A version that is carried to another region, with its state in some."""
    made = body("1.0.0")
    made["properties"]["provisioningState"] = "Updating"
    if states:
        made["properties"]["replicationStatus"] = {"summary": [{"region": region, "state": state} for region, state in states.items()]}
    return made


def test_versions_are_ordered_by_number() -> None:
    """1.10.0 is newer than 1.9.0, whatever their texts say; a constraint takes its own only."""
    assert highest_first(["1.9.0", "1.10.0", "2.0.0", "1.9.1"], "1.*") == ["1.10.0", "1.9.1", "1.9.0"]
    assert highest_first(["1.4.2", "1.40.0", "11.4.0"], "1.4.*") == ["1.4.2"]
    assert highest_first(["1.4.2", "1.4.20"], "1.4.2") == ["1.4.2"]


@pytest.mark.parametrize("constraint", ["", "1", "1.4", "1.*.2", "~1.4", "1.4.*.*", "latest"])
def test_other_constraints_are_refused(constraint: str) -> None:
    """What is no constraint is shown, with the forms that are."""
    assert constraint_problem(constraint) == f"{constraint!r}. Expected *, 1.*, 1.4.* or 1.4.2."


@pytest.mark.parametrize(
    ("given", "region", "refusal"),
    [
        (body("1.0.0"), "westeurope", None),
        (body("1.0.0"), "North Europe", None),
        (body("1.0.0"), None, None),
        (body("1.0.0"), "eastus", "is not replicated to eastus (only to northeurope, westeurope)"),
        (body("1.0.0", excludeFromLatest=True), "westeurope", "is excluded from latest"),
        (body("1.0.0", targetRegions=[{"name": "westeurope", "excludeFromLatest": True}]), "westeurope", "is excluded from latest"),
        (body("1.0.0", endOfLifeDate="2026-05-31T00:00:00Z"), "westeurope", "is past its end of life (2026-05-31)"),
        (body("1.0.0", endOfLifeDate="2026-06-02T00:00:00Z"), "westeurope", None),
        # Without a zone it is of UTC.
        (body("1.0.0", endOfLifeDate="2026-06-01T00:00:00"), "westeurope", "is past its end of life (2026-06-01)"),
        (body("1.0.0", endOfLifeDate="2026-06-01T00:00:01"), "westeurope", None),
        (body("1.0.0", endOfLifeDate="2026-06-02"), "westeurope", None),
        ({"name": "1.0.0", "properties": {"provisioningState": "Creating"}}, "westeurope", "is Creating"),
        (updating(), "westeurope", "is still being replicated to westeurope (Updating)"),
        (updating(westeurope="Replicating"), "West Europe", "is still being replicated to westeurope (Replicating)"),
        (updating(northeurope="Replicating", westeurope="Completed"), "westeurope", None),
        (updating(), None, None),
        ({"name": "1.0.0", "properties": {"excludeFromLatest": True, "publishedDate": "2026-01-01"}}, None, "is excluded from latest"),
    ],
)
def test_a_version_of_a_gallery_says_why_it_cannot_be_taken(given: dict[str, Any], region: str | None, refusal: str | None) -> None:
    """Not replicated to the region (or not yet), excluded from latest, past its end of life, not made yet; a region's name is compared however it is written."""
    assert gallery_version(given, region, NOW).refusal == refusal


def test_the_newest_that_can_be_taken_is_taken() -> None:
    """What is newer and can't be taken is named with its reason."""
    versions = [Version("1.2.0", "is Creating"), Version("1.1.0"), Version("1.0.0")]

    assert newest(versions, "*") == (Version("1.1.0"), [Version("1.2.0", "is Creating")])


def test_versions_after_the_chosen_one_are_not_looked_at() -> None:
    """Each look at a platform image's version is a call."""

    def seen() -> Any:
        yield Version("1.1.0")
        raise AssertionError("looked at more than needed")

    assert newest(seen(), "*") == (Version("1.1.0"), [])


@pytest.mark.parametrize(
    ("versions", "message"),
    [
        ([], r"there is none that fits 1\.\*"),
        ([Version("1.1.0", "is Creating"), Version("1.0.0", "is Failed")], r"none can be taken: 1\.1\.0 is Creating; 1\.0\.0 is Failed"),
        ([Version(f"1.0.{n}", "is Failed") for n in range(9, 0, -1)], r"1\.0\.5 is Failed; and 4 more$"),
    ],
)
def test_no_version_is_an_error_with_the_reasons(versions: list[Version], message: str) -> None:
    """Every version that fits is told, the first few of many."""
    with pytest.raises(NoVersionError, match=message):
        newest(versions, "1.*")


PRESENT = [Version("1.0.0", tags={TAG: "a"}), Version("1.0.1", tags={TAG: "b"}), Version("1.1.0", tags={TAG: "c"}), Version("2.0.7")]


@pytest.mark.parametrize(
    ("wanted", "content", "expected"),
    [
        ("1.0", "new", "1.0.2"),
        ("1.0", "a", "1.0.0"),
        ("1.0", "c", "1.0.2"),
        ("1.1", "c", "1.1.0"),
        ("2.0", "new", "2.0.8"),
        ("3.0", "new", "3.0.0"),
        ("1.0.1", "b", "1.0.1"),
        ("1.0.5", "new", "1.0.5"),
    ],
)
def test_the_number_of_a_content(wanted: str, content: str, expected: str) -> None:
    """The same content has the same number again, however many came after it; new content has the next free number, or the one that was given."""
    assert chosen_number(PRESENT, wanted, TAG, content) == expected


@pytest.mark.parametrize(("wanted", "reason"), [("1.0.1", "was made of b, not of a"), ("2.0.7", "has no tag made-of, not of a")])
def test_a_number_that_is_taken_by_other_content_is_refused(wanted: str, reason: str) -> None:
    """A version can't be changed: the message says so, and what to do."""
    with pytest.raises(ValueError, match=f"version {wanted} exists, and it {reason}.*give the new one another number"):
        chosen_number(PRESENT, wanted, TAG, "a")


@pytest.mark.parametrize(
    ("version", "fine"), [("1.0", True), ("1.0.0", True), ("1", False), ("1.0.0.0", False), ("v1.0", False), ("1.x", False)]
)
def test_the_form_of_a_version_to_be_made(version: str, fine: bool) -> None:
    """Two numbers or three."""
    assert (wanted_problem(version) is None) is fine


def located(name: str, state: str = "Succeeded", *, excluded: bool = False, **regions: bool) -> dict[str, Any]:
    """A version in regions (name -> whether it is excluded from latest there), or excluded as a whole."""
    targets = [{"name": region, "excludeFromLatest": there} for region, there in regions.items()]
    made = body(name, targetRegions=targets, excludeFromLatest=excluded)
    return {**made, "location": "westeurope", "properties": {**made["properties"], "provisioningState": state}}


@pytest.mark.parametrize(
    ("bodies", "names"),
    [
        ([located("1.9.0", westeurope=False), located("1.10.0", westeurope=False)], {"1.10.0"}),
        ([located("1.0.0", westeurope=False), located("1.0.1", excluded=True, westeurope=False)], {"1.0.0"}),
        ([located("1.0.0", westeurope=False), located("1.0.1", westeurope=True)], {"1.0.0"}),
        ([located("1.0.0", westeurope=False, northeurope=False), located("1.0.1", westeurope=False)], {"1.0.0", "1.0.1"}),
        ([located("1.0.0", westeurope=False, northeurope=False), located("1.0.1", westeurope=False, northeurope=True)], {"1.0.0", "1.0.1"}),
        ([located("1.0.0", westeurope=False), located("1.0.1", "Creating", westeurope=False)], {"1.0.0"}),
        ([located("1.0.0", westeurope=False), located("1.0.1", "Updating", westeurope=False)], {"1.0.0", "1.0.1"}),
        ([located("1.0.0"), located("1.0.1")], {"1.0.1"}),
        ([located("1.0.0", excluded=True, westeurope=False)], set()),
    ],
)
def test_latest_is_another_version_in_another_region(bodies: list[dict[str, Any]], names: set[str]) -> None:
    """In each region the highest one that is there, works and isn't excluded, as a whole or there."""
    assert latest_somewhere(bodies) == names
