"""Which version of an image is taken. Pure: what Azure has is given."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from azure_scaleset.rules.gallery import HIGHEST_NUMBER, plain

_CONSTRAINT = re.compile(r"\*|\d+\.\*|\d+\.\d+\.\*|\d+\.\d+\.\d+", re.ASCII)
_VERSION = re.compile(r"\d+\.\d+\.\d+", re.ASCII)
_SHOWN = 5


@dataclass(frozen=True)
class Version:
    """A version of an image, as far as it matters here."""

    name: str
    """Major.Minor.Patch."""
    refusal: str | None = None
    """Why it can't be taken, in words; None where it can."""
    tags: Mapping[str, str] = field(default_factory=dict)
    """Its tags in Azure; a platform image has none."""
    lost: bool = False
    """Whether Azure has failed to make it, or is deleting it: then it is made anew."""


class NoVersionError(ValueError):
    """No version fits."""


def number(name: str) -> tuple[int, ...]:
    """The order of versions: by number, not by text and not by date (Y7)."""
    return tuple(int(part) for part in name.split("."))


def constraint_problem(constraint: str) -> str | None:
    """What is wrong with a constraint; None when nothing is."""
    if _CONSTRAINT.fullmatch(constraint):
        return None
    return f"{constraint!r}. Expected *, 1.*, 1.4.* or 1.4.2."


def matches(constraint: str, name: str) -> bool:
    """Whether the version *name* is one of *constraint* (`1.4.*`)."""
    wanted = constraint.removesuffix("*").rstrip(".")
    return not wanted or f"{name}.".startswith(f"{wanted}.")


def highest_first(names: Iterable[str], constraint: str) -> list[str]:
    """The versions that fit, the highest first."""
    return sorted((name for name in names if matches(constraint, name)), key=number, reverse=True)


def newest(versions: Iterable[Version], constraint: str) -> tuple[Version, list[Version]]:
    """The first of *versions* (those that fit *constraint*, the highest first) that can be taken, and those before it. Raises `NoVersionError` that says why there
    is none."""
    passed: list[Version] = []
    for version in versions:
        if version.refusal is None:
            return version, passed
        passed.append(version)
    raise NoVersionError(f"none can be taken: {reasons(passed)}" if passed else f"there is none that fits {constraint}")


def reasons(versions: Sequence[Version]) -> str:
    """Why versions can't be taken, the first few of many."""
    words = [f"{each.name} {each.refusal}" for each in versions[:_SHOWN]]
    return "; ".join(words) + (f"; and {len(versions) - _SHOWN} more" if len(versions) > _SHOWN else "")


def gallery_version(body: Mapping[str, object], region: str | None, now: datetime) -> Version:
    """A version of a gallery image from Azure's answer, seen from *region* (None: from its own one). Of one that is `Updating` the answer with `ReplicationStatus` tells
    whether it has arrived in the region."""
    tags = {str(key): str(value) for key, value in _map(body.get("tags")).items()}
    return Version(str(body["name"]), _refusal(body, region, now), tags, is_lost(body))


def is_lost(body: Mapping[str, object] | None) -> bool:
    """Whether an image (ARM's body of a version or a managed one) isn't there, or not for long: nothing can be made of it any more, and it is made anew. Pure."""
    return body is None or _map(body.get("properties")).get("provisioningState") in ("Failed", "Deleting")


def _refusal(body: Mapping[str, object], region: str | None, now: datetime) -> str | None:
    return passed_over(body, region) or end_of_life(body, now)


def passed_over(body: Mapping[str, object], region: str | None) -> str | None:
    """Why Azure doesn't mean a version by a reference without one in *region*; None where it may. *body*: as of `gallery_version`. Pure."""
    profile, places = _published(body)
    missing = unusable(body, region)
    if missing is not None:
        return missing
    if profile.get("excludeFromLatest") or places.get(plain(region), {}).get("excludeFromLatest"):
        return "is excluded from latest"
    return None


def unusable(body: Mapping[str, object], region: str | None) -> str | None:
    """Why nothing can be made of a version in *region*, also when it is named; None when it can. *body*: as of `gallery_version`. Pure."""
    state = _map(body.get("properties")).get("provisioningState")
    if state not in (None, "Succeeded", "Updating"):
        return f"is {state}"
    _, places = _published(body)
    if places and region and plain(region) not in places:
        return f"is not replicated to {plain(region)} (only to {', '.join(sorted(places))})"
    # A version that gets another region has it among its own from the beginning.
    if state == "Updating" and region and (there := _replication(body, region)) != "Completed":
        return f"is still being replicated to {plain(region)} ({there or 'Updating'})"
    return None


