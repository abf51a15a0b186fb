"""Images in galleries: which version a reference means, in a region, now."""

from __future__ import annotations

import re

from offline.arm.compute.images.image import Image, content_of
from offline.arm.errors import ArmError
from offline.arm.http import Json
from offline.arm.store import Store
from offline.arm.tenant import region

GALLERY = "Microsoft.Compute/galleries"
DEFINITION = f"{GALLERY}/images"
VERSION = f"{DEFINITION}/versions"

ID = re.compile(r"/providers/Microsoft\.Compute/galleries/[^/]+/images/[^/]+(/versions/[^/]+)?$", re.IGNORECASE)
"""The end of the id of a definition or of one of its versions."""


def find(store: Store, image_id: str, location: str | None) -> Image:
    """G6, Y7: the version is there, replicated to the region; a definition means the highest version that is not excluded there."""
    start = image_id.lower().find("/versions/")
    definition_id, version = (image_id, "") if start < 0 else (image_id[:start], image_id.rpartition("/")[2])
    definition = store.get(definition_id)
    usable = [each for each in versions(store, definition_id) if location is None or location in replicas(store, each["id"])]
    if version and version.lower() != "latest":
        chosen = [each for each in usable if each["name"] == version]
    else:
        chosen = [each for each in usable if not is_excluded(each, location)]
    if definition is None or not chosen:
        raise not_available(image_id, location)
    newest = chosen[-1]
    content = content_of(store, newest["id"])
    assert content is not None, "a version keeps what is on its source"
    properties = definition["properties"]
    return Image(content, (newest["name"],), properties["osState"], security_of(definition), newest["name"])


def not_available(image_id: str, location: str | None) -> ArmError:
    """G6."""
    return ArmError(
        404,
        "GalleryImageNotFound",
        f"The gallery image {image_id} is not available in {location} region. Please contact image owner to replicate to this region, or change your requested region.",
        "imageReference",
    )


def versions(store: Store, definition_id: str) -> list[Json]:
    """The versions of a definition that are there to be used, the highest number last."""
    found = store.resources(f"{definition_id}/versions/", VERSION)
    # A version that is being changed can be used; one that is being made, or has failed, can't.
    usable = [each for each in found if each["properties"]["provisioningState"] in ("Succeeded", "Updating")]
    return sorted(usable, key=lambda each: number(each["name"]))


def number(version: str) -> tuple[int, ...]:
    """A version as it is compared: `1.10.0` is above `1.9.0`."""
    return tuple(int(part) for part in version.split("."))


def target_region(version: Json, location: str) -> Json | None:
    """The entry of a region in a version's target regions."""
    regions: list[Json] = (version["properties"].get("publishingProfile") or {}).get("targetRegions") or []
    return next((each for each in regions if region(each["name"]) == location), None)


def replicas(store: Store, version_id: str) -> list[str]:
    """The regions in which a version has arrived."""
    regions: list[str] = (store.document("replicas", version_id, "regions") or {"regions": []})["regions"]
    return regions


def is_excluded(version: Json, location: str | None) -> bool:
    """Whether `latest` passes a version over: everywhere, or in the region."""
    profile = version["properties"].get("publishingProfile") or {}
    there = target_region(version, location) if location else None
    return bool(profile.get("excludeFromLatest") or (there or {}).get("excludeFromLatest"))


def security_of(definition: Json) -> str | None:
    """The `SecurityType` of a definition's features."""
    features = definition["properties"].get("features") or []
    return next((each.get("value") for each in features if str(each.get("name")).lower() == "securitytype"), None)
