"""The versions of an image that Azure has."""

from collections.abc import Iterator, Mapping
from typing import Any

from azure_scaleset.images.azure import GALLERY_API_VERSION, get_or_none, listed
from azure_scaleset.images.reference import Image, ImageKind
from azure_scaleset.images.versions import Version, gallery_version, highest_first
from azure_scaleset.rollout.arm import Arm


def versions(arm: Arm, image: Image, subscription: str, region: str, constraint: str) -> Iterator[Version]:
    """The versions of a floating image that fit *constraint*, seen from *region*, the highest first; of a platform image each is looked at only when it is asked
    for. Raises `ArmError`."""
    if image.kind is ImageKind.PLATFORM:
        yield from _platform_versions(arm, image.reference, subscription, region, constraint)
        return
    # Galleries of others list what they share with the region.
    seen_from = region if image.kind is ImageKind.GALLERY else None
    found = {str(body["name"]): body for body in arm.values(_versions_path(image, subscription, region), GALLERY_API_VERSION)}
    for name in highest_first(found, constraint):
        body = found[name]
        if seen_from is not None and (body.get("properties") or {}).get("provisioningState") == "Updating":
            body = with_replication(arm, f"{image.name}/versions/{name}") or body
        yield gallery_version(body, seen_from, arm.now)


def with_replication(arm: Arm, version_id: str) -> dict[str, Any] | None:
    """A version with how far it is in each region, which lists don't tell; None where there is none."""
    return get_or_none(arm, version_id, GALLERY_API_VERSION, **{"$expand": "ReplicationStatus"})


def of_definition(arm: Arm, definition_id: str) -> list[Version]:
    """All versions of an image definition; none where it doesn't exist yet."""
    return [gallery_version(body, None, arm.now) for body in listed(arm, f"{definition_id}/versions", GALLERY_API_VERSION)]


def _versions_path(image: Image, subscription: str, region: str) -> str:
    if image.kind is ImageKind.GALLERY:
        return f"{image.name}/versions"
    _, folder, gallery, _, name = image.name.split("/")
    folder = "sharedGalleries" if folder.lower() == "sharedgalleries" else "communityGalleries"
    return f"{_compute(subscription, region)}/{folder}/{gallery}/images/{name}/versions"


def _platform_versions(arm: Arm, reference: Mapping[str, str], subscription: str, region: str, constraint: str) -> Iterator[Version]:
    path = (
        f"{_compute(subscription, region)}/publishers/{reference['publisher']}/artifacttypes/vmimage/offers/{reference['offer']}"
        f"/skus/{reference['sku']}/versions"
    )
    # A list without the frame that Azure's other lists have.
    listed: Any = arm.get(path)
    for name in highest_first((str(each["name"]) for each in listed), constraint):
        status = (arm.get(f"{path}/{name}").get("properties") or {}).get("imageDeprecationStatus") or {}
        gone = str(status.get("imageState", "Active")) == "Deprecated"
        yield Version(name, "is deprecated by its publisher" if gone else None)


def _compute(subscription: str, region: str) -> str:
    return f"/subscriptions/{subscription}/providers/Microsoft.Compute/locations/{region}"
