"""Rules of trusted launch, confidential machines and encryption."""

import re
from collections.abc import Iterator
from typing import Any

from azure_scaleset.images import reference
from azure_scaleset.images.reference import ImageKind
from azure_scaleset.rules.facts import DATA_DISKS, IMAGE, OS_DISK, PROFILE, image_kind, is_false, is_true, size
from azure_scaleset.rules.rule import Found, Subject, shown
from azure_scaleset.rules.value import UNKNOWN, get, maps, one_of, same, text

_rules = Subject("Security")

_SECURITY = f"{PROFILE}.securityProfile"
_TYPE = f"{_SECURITY}.securityType"
_UEFI = f"{_SECURITY}.uefiSettings"
_ENCRYPTION = f"{OS_DISK}.managedDisk.securityProfile.securityEncryptionType"
_HOST = f"{_SECURITY}.encryptionAtHost"
_CONFIDENTIAL_SIZE = re.compile(r"Standard_(?:DC|EC|NCC)\d", re.IGNORECASE)


@_rules.error("C1", "Secure boot and vTPM are of trusted launch and confidential machines.", source="SDK34")
def uefi(inputs: Any) -> Iterator[Found]:
    """Settings that are false say nothing."""
    kind = get(inputs, _TYPE)
    if kind is UNKNOWN or one_of(kind, ("TrustedLaunch", "ConfidentialVM")):
        return
    for name in ("secureBootEnabled", "vTpmEnabled"):
        if is_true(inputs, f"{_UEFI}.{name}"):
            yield Found(
                f"{_UEFI}.{name}",
                f"{name} is true, and securityType is {shown(kind)}. Expected TrustedLaunch or ConfidentialVM with it.",
                "Set securityType to TrustedLaunch.",
            )


@_rules.warning("C2", "Trusted launch takes an image of generation 2.", source="acd trusted-launch")
def trusted_launch_image(inputs: Any) -> Iterator[Found]:
    """Only the names of well-known platform images are judged."""
    if not same(get(inputs, _TYPE), "TrustedLaunch"):
        return
    parts = [text(get(inputs, f"{IMAGE}.{name}")) for name in ("publisher", "offer", "sku")]
    if any(part is None for part in parts):
        return
    try:
        generation_2 = reference.parse(":".join([*(part or "" for part in parts), "latest"])).generation_2
    except ValueError:
        return
    if generation_2 is False:
        yield Found(
            f"{IMAGE}.sku",
            f"imageReference is {':'.join(part or '' for part in parts)}, of generation 1 by its name. Expected generation 2 for TrustedLaunch.",
            "Take the SKU of generation 2.",
        )


@_rules.error("C4", "A confidential machine has a vTPM.", source="SDK34; TF")
def confidential_vtpm(inputs: Any) -> Iterator[Found]:
    """Its keys live there."""
    value = get(inputs, f"{_UEFI}.vTpmEnabled")
    if same(get(inputs, _TYPE), "ConfidentialVM") and value in (None, False):
        yield Found(
            f"{_UEFI}.vTpmEnabled", f"vTpmEnabled is {shown(value)}, and securityType is ConfidentialVM. Expected true.", "Set it to true."
        )


@_rules.error("C4", "A confidential machine, and no other, says how its disk is encrypted.", source="SDK34; TF")
def confidential_encryption(inputs: Any) -> Iterator[Found]:
    """securityEncryptionType of the OS disk."""
    kind, encryption = get(inputs, _TYPE), get(inputs, _ENCRYPTION)
    if same(kind, "ConfidentialVM") and encryption is None:
        yield Found(
            _ENCRYPTION,
            "securityEncryptionType is absent, and securityType is ConfidentialVM. Expected DiskWithVMGuestState, VMGuestStateOnly or NonPersistedTPM.",
            "Set it to VMGuestStateOnly.",
        )
    elif text(encryption) is not None and kind is not UNKNOWN and not same(kind, "ConfidentialVM"):
        yield Found(
            _ENCRYPTION,
            f"securityEncryptionType is {encryption!r}, and securityType is {shown(kind)}. Expected it with ConfidentialVM only.",
            "Remove it.",
        )


