"""Platform images: a small catalogue under their real names, with the versions that were published here."""

from __future__ import annotations

from dataclasses import replace

from offline.arm.compute.images.image import SUPPORTED, Content, Image
from offline.arm.errors import ArmError
from offline.arm.http import Json
from offline.arm.store import Store

_UBUNTU = "canonical"
_WINDOWS = "microsoftwindowsserver:windowsserver"


def _image(os: str, generation: str, versions: tuple[str, ...], architecture: str = "x64", plan: Json | None = None) -> Image:
    trusted = generation == "V2" and architecture == "x64"
    return Image(Content(os, generation, architecture=architecture, plan=plan), versions, security=SUPPORTED[0] if trusted else None)


PLATFORM_IMAGES: dict[str, Image] = {
    # 14.04.4-LTS is of 2016; it is here as it was then, whether Azure still serves it or not.
    f"{_UBUNTU}:ubuntuserver:14.04.4-lts": _image("Linux", "V1", ("14.04.201604060", "14.04.201605091")),
    f"{_UBUNTU}:ubuntuserver:16.04-lts": _image("Linux", "V1", ("16.04.202109280",)),
    f"{_UBUNTU}:ubuntuserver:18.04-lts": _image("Linux", "V1", ("18.04.202401161",)),
    f"{_UBUNTU}:0001-com-ubuntu-server-focal:20_04-lts": _image("Linux", "V1", ("20.04.202505200",)),
    f"{_UBUNTU}:0001-com-ubuntu-server-focal:20_04-lts-gen2": _image("Linux", "V2", ("20.04.202505200",)),
    f"{_UBUNTU}:0001-com-ubuntu-server-jammy:22_04-lts": _image("Linux", "V1", ("22.04.202509230", "22.04.202510020")),
    f"{_UBUNTU}:0001-com-ubuntu-server-jammy:22_04-lts-gen2": _image("Linux", "V2", ("22.04.202509230", "22.04.202510020")),
    f"{_UBUNTU}:ubuntu-24_04-lts:server": _image("Linux", "V2", ("24.04.202509180", "24.04.202510010")),
    f"{_UBUNTU}:ubuntu-24_04-lts:server-gen1": _image("Linux", "V1", ("24.04.202509180", "24.04.202510010")),
    f"{_UBUNTU}:ubuntu-24_04-lts:server-arm64": _image("Linux", "V2", ("24.04.202509180", "24.04.202510010"), "Arm64"),
    "kinvolk:flatcar-container-linux-free:stable-gen2": _image(
        "Linux",
        "V2",
        ("4230.2.3", "4459.2.0"),
        plan={"name": "stable-gen2", "publisher": "kinvolk", "product": "flatcar-container-linux-free"},
    ),
    "debian:debian-11:11-backports-gen2": _image("Linux", "V2", ("0.20250922.2242",)),
    "debian:debian-12:12-gen2": _image("Linux", "V2", ("0.20251006.2257",)),
    f"{_WINDOWS}:2012-r2-datacenter": _image("Windows", "V1", ("9600.22175.240906",)),
    f"{_WINDOWS}:2016-datacenter": _image("Windows", "V1", ("14393.8519.251008",)),
    f"{_WINDOWS}:2016-datacenter-gensecond": _image("Windows", "V2", ("14393.8519.251008",)),
    f"{_WINDOWS}:2019-datacenter": _image("Windows", "V1", ("17763.7792.250902", "17763.7919.251008")),
    f"{_WINDOWS}:2019-datacenter-gensecond": _image("Windows", "V2", ("17763.7792.250902", "17763.7919.251008")),
    f"{_WINDOWS}:2022-datacenter": _image("Windows", "V1", ("20348.4171.250903", "20348.4294.251008")),
    f"{_WINDOWS}:2022-datacenter-g2": _image("Windows", "V2", ("20348.4171.250903", "20348.4294.251008")),
    f"{_WINDOWS}:2022-datacenter-azure-edition": _image("Windows", "V2", ("20348.4171.250903", "20348.4294.251008")),
    f"{_WINDOWS}:2022-datacenter-azure-edition-core": _image("Windows", "V2", ("20348.4171.250903", "20348.4294.251008")),
    f"{_WINDOWS}:2025-datacenter": _image("Windows", "V1", ("26100.6584.250905", "26100.6899.251011")),
    f"{_WINDOWS}:2025-datacenter-g2": _image("Windows", "V2", ("26100.6584.250905", "26100.6899.251011")),
    f"{_WINDOWS}:2025-datacenter-azure-edition": _image("Windows", "V2", ("26100.6584.250905", "26100.6899.251011")),
}
"""`publisher:offer:sku`, lower case -> image."""


def find(store: Store, reference: Json) -> Image:
    """The image that a reference with a publisher names; refuses one that does not exist as Azure does (G3)."""
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
    return image.meaning(image.versions[-1] if parts[3].lower() == "latest" else parts[3])


def known(store: Store, name: str) -> Image | None:
    """A platform image by `publisher:offer:sku` in any case, with the versions that were published here; None when there is none."""
    image = PLATFORM_IMAGES.get(name.lower())
    published = store.document("imageVersions", "platform", name.lower())
    return image if image is None or published is None else replace(image, versions=(*image.versions, *published["versions"]))
