"""Galleries of others: the ids by which a shared and a community gallery are used, without a resource group, and what of them can be read."""

from __future__ import annotations

import re

from offline.arm.compute.images import gallery
from offline.arm.compute.images.image import Image
from offline.arm.errors import ArmError, bad_request
from offline.arm.http import Json
from offline.arm.store import Store

_ID = re.compile(
    r"^/(?P<kind>Shared|Community)Galleries/(?P<gallery>[^/]+)/Images/(?P<image>[^/]+)(/Versions/(?P<version>latest|\d+\.\d+\.\d+))?$",
    re.IGNORECASE,
)


def find(store: Store, image_id: str, location: str | None) -> Image:
    """The image that such an id means; refuses a gallery that is not shared so."""
    match = _ID.match(image_id)
    if match is None:
        raise bad_request("InvalidParameter", f"The value '{image_id}' of parameter imageReference is invalid.", "imageReference")
    found = named(store, match["kind"], match["gallery"])
    if found is None:
        raise gallery.not_available(image_id, location)
    inner = f"{found['id']}/images/{match['image']}" + (f"/versions/{match['version']}" if match["version"] else "")
    try:
        return gallery.find(store, inner, location)
    except ArmError as refusal:
        raise gallery.not_available(image_id, location) from refusal


def named(store: Store, kind: str, name: str) -> Json | None:
    """The gallery that others know by a name: `Shared` by its unique name, `Community` by one of its public names."""
    for each in store.resources(resource_type=gallery.GALLERY):
        if name.lower() in {known.lower() for known in names(each, kind)}:
            return each
    return None


def names(body: Json, kind: str) -> list[str]:
    """The names under which others find a gallery; none while it is not shared in that way."""
    properties = body["properties"]
    profile = properties.get("sharingProfile") or {}
    if kind.lower() == "community":
        info = profile.get("communityGalleryInfo") or {}
        return list(info.get("publicNames") or []) if info.get("communityGalleryEnabled") else []
    return [properties["identifier"]["uniqueName"]] if profile.get("groups") else []