@_rules.error(
    "C4", "A disk that is encrypted with the guest's state goes with secure boot, and without encryption at host.", source="SDK34; TF"
)
def confidential_disk(inputs: Any) -> Iterator[Found]:
    """A disk encryption set of its own is for such disks only."""
    if not same(get(inputs, _TYPE), "ConfidentialVM"):
        return
    encryption = get(inputs, _ENCRYPTION)
    if same(encryption, "DiskWithVMGuestState"):
        secure_boot = get(inputs, f"{_UEFI}.secureBootEnabled")
        if secure_boot in (None, False):
            yield Found(
                f"{_UEFI}.secureBootEnabled",
                f"secureBootEnabled is {shown(secure_boot)}, and securityEncryptionType is DiskWithVMGuestState. Expected true.",
                "Set it to true.",
            )
        if is_true(inputs, _HOST):
            yield Found(
                _HOST,
                "encryptionAtHost is true, and securityEncryptionType is DiskWithVMGuestState. Expected one of the two.",
                "Remove encryptionAtHost.",
            )
    path = f"{OS_DISK}.managedDisk.securityProfile.diskEncryptionSet"
    if text(get(inputs, f"{path}.id")) is not None and text(encryption) is not None and not same(encryption, "DiskWithVMGuestState"):
        yield Found(
            path,
            f"diskEncryptionSet is given, and securityEncryptionType is {encryption!r}. Expected DiskWithVMGuestState with it.",
            "Remove it.",
        )


@_rules.error("C4", "A confidential machine is of series DC or EC.", source="SDK34; TF")
def confidential_size(inputs: Any) -> Iterator[Found]:
    """Others have no such processor."""
    name = size(inputs)
    if same(get(inputs, _TYPE), "ConfidentialVM") and name is not None and not same(name, "Mix") and not _CONFIDENTIAL_SIZE.match(name):
        yield Found(
            "sku.name",
            f"sku.name is {name!r}, and securityType is ConfidentialVM. Expected a size of series DC or EC.",
            "Take a size as Standard_DC2as_v5.",
        )


@_rules.warning("C5", "Encryption at host is true or left out.", source="issue threads")
def encryption_at_host_false(inputs: Any) -> Iterator[Found]:
    """Subscriptions without the feature refuse even an explicit false."""
    if is_false(inputs, _HOST):
        yield Found(
            _HOST, "encryptionAtHost is false. Expected it left out: a subscription without the feature refuses even false.", "Remove it."
        )


@_rules.error("C6", "UltraSSD disks need ultraSSDEnabled.", source="acd disks ultra; SDK34")
def ultra_enabled(inputs: Any) -> Iterator[Found]:
    """It decides where the machines can be."""
    enabled = get(inputs, "additionalCapabilities.ultraSSDEnabled")
    for path, disk in maps(inputs, DATA_DISKS):
        if same(get(disk, "managedDisk.storageAccountType"), "UltraSSD_LRS") and enabled in (None, False):
            yield Found(
                f"{path}.managedDisk.storageAccountType",
                f"storageAccountType is UltraSSD_LRS, and ultraSSDEnabled is {shown(enabled)}. Expected true.",
                "Set additionalCapabilities.ultraSSDEnabled to true.",
            )


@_rules.error("C6", "UltraSSD and PremiumV2 disks aren't cached.", source="acd disks ultra; SDK34")
def ultra_caching(inputs: Any) -> Iterator[Found]:
    """caching must be None."""
    for path, disk in maps(inputs, DATA_DISKS):
        kind, caching = get(disk, "managedDisk.storageAccountType"), text(disk.get("caching"))
        if one_of(kind, ("UltraSSD_LRS", "PremiumV2_LRS")) and one_of(caching, ("ReadOnly", "ReadWrite")):
            yield Found(f"{path}.caching", f"caching is {caching!r} on a disk of type {kind}. Expected None.", "Set caching to None.")


@_rules.error("G7", "A managed image has neither trusted launch nor confidential machines.", source="acd capture-image-resource")
def managed_image_security(inputs: Any) -> Iterator[Found]:
    """Gallery images have."""
    kind = get(inputs, _TYPE)
    if image_kind(inputs) is ImageKind.MANAGED and one_of(kind, ("TrustedLaunch", "ConfidentialVM")):
        yield Found(
            _TYPE,
            f"securityType is {kind!r}, and the image is a managed image. Expected a gallery image with it.",
            "Take a gallery image, or remove securityType.",
        )
