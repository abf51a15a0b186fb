"""Images: platform images under their real names, managed images, galleries, and what a machine made from one needs to know of it."""

from __future__ import annotations

from offline.arm.compute.images import gallery, managed, platform, shared
from offline.arm.compute.images.image import GENERALIZED, SPECIALIZED, SUPPORTED, TRUSTED_LAUNCH, Content, Image, content_of
from offline.arm.compute.images.platform import PLATFORM_IMAGES, known
from offline.arm.errors import bad_request
from offline.arm.http import Json
from offline.arm.store import Store

__all__ = [
    "GENERALIZED",
    "PLATFORM_IMAGES",
    "SPECIALIZED",
    "SUPPORTED",
    "TRUSTED_LAUNCH",
    "Content",
    "Image",
    "content_of",
    "exact",
    "find",
    "known",
]


def find(store: Store, reference: Json, user: str, location: str | None) -> Image:
    """The image that an `imageReference` names, for a machine or a set (`user`, an id) in a location; refuses one that it can't use, as Azure does."""
    if reference.get("publisher"):
        return platform.find(store, reference)
    for name in ("sharedGalleryImageId", "communityGalleryImageId"):
        if reference.get(name):
            return shared.find(store, str(reference[name]), location)
    named = str(reference.get("id"))
    if managed.ID.search(named):
        return managed.find(store, named, user, location)
    if gallery.ID.search(named):
        return gallery.find(store, named, location)
    raise bad_request("InvalidParameter", "The value of parameter imageReference.id is invalid.", "imageReference.id")


def exact(store: Store, reference: Json, user: str, location: str | None) -> Json:
    """The reference with `exactVersion`: the version that it means now (G4). A managed image has no version."""
    image = find(store, reference, user, location)
    return reference if image.exact is None else {**reference, "exactVersion": image.exact}
