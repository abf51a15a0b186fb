"""Images: a small catalogue of platform images under their real names, and what a scale set needs to know of the image it names."""

from __future__ import annotations

from dataclasses import dataclass, replace

from offline.arm.compute.tree import dig
from offline.arm.errors import ArmError, not_implemented
from offline.arm.http import Json
from offline.arm.store import Store


@dataclass(frozen=True)
class Image:
    """An image that exists: its OS (`Linux`, `Windows`), its Hyper-V generation (`V1`, `V2`), its versions (oldest first)."""

    os: str
    generation: str
    versions: tuple[str, ...]


_UBUNTU = "canonical"
_WINDOWS = "microsoftwindowsserver:windowsserver"

PLATFORM_IMAGES: dict[str, Image] = {
    # 14.04.4-LTS is of 2016; it is here as it was then, whether Azure still serves it or not.
    f"{_UBUNTU}:ubuntuserver:14.04.4-lts": Image("Linux", "V1", ("14.04.201604060", "14.04.201605091")),
    f"{_UBUNTU}:ubuntuserver:16.04-lts": Image("Linux", "V1", ("16.04.202109280",)),
    f"{_UBUNTU}:ubuntuserver:18.04-lts": Image("Linux", "V1", ("18.04.202401161",)),
    f"{_UBUNTU}:0001-com-ubuntu-server-focal:20_04-lts": Image("Linux", "V1", ("20.04.202505200",)),
    f"{_UBUNTU}:0001-com-ubuntu-server-focal:20_04-lts-gen2": Image("Linux", "V2", ("20.04.202505200",)),
    f"{_UBUNTU}:0001-com-ubuntu-server-jammy:22_04-lts": Image("Linux", "V1", ("22.04.202509230", "22.04.202510020")),
    f"{_UBUNTU}:0001-com-ubuntu-server-jammy:22_04-lts-gen2": Image("Linux", "V2", ("22.04.202509230", "22.04.202510020")),
    f"{_UBUNTU}:ubuntu-24_04-lts:server": Image("Linux", "V2", ("24.04.202509180", "24.04.202510010")),
    f"{_UBUNTU}:ubuntu-24_04-lts:server-gen1": Image("Linux", "V1", ("24.04.202509180", "24.04.202510010")),
    "debian:debian-11:11-backports-gen2": Image("Linux", "V2", ("0.20250922.2242",)),
    "debian:debian-12:12-gen2": Image("Linux", "V2", ("0.20251006.2257",)),
    f"{_WINDOWS}:2012-r2-datacenter": Image("Windows", "V1", ("9600.22175.240906",)),
    f"{_WINDOWS}:2016-datacenter": Image("Windows", "V1", ("14393.8519.251008",)),
    f"{_WINDOWS}:2016-datacenter-gensecond": Image("Windows", "V2", ("14393.8519.251008",)),
    f"{_WINDOWS}:2019-datacenter": Image("Windows", "V1", ("17763.7792.250902", "17763.7919.251008")),
    f"{_WINDOWS}:2019-datacenter-gensecond": Image("Windows", "V2", ("17763.7792.250902", "17763.7919.251008")),
    f"{_WINDOWS}:2022-datacenter": Image("Windows", "V1", ("20348.4171.250903", "20348.4294.251008")),
    f"{_WINDOWS}:2022-datacenter-g2": Image("Windows", "V2", ("20348.4171.250903", "20348.4294.251008")),
    f"{_WINDOWS}:2022-datacenter-azure-edition": Image("Windows", "V2", ("20348.4171.250903", "20348.4294.251008")),
    f"{_WINDOWS}:2022-datacenter-azure-edition-core": Image("Windows", "V2", ("20348.4171.250903", "20348.4294.251008")),
    f"{_WINDOWS}:2025-datacenter": Image("Windows", "V1", ("26100.6584.250905", "26100.6899.251011")),
    f"{_WINDOWS}:2025-datacenter-g2": Image("Windows", "V2", ("26100.6584.250905", "26100.6899.251011")),
    f"{_WINDOWS}:2025-datacenter-azure-edition": Image("Windows", "V2", ("26100.6584.250905", "26100.6899.251011")),
}
"""`publisher:offer:sku`, lower case -> image."""


def find(store: Store, reference: Json) -> Image:
    """The image that an `imageReference` names; refuses one that does not exist as Azure does (G3)."""
    if reference.get("publisher"):
        return _platform(store, reference)
    named = str(reference.get("id") or reference.get("sharedGalleryImageId") or reference.get("communityGalleryImageId"))
    custom = store.get(named)
    if custom is None:
        raise not_implemented(f"the image '{named}'")
    disk = dig(custom, "properties.storageProfile.osDisk") or {}
    return Image(
        dig(custom, "properties.osType") or disk.get("osType") or "Linux",
        dig(custom, "properties.hyperVGeneration") or "V1",
        (named.rsplit("/", 1)[-1],),
    )


def _platform(store: Store, reference: Json) -> Image:
    parts = [str(reference.get(part)) for part in ("publisher", "offer", "sku", "version")]
    image = known(store, ":".join(parts[:3]))
    if image is None or (parts[3].lower() != "latest" and parts[3] not in image.versions):
        raise ArmError(
            404,
            "PlatformImageNotFound",
            f"The platform image '{':'.join(parts)}' is not available. Verify that all fields in the storage profile are correct. "
            "For more details about storage profile information, please refer to https://aka.ms/storageprofile",
            "imageReference",
        )
    return image


def known(store: Store, name: str) -> Image | None:
    """A platform image by `publisher:offer:sku` in any case, with the versions that were published here; None when there is none."""
    image = PLATFORM_IMAGES.get(name.lower())
    published = store.document("imageVersions", "platform", name.lower())
    return image if image is None or published is None else replace(image, versions=(*image.versions, *published["versions"]))


def exact(store: Store, reference: Json) -> Json:
    """The reference with `exactVersion`: the version that `latest` means now (G4)."""
    image = find(store, reference)
    stated = reference.get("version", "latest")
    return {**reference, "exactVersion": image.versions[-1] if stated.lower() == "latest" else stated}
