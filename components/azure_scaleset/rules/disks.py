"""Rules of disks."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from azure_scaleset.rules.facts import DATA_DISKS, OS_DISK, flexible, is_true, size
from azure_scaleset.rules.rule import Found, Subject
from azure_scaleset.rules.value import UNKNOWN, get, integer, maps, one_of, same, text

_rules = Subject("Disks")

_OS_TYPE = f"{OS_DISK}.managedDisk.storageAccountType"
_OS_TYPES = ("Standard_LRS", "StandardSSD_LRS", "StandardSSD_ZRS", "Premium_LRS", "Premium_ZRS")
_PREMIUM = ("Premium_LRS", "Premium_ZRS", "PremiumV2_LRS", "UltraSSD_LRS")
_CACHING = ("None", "ReadOnly", "ReadWrite")
_SIZE = re.compile(r"Standard_([A-Za-z]+)\d+(?:-\d+)?([a-z]*)", re.IGNORECASE)
_LARGEST_CACHED = 4_095


def _disks(inputs: Any) -> Iterator[tuple[str, Any]]:
    """The OS disk and the data disks, each with its path."""
    if isinstance(get(inputs, OS_DISK), Mapping):
        yield OS_DISK, get(inputs, OS_DISK)
    yield from maps(inputs, DATA_DISKS)


def premium_disks(inputs: Any) -> Iterator[tuple[str, str]]:
    """The path and the value of each storage type that needs a size with premium storage; of OS disks those that can boot."""
    for path, disk in _disks(inputs):
        kind = text(get(disk, "managedDisk.storageAccountType"))
        if kind is not None and one_of(kind, _PREMIUM) and (path != OS_DISK or one_of(kind, _OS_TYPES)):
            yield f"{path}.managedDisk.storageAccountType", kind


@_rules.error("K1", "The number (lun) of a data disk is 0 to 63, and its own.", source="issue threads")
def disk_lun(inputs: Any) -> Iterator[Found]:
    """Azure addresses a disk by it."""
    seen: set[int] = set()
    for path, disk in maps(inputs, DATA_DISKS):
        lun = integer(disk.get("lun"))
        if lun is not None and (not 0 <= lun <= 63 or lun in seen):
            told = "another disk's too. Expected one of its own" if lun in seen else "no number of a disk. Expected 0 to 63"
            yield Found(f"{path}.lun", f"lun is {lun}, {told}.", "Give each data disk a lun of its own, 0 to 63.")
        if lun is not None:
            seen.add(lun)


@_rules.error("K3", "An empty disk has a size.", source="SDK34; hashicorp/terraform-provider-azurerm#12877")
def empty_disk_size(inputs: Any) -> Iterator[Found]:
    """Other disks take their image's."""
    for path, disk in maps(inputs, DATA_DISKS):
        if same(disk.get("createOption"), "Empty") and disk.get("diskSizeGB") is None:
            yield Found(f"{path}.diskSizeGB", "diskSizeGB is absent, and createOption is Empty. Expected a size.", "Add diskSizeGB.")


@_rules.error("K4", "Managed disks have no name.", source="MicrosoftDocs/azure-docs#65559; hashicorp/terraform-provider-azurerm#23275")
def disk_name(inputs: Any) -> Iterator[Found]:
    """Azure names them. Sources disagree about data disks of Flexible sets."""
    disk = get(inputs, OS_DISK)
    if not isinstance(disk, Mapping) or any(disk.get(name) not in (None, []) for name in ("vhdContainers", "image")):
        return
    places = [(OS_DISK, disk), *(maps(inputs, DATA_DISKS) if flexible(inputs) is False else ())]
    for path, each in places:
        if text(each.get("name")):
            yield Found(f"{path}.name", f"name is {each['name']!r}. Expected none: Azure names managed disks.", "Remove it.")


@_rules.error("K5", "The OS disk is made from the image, and has at most 4095 GB.", source="SDK34")
def os_disk_source(inputs: Any) -> Iterator[Found]:
    """A scale set attaches no disk."""
    option = text(get(inputs, f"{OS_DISK}.createOption"))
    if option is not None and not same(option, "FromImage"):
        yield Found(f"{OS_DISK}.createOption", f"createOption is {option!r}. Expected FromImage.", "Set it to FromImage.")
    gigabytes = integer(get(inputs, f"{OS_DISK}.diskSizeGB"))
    if gigabytes is not None and not 0 <= gigabytes <= 4_095:
        yield Found(
            f"{OS_DISK}.diskSizeGB", f"diskSizeGB is {gigabytes}. Expected at most 4095.", "Shorten it, and take a data disk for the rest."
        )


@_rules.error("K6", "The OS disk is of a type that can boot.", source="SDK34")
def os_disk_type(inputs: Any) -> Iterator[Found]:
    """UltraSSD and PremiumV2 are for data."""
    kind = text(get(inputs, _OS_TYPE))
    if kind is not None and not one_of(kind, _OS_TYPES):
        yield Found(_OS_TYPE, f"storageAccountType is {kind!r}. Expected {', '.join(_OS_TYPES)}.", "Take Premium_LRS or StandardSSD_LRS.")


