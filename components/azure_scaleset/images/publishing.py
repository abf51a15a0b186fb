"""Where a version is published: what of that can be changed, what is written to change it, in words and in ARM's shape. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from azure_scaleset.images.chosen import MADE_TAG
from azure_scaleset.images.versions import moment
from azure_scaleset.rules.gallery import plain
from azure_scaleset.rules.value import mapping


def with_publishing(present: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any] | None:
    """The body that brings a version's publishing and mark to what is wanted; None when they are there, or it is no version."""
    now, then = _profile(present), _profile(wanted)
    tags, mark = present.get("tags") or {}, mapping(wanted.get("tags")).get(MADE_TAG)
    if then is None or (not differences(present, wanted) and mark in (None, tags.get(MADE_TAG))):
        return None
    # What it was made of is given as it was: it can't be changed, and may be gone. So is its storage, where nothing is said of it.
    kept = {key: value for key, value in (now or {}).items() if key == "storageAccountType"}
    properties = {
        **{key: present["properties"][key] for key in ("storageProfile",) if key in present["properties"]},
        "publishingProfile": {**kept, **then},
    }
    return {"location": present["location"], "tags": {**tags, **({MADE_TAG: mark} if mark else {})}, "properties": properties}


def differences(present: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[str]:
    """What changes where a version (ARM's body) is published, in words."""
    now, then = _profile(present) or {}, _profile(wanted) or {}
    before, after = _regions(now), _regions(then)
    found = [f"{region} is added ({after[region]})" for region in after if region not in before]
    found += [
        f"{region} has {after[region]}, not {before[region]}" for region in after if region in before and before[region] != after[region]
    ]
    found += [f"{region} is removed" for region in before if region not in after]
    for key in ("excludeFromLatest", "endOfLifeDate"):
        had, has = _shown(now.get(key), key), _shown(then.get(key), key)
        if had != has:
            found.append(f"{key} is {has}, not {had}")
    return found


def fixed_problem(present: Mapping[str, Any], wanted: Mapping[str, Any]) -> str | None:
    """What is wanted of a version that is there, and can't be changed; None when nothing is."""
    given = (_profile(wanted) or {}).get("storageAccountType")
    now = _profile(present) or {}
    of_all = now.get("storageAccountType") or "Standard_LRS"
    regions: Sequence[Mapping[str, Any]] = now.get("targetRegions") or [{}]
    stored = {str(region.get("storageAccountType") or of_all) for region in regions}
    others = sorted(each for each in stored if given and each.casefold() != given.casefold())
    if not others:
        return None
    return (
        f"destination.storageAccountType is {given}, and the version is stored as {', '.join(others)}, which can't be changed (Y6). Set it back, or give the version another "
        "number by destination.version."
    )


def _profile(body: Mapping[str, Any]) -> Mapping[str, Any] | None:
    found: Mapping[str, Any] | None = (body.get("properties") or {}).get("publishingProfile")
    return found


def _regions(profile: Mapping[str, Any]) -> dict[str, str]:
    """What is said of each region, comparable: Azure writes `West Europe` where `westeurope` was given."""
    found = {}
    for region in profile.get("targetRegions") or ():
        count = int(region.get("regionalReplicaCount") or 1)
        excluded = ", excluded from latest" if region.get("excludeFromLatest") else ""
        found[plain(str(region["name"]))] = f"{count} replica{'' if count == 1 else 's'}{excluded}"
    return found


def _shown(value: object, key: str) -> str:
    if key == "endOfLifeDate":
        return moment(str(value)).date().isoformat() if value else "none"
    return str(bool(value)).lower()
