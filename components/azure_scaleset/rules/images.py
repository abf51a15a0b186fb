"""Rules of image references."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from azure_scaleset.images.ids import IMAGE_ID, MANAGED_IMAGE_ID
from azure_scaleset.images.reference import ImageKind
from azure_scaleset.rules.facts import (
    IMAGE,
    LINUX,
    OS_PROFILE,
    PROFILE,
    WINDOWS,
    image_kind,
    present,
    publisher_windows,
    size,
)
from azure_scaleset.rules.network import addresses
from azure_scaleset.rules.rule import Found, Subject, shown
from azure_scaleset.rules.value import UNKNOWN, absent, get, same, text

_rules = Subject("Images")

_PARTS = ("publisher", "offer", "sku", "version")
_IDS = ("id", "sharedGalleryImageId", "communityGalleryImageId")
VERSION = re.compile(r"latest|\d+\.\d+\.\d+", re.IGNORECASE)
"""The version of a platform image (G2)."""
_SUBSCRIPTION = re.compile(r"/subscriptions/([^/]+)/", re.IGNORECASE)
_ARM_SIZE = re.compile(r"Standard_[A-Z]+\d+(?:-\d+)?[a-z]*p[a-z]*(?:_|\Z)", re.IGNORECASE)
_OLD_WINDOWS = re.compile(r"(?:2008|2012)-", re.IGNORECASE)
_END_OF_LIFE = re.compile(r"\A(?:12|14|15|16|17|18|19|20)[._]\d\d", re.IGNORECASE)


def _reference(inputs: Any) -> Mapping[str, Any] | None:
    """The image reference, where all of its parts are known."""
    image = get(inputs, IMAGE)
    return image if isinstance(image, Mapping) and UNKNOWN not in (image.get(name) for name in (*_PARTS, *_IDS)) else None


@_rules.error("G1", "An image is named in one way: by publisher, offer, sku and version, or by one id.", source="SDK34; TF")
def image_form(inputs: Any) -> Iterator[Found]:
    """A blob takes no image reference (Z1)."""
    image = _reference(inputs)
    if image is None:
        return
    given = [name for name in _IDS if image.get(name)]
    if any(image.get(name) for name in _PARTS):
        given.append("publisher, offer, sku, version")
    if len(given) != 1:
        yield Found(
            IMAGE,
            f"imageReference has {' and '.join(given) or 'nothing'}. Expected publisher, offer, sku and version, or one id.",
            "Name the image in one way.",
        )


@_rules.error("G2", "A platform image has publisher, offer, sku, and a version that is latest or Major.Minor.Build.", source="SDK34")
def platform_image(inputs: Any) -> Iterator[Found]:
    """Whether there is such an image only Azure knows (G3)."""
    image = _reference(inputs)
    if image is None or any(image.get(name) for name in _IDS) or not any(image.get(name) for name in _PARTS):
        return
    for name in _PARTS:
        if image.get(name) in (None, ""):
            yield Found(f"{IMAGE}.{name}", f"{name} is absent. Expected publisher, offer, sku and version.", f"Add {name}.")
    version = text(image.get("version"))
    if version and not VERSION.fullmatch(version):
        yield Found(
            f"{IMAGE}.version",
            f"version is {version!r}. Expected latest or Major.Minor.Build.",
            "Take latest, or a version that `az vm image list --all` shows.",
        )


def _image_id(inputs: Any) -> str | None:
    id = text(get(inputs, f"{IMAGE}.id"))
    return id and id.removesuffix("/")


@_rules.error("G5", "The id of an image is that of a managed image, a gallery image or its version.", source="SDK39; TF")
def image_id(inputs: Any) -> Iterator[Found]:
    """Galleries of others have properties of their own."""
    id = _image_id(inputs)
    # Platform images have ids too (…/publishers/…/versions/…), which some tools write.
    if id and not IMAGE_ID.fullmatch(id) and not MANAGED_IMAGE_ID.fullmatch(id) and "/publishers/" not in id.casefold():
        yield Found(
            f"{IMAGE}.id",
            f"id is {id!r}. Expected …/Microsoft.Compute/images/NAME or …/galleries/NAME/images/NAME[/versions/1.2.3].",
            "Correct the id.",
        )


@_rules.warning("G5", "The latest version of a gallery image is named by leaving the version out.", source="TF against SDK39")
def image_id_latest(inputs: Any) -> Iterator[Found]:
    """Some tools take /versions/latest."""
    match = IMAGE_ID.fullmatch(_image_id(inputs) or "")
    if match and same(match["version"], "latest"):
        yield Found(
            f"{IMAGE}.id", f"id is {match[0]!r}. Expected it without /versions/latest, which means the same.", "Leave /versions/latest out."
        )


@_rules.error("G6", "A managed image is of the scale set's subscription.", source="SDK34")
def image_subscription(inputs: Any) -> Iterator[Found]:
    """The subnet tells the subscription: it can't be of another."""
    image = _SUBSCRIPTION.match(text(get(inputs, f"{IMAGE}.id")) or "")
    if image is None or image_kind(inputs) is not ImageKind.MANAGED:
        return
    for path, address in addresses(inputs):
        subnet = _SUBSCRIPTION.match(text(get(address, "subnet.id")) or "")
        if subnet and not same(subnet[1], image[1]):
            yield Found(
                f"{IMAGE}.id",
                f"The image is of subscription {image[1]}, the subnet of {path.rpartition('.')[2]} of {subnet[1]}. Expected a managed image of the same subscription.",
                "Take a gallery image, which others can share.",
            )
            return