@_rules.warning("K6", "Premium disks are on a size that has them.", source="issue threads; names of sizes")
def premium_size(inputs: Any) -> Iterator[Found]:
    """By the size's name: an 's' after the number, or in the series (DS, GS). Where Azure is asked, its list of sizes decides."""
    name = size(inputs)
    match = _SIZE.match(name) if name is not None else None
    if match is None or "s" in match[2].casefold() or "s" in match[1].casefold() or match[1].casefold() == "m":
        return
    for path, kind in premium_disks(inputs):
        yield Found(
            path,
            f"storageAccountType is {kind!r}, and sku.name is {name!r}, without 's' for premium storage. Expected a size with it.",
            "Take a size as Standard_D2s_v5, or another type of disk.",
        )


@_rules.error("K7", "Performance is set on UltraSSD and PremiumV2 disks only.", source="TF; SDK34")
def disk_performance(inputs: Any) -> Iterator[Found]:
    """The performance of others follows from their size."""
    for path, disk in maps(inputs, DATA_DISKS):
        kind = get(disk, "managedDisk.storageAccountType")
        if kind is UNKNOWN or one_of(kind, ("UltraSSD_LRS", "PremiumV2_LRS")):
            continue
        for name in ("diskIOPSReadWrite", "diskMBpsReadWrite"):
            if integer(disk.get(name)) is not None:
                yield Found(
                    f"{path}.{name}",
                    f"{name} is given, and storageAccountType is {kind or 'absent'}. Expected it on UltraSSD_LRS and PremiumV2_LRS only.",
                    "Remove it, or change the type.",
                )


@_rules.error("K8", "A write accelerator is on a Premium_LRS disk that isn't cached for writing.", source="TF")
def write_accelerator(inputs: Any) -> Iterator[Found]:
    """It is a cache for writing itself."""
    for path, disk in _disks(inputs):
        if not is_true(disk, "writeAcceleratorEnabled"):
            continue
        kind = text(get(disk, "managedDisk.storageAccountType"))
        if kind is not None and not same(kind, "Premium_LRS"):
            yield Found(
                f"{path}.writeAcceleratorEnabled",
                f"writeAcceleratorEnabled is true on a disk of type {kind}. Expected Premium_LRS.",
                "Remove it, or change the type.",
            )
        if same(disk.get("caching"), "ReadWrite"):
            yield Found(
                f"{path}.caching",
                "caching is ReadWrite, and writeAcceleratorEnabled is true. Expected None or ReadOnly.",
                "Set caching to ReadOnly.",
            )


@_rules.warning("K8", "A write accelerator is on a size of series M.", source="TF")
def write_accelerator_size(inputs: Any) -> Iterator[Found]:
    """Other series have none."""
    name = size(inputs)
    match = _SIZE.match(name) if name is not None else None
    for path, disk in _disks(inputs) if match and not match[1].casefold().startswith("m") else ():
        if is_true(disk, "writeAcceleratorEnabled"):
            yield Found(
                f"{path}.writeAcceleratorEnabled",
                f"writeAcceleratorEnabled is true on size {name}. Expected a size of series M.",
                "Remove it.",
            )


@_rules.error(
    "K9",
    "An ephemeral OS disk is cached for reading, on cache, temporary or NVMe disk, and has no write accelerator.",
    source="acd ephemeral-os-disks; TF",
)
def ephemeral_disk(inputs: Any) -> Iterator[Found]:
    """It lives on the host."""
    if not same(get(inputs, f"{OS_DISK}.diffDiskSettings.option"), "Local"):
        return
    caching = text(get(inputs, f"{OS_DISK}.caching"))
    if one_of(caching, ("None", "ReadWrite")):
        yield Found(
            f"{OS_DISK}.caching", f"caching is {caching!r}, and the OS disk is ephemeral. Expected ReadOnly.", "Set caching to ReadOnly."
        )
    placement = text(get(inputs, f"{OS_DISK}.diffDiskSettings.placement"))
    if placement is not None and not one_of(placement, ("CacheDisk", "ResourceDisk", "NvmeDisk")):
        yield Found(
            f"{OS_DISK}.diffDiskSettings.placement",
            f"placement is {placement!r}. Expected CacheDisk, ResourceDisk or NvmeDisk.",
            "Leave it out: Azure takes what the size has.",
        )
    if is_true(inputs, f"{OS_DISK}.writeAcceleratorEnabled"):
        yield Found(
            f"{OS_DISK}.writeAcceleratorEnabled",
            "writeAcceleratorEnabled is true, and the OS disk is ephemeral. Expected false.",
            "Remove it.",
        )


@_rules.error("K10", "caching is None, ReadOnly or ReadWrite; large disks aren't cached.", source="acd premium storage")
def disk_caching(inputs: Any) -> Iterator[Found]:
    """Large means over 4095 GB."""
    for path, disk in _disks(inputs):
        caching, gigabytes = text(disk.get("caching")), integer(disk.get("diskSizeGB"))
        if caching is not None and not one_of(caching, _CACHING):
            yield Found(f"{path}.caching", f"caching is {caching!r}. Expected None, ReadOnly or ReadWrite.", "Take ReadOnly.")
        elif path != OS_DISK and gigabytes is not None and gigabytes > _LARGEST_CACHED and one_of(caching, _CACHING[1:]):
            yield Found(
                f"{path}.caching",
                f"caching is {caching!r} on a disk of {gigabytes} GB. Expected None above {_LARGEST_CACHED} GB.",
                "Set caching to None.",
            )
