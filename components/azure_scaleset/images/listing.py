"""The versions of an image that Azure has."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from azure_scaleset.images.azure import GALLERY_API_VERSION, get_or_none, listed
from azure_scaleset.images.reference import Image, ImageKind
from azure_scaleset.images.versions import Version, gallery_version, highest_first, passed_over
from azure_scaleset.rollout.arm import Arm


def versions(arm: Arm, image: Image, subscription: str, region: str, constraint: str) -> Iterator[Version]:
    """The versions of a floating image that fit *constraint*, seen from *region*, the highest first; of a platform image each is looked at only when it is asked
    for. Raises `ArmError`."""
    if image.kind is ImageKind.PLATFORM:
        yield from _platform_versions(arm, image.reference, subscription, region, constraint)
        return
    # Galleries of others list what they share with the region.
    seen_from = region if image.kind is ImageKind.GALLERY else None
    path = _versions_path(image, subscription, region)
    for body in _highest_first(arm, arm.values(path, GALLERY_API_VERSION), image.name, seen_from, constraint):
        yield gallery_version(body, seen_from, arm.now)


def latest(arm: Arm, definition_id: str, region: str) -> tuple[dict[str, Any] | None, list[Version]]:
    """What Azure means in *region* by an image of a gallery without a version: ARM's body of that, None where there is none; and the higher ones, with why it passes them over."""
    higher: list[Version] = []
    for body in _highest_first(arm, listed(arm, f"{definition_id}/versions", GALLERY_API_VERSION), definition_id, region, "*"):
        refusal = passed_over(body, region)
        if refusal is None:
            return body, higher
        higher.append(Version(str(body["name"]), refusal))
    return None, higher


def _highest_first(
    arm: Arm, bodies: Iterable[dict[str, Any]], definition_id: str, region: str | None, constraint: str
) -> Iterator[dict[str, Any]]:
    """ARM's bodies of versions that fit, the highest first; of one that is on its way to *region* with how far it is."""
    found = {str(body["name"]): body for body in bodies}
    for name in highest_first(found, constraint):
        body = found[name]
        if region is not None and (body.get("properties") or {}).get("provisioningState") == "Updating":
            body = with_replication(arm, f"{definition_id}/versions/{name}") or body
        yield body


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