def _replication(body: Mapping[str, object], region: str) -> object:
    """The state of a version in a region; None where the answer was asked for without `ReplicationStatus`."""
    summary = _map(_map(body.get("properties")).get("replicationStatus")).get("summary")
    states = (each for each in summary if isinstance(each, Mapping)) if isinstance(summary, list) else ()
    return next((each.get("state") for each in states if plain(str(each.get("region"))) == plain(region)), None)


def end_of_life(body: Mapping[str, object], now: datetime) -> str | None:
    """That a version is past its end of life; None where it isn't. Azure itself goes on to serve it (Y8). Pure."""
    end = _published(body)[0].get("endOfLifeDate")
    if isinstance(end, str) and moment(end) <= now:
        return f"is past its end of life ({end[:10]})"
    return None


def moment(text: str) -> datetime:
    """A date or time of ISO 8601; without a zone it is of UTC. Raises ValueError. Pure."""
    read = datetime.fromisoformat(text)
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


def latest_somewhere(bodies: Iterable[Mapping[str, object]]) -> set[str]:
    """The names of the versions that a reference without version means: in each region the highest one that is there and isn't excluded from latest. A version past its
    end of life counts (Y8). One that is being updated may not be in all its regions yet, so the next one counts beside it. *bodies*: all versions of a definition. Pure."""
    highest = sorted(bodies, key=lambda each: number(str(each["name"])), reverse=True)
    seen_from = [(each, _published(each)) for each in highest if unusable(each, None) is None]
    found: set[str] = set()
    for region in {place for body, (_, places) in seen_from for place in places or {plain(str(body.get("location")))}}:
        for body, (profile, places) in seen_from:
            at = places.get(region) if places else {} if plain(str(body.get("location"))) == region else None
            if at is None or profile.get("excludeFromLatest") or at.get("excludeFromLatest"):
                continue
            found.add(str(body["name"]))
            if _map(body.get("properties")).get("provisioningState") != "Updating":
                break
    return found


def _published(body: Mapping[str, object]) -> tuple[Mapping[str, object], dict[str, Mapping[str, object]]]:
    """The publishing profile of a version, and its target regions by their names; those of shared and community galleries show neither."""
    properties = _map(body.get("properties"))
    profile = _map(properties.get("publishingProfile")) or properties
    regions = profile.get("targetRegions")
    places = {plain(str(each.get("name"))): each for each in regions if isinstance(each, Mapping)} if isinstance(regions, list) else {}
    return profile, places


def _map(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def wanted_problem(version: str) -> str | None:
    """What is wrong with a version to be made: `1.4` lets the last number count up; None when nothing is."""
    if re.fullmatch(r"\d{1,10}\.\d{1,10}(\.\d{1,10})?", version, re.ASCII) and max(number(version)) <= HIGHEST_NUMBER:
        return None
    return f"{version!r}. Expected Major.Minor, of which the third number then counts up, or Major.Minor.Patch, as 1.0.0, each up to {HIGHEST_NUMBER} (Y1)."


def chosen_number(present: Sequence[Version], wanted: str, tag: str, content: str) -> str:
    """The number under which *content* is, or is to be, published.

    *present*: all versions of the image. *wanted*: `1.4` or `1.4.2`. *tag*: name of the tag that tells what a version was made of. `1.4` is the version with the
    same content, whatever newer ones there are, else the next number that is free. `1.4.2` is itself. Raises ValueError when it is taken by other content.
    """
    same = [each for each in present if each.tags.get(tag) == content]
    if _VERSION.fullmatch(wanted):
        taken = next((each for each in present if number(each.name) == number(wanted)), None)
        if taken is not None and taken not in same:
            made_of = f"was made of {taken.tags[tag]}" if tag in taken.tags else f"has no tag {tag}"
            raise ValueError(
                f"version {wanted} exists, and it {made_of}, not of {content}. A version can't be changed: give the new one another number, or "
                f"{'.'.join(wanted.split('.')[:2])!r}, which counts by itself."
            )
        return wanted
    fitting = [each for each in present if matches(f"{wanted}.*", each.name)]
    again = [each for each in same if each in fitting]
    if again:
        return max(again, key=lambda each: number(each.name)).name
    return f"{wanted}.{max((number(each.name)[2] for each in fitting), default=-1) + 1}"


def version_there(present: Iterable[Version], name: str) -> Version | None:
    """The version *name*; None where it isn't there (any more), or must be made anew. Pure."""
    return next((each for each in present if number(each.name) == number(name) and not each.lost), None)


def full_content(present: Iterable[Version], tag: str, content: str) -> str:
    """The full name of *content*: of a source that is gone, whose unique id can't be asked for any more, that of the newest version that was made of it (`ab` finds
    `ab-12`). Pure."""
    same = [each for each in present if each.tags.get(tag, "").startswith(f"{content}-")]
    return max(same, key=lambda each: number(each.name)).tags[tag] if same else content
