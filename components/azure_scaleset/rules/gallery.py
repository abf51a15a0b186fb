"""Rules of gallery images and their versions."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from azure_scaleset.rules.rule import Found, Subject, Target
from azure_scaleset.rules.value import UNKNOWN, get, integer, items, known, maps, one_of, same, text

_rules = Subject("Compute gallery", Target.GALLERY_IMAGE_VERSION)

GALLERY_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._]{0,78}[A-Za-z0-9])?")
DEFINITION_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,78}[A-Za-z0-9])?")
_VERSION = re.compile(r"\d{1,10}\.\d{1,10}\.\d{1,10}", re.ASCII)
_SECURITY_TYPES = (
    "TrustedLaunch",
    "TrustedLaunchSupported",
    "TrustedLaunchAndConfidentialVmSupported",
    "ConfidentialVM",
    "ConfidentialVmSupported",
)
HIGHEST_NUMBER = 2_147_483_647


@_rules.error(
    "Y1",
    "The names of gallery and image are up to 80 letters, digits, '.', '_'; the image's may have '-'.",
    source="SDK34; TF",
    target=Target.GALLERY_IMAGE,
)
def gallery_names(image: Any) -> Iterator[Found]:
    """They begin and end with a letter or digit."""
    for name, pattern, told in (("galleryName", GALLERY_NAME, "'.' and '_'"), ("galleryImageName", DEFINITION_NAME, "'.', '_' and '-'")):
        value = text(get(image, name))
        if value is not None and not pattern.fullmatch(value):
            yield Found(
                name,
                f"{name} is {value!r}. Expected up to 80 letters, digits, {told}, a letter or digit at both ends.",
                "Take another name.",
            )


@_rules.error("Y1", "The name of a version is Major.Minor.Patch, each up to 2 147 483 647.", source="SDK34; TF")
def version_name(version: Any) -> Iterator[Found]:
    """The highest number is the latest version, whatever its date."""
    value = text(get(version, "galleryImageVersionName"))
    if value is not None and (not _VERSION.fullmatch(value) or any(int(part) > HIGHEST_NUMBER for part in value.split("."))):
        yield Found(
            "galleryImageVersionName", f"galleryImageVersionName is {value!r}. Expected three numbers, as 1.0.0.", "Take three numbers."
        )


@_rules.error(
    "Y4", "A security type of an image is one that Azure knows, and of generation 2.", source="acd; TF", target=Target.GALLERY_IMAGE
)
def image_security(image: Any) -> Iterator[Found]:
    """Without a generation an image is of generation 1."""
    generation = get(image, "hyperVGeneration")
    for path, feature in maps(image, "features"):
        value = text(feature.get("value"))
        if not same(feature.get("name"), "SecurityType") or value is None:
            continue
        if not one_of(value, (*_SECURITY_TYPES, "Standard")):
            yield Found(f"{path}.value", f"SecurityType is {value!r}. Expected {', '.join(_SECURITY_TYPES)}.", "Take one of these.")
        elif generation is not UNKNOWN and not same(generation, "V2") and not same(value, "Standard"):
            yield Found(
                "hyperVGeneration",
                f"hyperVGeneration is {generation or 'absent, which means V1'}, and SecurityType is {value}. Expected V2.",
                "Set it to V2.",
            )


@_rules.error("Y5", "A version has exactly one source.", source="SDK34; acd")
def version_source(version: Any) -> Iterator[Found]:
    """An image or machine, or a disk."""
    places = (
        "storageProfile.source.id",
        "storageProfile.source.virtualMachineId",
        "storageProfile.source.communityGalleryImageId",
        "storageProfile.osDiskImage.source",
    )
    values = [get(version, place) for place in places]
    given = [place for place, value in zip(places, values, strict=True) if value not in (None, "")]
    if UNKNOWN not in values and len(given) != 1:
        yield Found(
            "storageProfile",
            f"storageProfile has {' and '.join(given) or 'no source'}. Expected one of source.id, source.virtualMachineId, osDiskImage.source.",
            "Name one source.",
        )


@_rules.error("Y6", "The target regions hold the version's own.", source="acd; TF")
def version_region(version: Any) -> Iterator[Found]:
    """Azure makes the version there and copies it."""
    path = "publishingProfile.targetRegions"
    own = text(get(version, "location"))
    names = [text(region.get("name")) for _, region in maps(version, path)]
    if own is not None and names and known(version, path) and None not in names and plain(own) not in {plain(name) for name in names}:
        yield Found(
            path,
            f"targetRegions is {', '.join(name or '' for name in names)}. Expected {own}, the version's own region, among them.",
            f"Add {own}.",
        )


def plain(region: str | None) -> str:
    """The name of a region, however it is written (`West Europe`)."""
    return (region or "").replace(" ", "").casefold()


@_rules.error("Y6", "A version has 1 to 100 replicas in a region.", source="acd; TF")
def version_replicas(version: Any) -> Iterator[Found]:
    """For each region, or for all."""
    regions = (f"{path}.regionalReplicaCount" for path, _ in items(version, "publishingProfile.targetRegions"))
    counts = [
        region.get("regionalReplicaCount") if isinstance(region, Mapping) else None
        for _, region in items(version, "publishingProfile.targetRegions")
    ]
    for path, value in [
        ("publishingProfile.replicaCount", get(version, "publishingProfile.replicaCount")),
        *zip(regions, counts, strict=True),
    ]:
        number = integer(value)
        if number is not None and not 1 <= number <= 100:
            yield Found(path, f"{path.rpartition('.')[2]} is {number}. Expected 1 to 100.", "Correct it.")


@_rules.error("Y6", "The storage of a version is Standard_LRS, Standard_ZRS or Premium_LRS.", source="acd; TF")
def version_storage(version: Any) -> Iterator[Found]:
    """PremiumV2_LRS is in newer lists of the API, and isn't refused here."""
    places = [("publishingProfile", get(version, "publishingProfile")), *maps(version, "publishingProfile.targetRegions")]
    for path, owner in places:
        value = text(get(owner, "storageAccountType"))
        if value is not None and not one_of(value, ("Standard_LRS", "Standard_ZRS", "Premium_LRS", "PremiumV2_LRS")):
            yield Found(
                f"{path}.storageAccountType",
                f"storageAccountType is {value!r}. Expected Standard_LRS, Standard_ZRS or Premium_LRS.",
                "Take Standard_ZRS.",
            )
