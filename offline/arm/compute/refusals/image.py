"""The image: which forms of a reference there are, and what the image's OS asks of the profile."""

from __future__ import annotations

import re

from offline.arm.compute.model import ScaleSet
from offline.arm.compute.refusals.missing import Check, invalid, missing
from offline.arm.compute.tree import dig
from offline.arm.errors import bad_request

_ID = re.compile(r"/providers/Microsoft\.Compute/(images/[^/]+|galleries/[^/]+/images/[^/]+(/versions/\d+\.\d+\.\d+)?)$", re.IGNORECASE)
_VERSION = re.compile(r"^(latest|\d+\.\d+\.\d+)$", re.IGNORECASE)


def reference_form(scale_set: ScaleSet) -> None:
    """G1, G2, G5: exactly one form, complete."""
    reference = scale_set.image_reference
    if not reference:
        if scale_set.profile:
            raise missing("imageReference")
        return
    forms = [name for name in ("publisher", "id", "sharedGalleryImageId", "communityGalleryImageId") if reference.get(name)]
    if len(forms) != 1:
        raise invalid("imageReference")
    if forms == ["publisher"]:
        for part in ("offer", "sku", "version"):
            if not reference.get(part):
                raise missing(f"imageReference.{part}")
        if not _VERSION.match(reference["version"]):
            raise invalid("imageReference.version")
    elif any(reference.get(part) for part in ("offer", "sku", "version")) or (forms == ["id"] and not _ID.search(reference["id"])):
        raise invalid("imageReference.id" if forms == ["id"] else "imageReference")


def exists(scale_set: ScaleSet) -> None:
    """G3."""
    if scale_set.image_reference:
        _ = scale_set.image


def operating_system(scale_set: ScaleSet) -> None:
    """N17, G8: the configuration and the disk's OS type are the image's."""
    if not scale_set.image_reference:
        return
    system = scale_set.image.os
    other = "windowsConfiguration" if system == "Linux" else "linuxConfiguration"
    if dig(scale_set.profile, f"osProfile.{other}") is not None:
        raise invalid(other)
    stated = dig(scale_set.profile, "storageProfile.osDisk.osType")
    if stated not in (None, system):
        raise bad_request(
            "InvalidParameter",
            f"The value '{stated}' of parameter 'osDisk.osType' is not allowed. Allowed values are: {system}.",
            "osDisk.osType",
        )


def plan(scale_set: ScaleSet) -> None:
    """R7: an image of the marketplace that has a plan, and what is made from it, is used with the same plan."""
    if not scale_set.image_reference:
        return
    wanted, given = scale_set.image.content.plan, scale_set.body.get("plan")
    if wanted and not given:
        raise bad_request(
            "VMMarketplaceInvalidInput",
            "Creating a virtual machine from Marketplace image or a custom image sourced from a Marketplace image requires Plan information in the request. "
            f"VM: '{scale_set.id}'.",
        )
    parts = ("name", "publisher", "product")
    if given and (wanted is None or any(str(given.get(part)).lower() != wanted[part].lower() for part in parts)):
        raise bad_request(
            "VMMarketplaceInvalidInput", f"The Plan information in the request does not match the image. VM: '{scale_set.id}'.", "plan"
        )


CHECKS: list[Check] = [reference_form, exists, operating_system, plan]