@_rules.error(
    "G8",
    "The configuration is of the system that the image's publisher makes.",
    source="Azure/azure-sdk-for-java#2009; Azure troubleshooting pages",
)
def image_system(inputs: Any) -> Iterator[Found]:
    """Only publishers of one system are judged."""
    system = publisher_windows(get(inputs, f"{IMAGE}.publisher"))
    if system is None:
        return
    wrong, right = (LINUX, WINDOWS) if system else (WINDOWS, LINUX)
    if present(inputs, wrong) and present(inputs, right) is False:
        name = "Windows" if system else "Linux"
        yield Found(
            wrong,
            f"{wrong.rpartition('.')[2]} is given, and the image of {get(inputs, f'{IMAGE}.publisher')} is {name}. Expected {right.rpartition('.')[2]}.",
            f"Take {right.rpartition('.')[2]}, or another image.",
        )


@_rules.error("G9", "A platform image has an osProfile.", source="Azure documentation; N16 threads")
def image_profile(inputs: Any) -> Iterator[Found]:
    """Platform images are generalized; specialized ones are of galleries."""
    if image_kind(inputs) is ImageKind.PLATFORM and absent(inputs, OS_PROFILE) and get(inputs, PROFILE) is not UNKNOWN:
        yield Found(OS_PROFILE, "osProfile is absent, and the image is a platform image. Expected one.", "Add osProfile.")


@_rules.warning(
    "G11", "Image and size are of one processor architecture.", source="MicrosoftDocs/azure-docs#108577; hashicorp/packer#12188"
)
def image_architecture(inputs: Any) -> Iterator[Found]:
    """By their names: sizes with 'p' are Arm64."""
    name, sku, offer = size(inputs), text(get(inputs, f"{IMAGE}.sku")), text(get(inputs, f"{IMAGE}.offer"))
    if name is None or sku is None or offer is None or not name.casefold().startswith("standard_"):
        return
    arm_size = _ARM_SIZE.match(name) is not None
    arm_image = any(mark in part.casefold() for part in (sku, offer) for mark in ("arm64", "aarch64"))
    if arm_size != arm_image and (arm_image or publisher_windows(get(inputs, f"{IMAGE}.publisher")) is not None):
        yield Found(
            "sku.name",
            f"sku.name is {name!r}, of {'Arm64' if arm_size else 'x64'}, and the image's sku {sku!r}, of {'Arm64' if arm_image else 'x64'} by its name. Expected one architecture.",
            "Take a size or an image of the same architecture.",
        )


@_rules.warning("Q1", "The image's system is still supported.", source="Canonical life cycle")
def image_end_of_life(inputs: Any) -> Iterator[Found]:
    """Ubuntu up to 20.04 is out of standard support."""
    sku = text(get(inputs, f"{IMAGE}.sku"))
    if same(get(inputs, f"{IMAGE}.publisher"), "Canonical") and sku is not None and _END_OF_LIFE.match(sku) and not _misplaced(inputs):
        yield Found(
            f"{IMAGE}.sku",
            f"sku is {sku!r}, out of standard support. Expected Ubuntu 22.04 or later.",
            "Take Canonical:ubuntu-24_04-lts:server:latest.",
        )


@_rules.warning("Q2", "Ubuntu 20.04 and later have offers of their own.", source="Azure/azure-rest-api-specs aliases.json")
def image_offer(inputs: Any) -> Iterator[Found]:
    """The old offer ends before them."""
    if _misplaced(inputs):
        yield Found(
            f"{IMAGE}.offer",
            f"offer is {shown(get(inputs, f'{IMAGE}.offer'))} with sku {shown(get(inputs, f'{IMAGE}.sku'))}. Expected the release's own offer, as ubuntu-24_04-lts.",
            "Take Canonical:ubuntu-24_04-lts:server:latest.",
        )


def _misplaced(inputs: Any) -> bool:
    sku = text(get(inputs, f"{IMAGE}.sku")) or ""
    return same(get(inputs, f"{IMAGE}.offer"), "UbuntuServer") and sku[:2].isdigit() and int(sku[:2]) >= 20


@_rules.warning("Q3", "The image's Windows is still supported.", source="life cycle of Windows Server")
def image_windows_end_of_life(inputs: Any) -> Iterator[Found]:
    """Windows Server up to 2012 R2 is out of support, paid support included."""
    sku = text(get(inputs, f"{IMAGE}.sku"))
    if same(get(inputs, f"{IMAGE}.publisher"), "MicrosoftWindowsServer") and sku is not None and _OLD_WINDOWS.match(sku):
        yield Found(
            f"{IMAGE}.sku",
            f"sku is {sku!r}, out of support. Expected Windows Server 2019 or later.",
            "Take MicrosoftWindowsServer:WindowsServer:2022-datacenter-azure-edition:latest.",
        )


@_rules.warning("Q5", "The image isn't CentOS, which has ended.", source="acd centos-eol")
def image_centos(inputs: Any) -> Iterator[Found]:
    """Its last release ended in June 2024."""
    if same(get(inputs, f"{IMAGE}.offer"), "CentOS"):
        yield Found(
            f"{IMAGE}.offer",
            "offer is CentOS, which ended in June 2024. Expected AlmaLinux, Rocky, RHEL or Azure Linux.",
            "Take another system.",
        )
