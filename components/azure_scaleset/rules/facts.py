"""What the inputs of a scale set say, as several rules need it. An answer of None means that the inputs don't tell, or not yet."""

import functools
from collections.abc import Iterator, Mapping
from typing import Any

from azure_scaleset.images import reference
from azure_scaleset.images.reference import ImageKind
from azure_scaleset.rules.value import UNKNOWN, boolean, get, integer, maps, same, text

PROFILE = "virtualMachineProfile"
OS_PROFILE = f"{PROFILE}.osProfile"
LINUX = f"{OS_PROFILE}.linuxConfiguration"
WINDOWS = f"{OS_PROFILE}.windowsConfiguration"
IMAGE = f"{PROFILE}.storageProfile.imageReference"
OS_DISK = f"{PROFILE}.storageProfile.osDisk"
DATA_DISKS = f"{PROFILE}.storageProfile.dataDisks"
EXTENSIONS = f"{PROFILE}.extensionProfile.extensions"
INTERFACES = f"{PROFILE}.networkProfile.networkInterfaceConfigurations"
HEALTH_PROBE = f"{PROFILE}.networkProfile.healthProbe.id"
AUTOMATIC_OS_UPGRADE = "upgradePolicy.automaticOSUpgradePolicy.enableAutomaticOSUpgrade"

CUSTOM_SCRIPT_LINUX = "microsoft.azure.extensions/customscript"
CUSTOM_SCRIPT_WINDOWS = "microsoft.compute/customscriptextension"
CUSTOM_SCRIPT_LINUX_V1 = "microsoft.ostcextensions/customscriptforlinux"
DSC = "microsoft.powershell/dsc"
HEALTH_LINUX = "microsoft.managedservices/applicationhealthlinux"
HEALTH_WINDOWS = "microsoft.managedservices/applicationhealthwindows"
SETS_UP = (CUSTOM_SCRIPT_LINUX, CUSTOM_SCRIPT_WINDOWS, CUSTOM_SCRIPT_LINUX_V1, DSC)
"""Handlers that set a machine up."""


def windows(inputs: Any) -> bool | None:
    """Whether the instances run Windows: by their configuration, by the disk's osType, or by the publisher of the platform image."""
    given = present(inputs, WINDOWS), present(inputs, LINUX)
    if given == (True, True):
        return None
    if given in ((True, False), (False, True)):
        return given[0]
    system = get(inputs, f"{OS_DISK}.osType")
    of_disk = same(system, "Windows") if same(system, "Windows") or same(system, "Linux") else None
    of_image = publisher_windows(get(inputs, f"{IMAGE}.publisher"))
    if of_disk is None or of_image is None:
        return of_image if of_disk is None else of_disk
    return of_disk if of_disk == of_image else None


def publisher_windows(publisher: Any) -> bool | None:
    """Whether the platform images of *publisher* are Windows; None for a publisher of both, or an unfamiliar one."""
    return _publisher_windows(publisher) if isinstance(publisher, str) else None


@functools.lru_cache(maxsize=256)
def _publisher_windows(publisher: str) -> bool | None:
    try:
        return reference.parse(f"{publisher}:offer:sku:latest").windows
    except ValueError:
        return None


def present(inputs: Any, path: str) -> bool | None:
    """Whether there is something at *path*; None where that isn't known yet."""
    value = get(inputs, path)
    return None if value is UNKNOWN else value is not None


def flexible(inputs: Any) -> bool | None:
    """Whether the scale set is of orchestration mode Flexible; without a mode it is Uniform (O1)."""
    mode = get(inputs, "orchestrationMode")
    if mode is None or same(mode, "Uniform"):
        return False
    return True if same(mode, "Flexible") else None


def spot(inputs: Any) -> bool | None:
    """Whether the instances are spot machines; without a priority they aren't."""
    priority = get(inputs, f"{PROFILE}.priority")
    if priority is None or same(priority, "Regular"):
        return False
    return True if same(priority, "Spot") or same(priority, "Low") else None


def zone_count(inputs: Any) -> int | None:
    """The number of availability zones; 0 for a regional scale set."""
    zones = get(inputs, "zones")
    if zones is None:
        return 0
    return len(zones) if isinstance(zones, list) and UNKNOWN not in zones else None


def capacity(inputs: Any) -> int | None:
    """The number of instances."""
    return integer(get(inputs, "sku.capacity"))


def size(inputs: Any) -> str | None:
    """The size of the instances."""
    return text(get(inputs, "sku.name"))


def is_true(inputs: Any, path: str) -> bool:
    """Whether the value at *path* certainly is true."""
    return boolean(get(inputs, path)) is True


def is_false(inputs: Any, path: str) -> bool:
    """Whether the value at *path* certainly is false."""
    return boolean(get(inputs, path)) is False


def image_kind(inputs: Any) -> ImageKind | None:
    """What the image is."""
    image = get(inputs, IMAGE)
    if not isinstance(image, Mapping):
        return None
    id = text(image.get("id"))
    if id is not None:
        folded = id.casefold()
        if "/galleries/" in folded:
            return ImageKind.GALLERY
        return ImageKind.MANAGED if "/providers/microsoft.compute/images/" in folded else None
    if text(image.get("sharedGalleryImageId")) is not None:
        return ImageKind.SHARED
    if text(image.get("communityGalleryImageId")) is not None:
        return ImageKind.COMMUNITY
    return ImageKind.PLATFORM if text(image.get("publisher")) is not None else None


def handler(extension: Mapping[str, Any]) -> str | None:
    """`publisher/type` of an extension, in small letters."""
    publisher, type_name = text(extension.get("publisher")), text(extension.get("type"))
    return f"{publisher}/{type_name}".casefold() if publisher is not None and type_name is not None else None


def extensions(inputs: Any, *handlers: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The extensions of the model, each with its path: those of *handlers*, or all."""
    for path, extension in maps(inputs, EXTENSIONS):
        if not handlers or handler(extension) in handlers:
            yield path, extension


def has_extension(inputs: Any, *handlers: str) -> bool | None:
    """Whether the model has an extension of one of *handlers*."""
    if next(extensions(inputs, *handlers), None) is not None:
        return True
    return False if extensions_known(inputs) else None


def extensions_known(inputs: Any) -> bool:
    """Whether it is known which extensions the model has."""
    given = get(inputs, EXTENSIONS)
    if given is UNKNOWN:
        return False
    return not isinstance(given, list) or not any(
        item is UNKNOWN or (isinstance(item, Mapping) and UNKNOWN in (item.get("publisher"), item.get("type"))) for item in given
    )


def health_signal(inputs: Any) -> bool | None:
    """Whether Azure is told of the application's health: by the balancer's probe or by the extension."""
    probe, extension = present(inputs, HEALTH_PROBE), has_extension(inputs, HEALTH_LINUX, HEALTH_WINDOWS)
    if probe or extension:
        return True
    return None if probe is None or extension is None else False
