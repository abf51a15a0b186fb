"""Reads an image string, as in `az vmss create --image`: a URN, a short alias, or the id of a custom image.

Forms (Azure's `imageReference` takes exactly one of them, rule G1):

* `publisher:offer:sku:version`: a platform image; `version` is `latest` or `Major.Minor.Build` (G2).
* `Ubuntu2404`, `Win2022Datacenter`, …: an alias of a platform image's latest version.
* `/subscriptions/…/images/<name>`: a managed image.
* `/subscriptions/…/galleries/<gallery>/images/<definition>[/versions/<version>]`: a gallery image (G5).
* `/SharedGalleries/…` and `/CommunityGalleries/…`: a directly shared or a community gallery image.
"""

import enum
import re
from dataclasses import dataclass

ALIASES: dict[str, str] = {
    "Debian11": "Debian:debian-11:11-backports-gen2:latest",
    "Ubuntu2204": "Canonical:0001-com-ubuntu-server-jammy:22_04-lts-gen2:latest",
    "Ubuntu2404": "Canonical:ubuntu-24_04-lts:server:latest",
    "Win2016Datacenter": "MicrosoftWindowsServer:WindowsServer:2016-datacenter-gensecond:latest",
    "Win2019Datacenter": "MicrosoftWindowsServer:WindowsServer:2019-datacenter-gensecond:latest",
    "Win2022Datacenter": "MicrosoftWindowsServer:WindowsServer:2022-datacenter-g2:latest",
    "Win2022AzureEdition": "MicrosoftWindowsServer:WindowsServer:2022-datacenter-azure-edition:latest",
    "Win2025Datacenter": "MicrosoftWindowsServer:WindowsServer:2025-datacenter-g2:latest",
}
"""Short names and the generation 2 platform images that they stand for."""

_VERSION = re.compile(r"^(latest|\d+\.\d+\.\d+)$")
_CUSTOM = re.compile(
    r"^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.Compute/"
    r"(images/[^/]+|galleries/[^/]+/images/[^/]+(/versions/\d+\.\d+\.\d+)?)$",
    re.IGNORECASE,
)
_SHARED = re.compile(r"^/SharedGalleries/[^/]+/Images/[^/]+/Versions/[^/]+$", re.IGNORECASE)
_COMMUNITY = re.compile(r"^/CommunityGalleries/[^/]+/Images/[^/]+/Versions/[^/]+$", re.IGNORECASE)
# Generation 1 by SKU name: everything of the offers that ended before generation 2 was the rule, unless the SKU says otherwise.
_SAYS_GENERATION_2 = re.compile(r"(gen2|gensecond|-g2|azure-edition)", re.IGNORECASE)
_GENERATION_2_SKUS = {"ubuntu-24_04-lts": {"server", "minimal", "ubuntu-pro"}}


_WINDOWS = {
    **dict.fromkeys(["microsoftwindowsserver", "microsoftwindowsdesktop"], True),
    **dict.fromkeys(["canonical", "debian", "redhat", "suse", "oracle", "almalinux", "resf", "microsoftcblmariner"], False),
}
# Other publishers have images of both systems: only Azure knows.


class ImageKind(enum.Enum):
    """What an image reference names. Azure refuses to change platform to custom on a living scale set (I6)."""

    PLATFORM = "platform"
    CUSTOM = "custom"


@dataclass(frozen=True)
class Image:
    """An image string, read.

    `reference` is azure-native's `imageReference`; `generation_2` is None where only Azure knows; `windows` likewise.
    """

    kind: ImageKind
    reference: dict[str, str]
    generation_2: bool | None = None
    windows: bool | None = None


def parse(text: str) -> Image:
    """Reads an image string. Raises `ValueError` that says what was given and shows the forms."""
    alias = next((urn for name, urn in ALIASES.items() if name.lower() == text.lower()), text)
    if _SHARED.match(text):
        return Image(ImageKind.CUSTOM, {"sharedGalleryImageId": text})
    if _COMMUNITY.match(text):
        return Image(ImageKind.CUSTOM, {"communityGalleryImageId": text})
    if _CUSTOM.match(text):
        return Image(ImageKind.CUSTOM, {"id": text})
    parts = alias.split(":")
    if len(parts) == 4 and all(parts) and _VERSION.match(parts[3]):
        publisher, offer, sku, version = parts
        windows = _WINDOWS.get(publisher.lower())
        says_generation_2 = bool(_SAYS_GENERATION_2.search(sku)) or sku in _GENERATION_2_SKUS.get(offer.lower(), set())
        generation_2 = True if says_generation_2 else False if windows is not None else None
        return Image(ImageKind.PLATFORM, {"publisher": publisher, "offer": offer, "sku": sku, "version": version}, generation_2, windows)
    hint = (
        "A VHD in a blob can't be used directly any more: make a managed image or a gallery image version of it. "
        if text.lower().endswith(".vhd")
        else ""
    )
    raise ValueError(
        f"{text!r} is no image. {hint}Expected publisher:offer:sku:version (version: latest or 1.2.3), an alias "
        f"({', '.join(ALIASES)}), or the id of a managed image, gallery image, gallery image version, shared or community gallery image."
    )
