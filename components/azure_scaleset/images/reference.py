"""Reads an image string, as in `az vmss create --image`: a URN, a short alias, or the id of a custom image.

Forms (Azure's `imageReference` takes exactly one of them, rule G1):

* `publisher:offer:sku:version`: a platform image; `version` is `latest` or `Major.Minor.Build` (G2).
* `Ubuntu2404`, `Win2022Datacenter`, …: an alias of a platform image's latest version.
* `/subscriptions/…/images/<name>`: a managed image.
* `/subscriptions/…/galleries/<gallery>/images/<definition>[/versions/<version>]`: a gallery image (G5).
* `/SharedGalleries/<gallery>/Images/<definition>[/Versions/<version>]`: an image of a gallery that is shared with the subscription.
* `/CommunityGalleries/<gallery>/Images/<definition>[/Versions/<version>]`: an image of a gallery that everybody may use.
"""

import enum
import re
from dataclasses import dataclass

from azure_scaleset.images.ids import IMAGE_ID, MANAGED_IMAGE_ID

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

_VERSION = re.compile(r"^(latest|\d+\.\d+\.\d+)$", re.IGNORECASE)
# Here `latest` is a version that may be written (G1).
_SHARED = re.compile(r"(?P<name>/SharedGalleries/[^/]+/Images/[^/]+)(/Versions/(?P<version>latest|\d+\.\d+\.\d+))?", re.IGNORECASE)
_COMMUNITY = re.compile(r"(?P<name>/CommunityGalleries/[^/]+/Images/[^/]+)(/Versions/(?P<version>latest|\d+\.\d+\.\d+))?", re.IGNORECASE)
_VHD = re.compile(r"^https?://[^?]+\.vhd(\?.*)?$", re.IGNORECASE)
_SAYS_GENERATION_1 = re.compile(r"(gen1|-g1$)", re.IGNORECASE)
_SAYS_GENERATION_2 = re.compile(r"(gen2|gensecond|-g2|azure-edition)", re.IGNORECASE)
_GENERATION_2_SKUS = {"ubuntu-24_04-lts": {"server", "minimal", "ubuntu-pro"}}
# Offers in which the SKU of each image of generation 2 says so: one that doesn't is of generation 1.
_IS_ARM64 = re.compile(r"(arm64|aarch64)", re.IGNORECASE)
_GENERATION_2_IS_SAID = re.compile(r"windowsserver|ubuntuserver|0001-com-ubuntu-server-\w+|debian-1[0-2]", re.IGNORECASE)


_WINDOWS = {
    **dict.fromkeys(["microsoftwindowsserver", "microsoftwindowsdesktop"], True),
    **dict.fromkeys(["canonical", "debian", "redhat", "suse", "oracle", "almalinux", "resf", "microsoftcblmariner"], False),
}
# Other publishers have images of both systems: only Azure knows.


class ImageKind(enum.Enum):
    """What an image reference names. Azure refuses to change a platform image to any other kind, and back, on a living scale set (I6)."""

    PLATFORM = "platform image"
    MANAGED = "managed image"
    GALLERY = "gallery image"
    SHARED = "directly shared gallery image"
    COMMUNITY = "community gallery image"


@dataclass(frozen=True)
class Image:
    """An image string, read."""

    kind: ImageKind
    reference: dict[str, str]
    """azure-native's `imageReference`."""
    name: str
    """What has versions: `publisher:offer:sku`, or the id without its version; of a managed image its id, which has none."""
    version: str | None = None
    """The version as Major.Minor.Build; None where the newest is meant, and for a managed image."""
    generation_2: bool | None = None
    """Whether it is of Hyper-V generation 2; None where only Azure knows."""
    windows: bool | None = None
    """Whether it is of Windows; None where only Azure knows."""

    @property
    def floats(self) -> bool:
        """Whether the same string means another image once a newer version is published."""
        return self.version is None and self.kind is not ImageKind.MANAGED

    def at(self, version: str) -> str:
        """The image string of a fixed *version* of this image."""
        if self.kind is ImageKind.PLATFORM:
            return f"{self.name}:{version}"
        return f"{self.name}/{'versions' if self.kind is ImageKind.GALLERY else 'Versions'}/{version}"


def parse(text: str) -> Image:
    """Reads an image string. Raises `ValueError` that says what was given and shows the forms."""
    text = text.rstrip("/")
    if MANAGED_IMAGE_ID.fullmatch(text):
        return Image(ImageKind.MANAGED, {"id": text}, text)
    match = IMAGE_ID.fullmatch(text)
    if match and not _is_latest(match["version"]):
        return Image(ImageKind.GALLERY, {"id": text}, match["name"], match["version"])
    for kind, pattern, key in (
        (ImageKind.SHARED, _SHARED, "sharedGalleryImageId"),
        (ImageKind.COMMUNITY, _COMMUNITY, "communityGalleryImageId"),
    ):
        match = pattern.fullmatch(text)
        if match:
            return Image(kind, {key: text}, match["name"], _fixed(match["version"]))
    urn = next((urn for name, urn in ALIASES.items() if name.lower() == text.lower()), text)
    parts = urn.split(":")
    if len(parts) == 4 and all(parts) and _VERSION.match(parts[3]):
        return _platform(*parts)
    raise ValueError(
        f"{without_query(text)!r} is no image. {_advice(text)}Expected publisher:offer:sku:version (version: latest or 1.2.3), an alias "
        f"({', '.join(ALIASES)}), or the id of a managed image (/subscriptions/…/images/NAME), a gallery image "
        "(/subscriptions/…/galleries/GALLERY/images/IMAGE, with /versions/1.2.3 or without), a shared gallery image "
        "(/SharedGalleries/GALLERY/Images/IMAGE) or a community gallery image (/CommunityGalleries/GALLERY/Images/IMAGE)."
    )


def without_query(address: str) -> str:
    """An address as it may be shown: its query may hold a signature that opens the blob."""
    path, query, _ = address.partition("?")
    return path + ("?…" if query else "")


def _platform(publisher: str, offer: str, sku: str, version: str) -> Image:
    return Image(
        ImageKind.PLATFORM,
        {"publisher": publisher, "offer": offer, "sku": sku, "version": version},
        f"{publisher}:{offer}:{sku}",
        _fixed(version),
        _is_generation_2(offer, sku),
        _WINDOWS.get(publisher.lower()),
    )


def _is_generation_2(offer: str, sku: str) -> bool | None:
    if _SAYS_GENERATION_2.search(sku) or sku.lower() in _GENERATION_2_SKUS.get(offer.lower(), ()):
        return True
    if _IS_ARM64.search(sku):
        return None  # of generation 2, but not for trusted launch
    return False if _SAYS_GENERATION_1.search(sku) or _GENERATION_2_IS_SAID.fullmatch(offer) else None


def _fixed(version: str | None) -> str | None:
    return None if _is_latest(version) else version


def _is_latest(version: str | None) -> bool:
    return version is not None and version.lower() == "latest"


def _advice(text: str) -> str:
    """What a text that is no image is often meant to be."""
    if _VHD.match(text):
        return (
            "It is a VHD in a blob, which scale sets can't use any more: unmanaged disks have ended (Z3). Make a gallery image version of it "
            "(GalleryImage with source.vhd, or `az sig image-version create --os-vhd-uri`), and take that id. "
        )
    if (match := IMAGE_ID.fullmatch(text)) and _is_latest(match["version"]):
        return "The newest version of a gallery image is named by leaving /versions/latest out. "
    return ""
