"""Disks and the security profile."""

from __future__ import annotations

from offline.arm.compute.images import SUPPORTED, TRUSTED_LAUNCH, Image
from offline.arm.compute.model import ScaleSet
from offline.arm.compute.refusals.missing import Check, invalid, not_allowed
from offline.arm.compute.tree import dig
from offline.arm.errors import bad_request

_LARGEST_OS_DISK = 4095


def os_disk(scale_set: ScaleSet) -> None:
    """K4, K5, K9."""
    disk = dig(scale_set.profile, "storageProfile.osDisk") or {}
    if disk.get("name") is not None:
        raise not_allowed("osDisk.name")
    if disk.get("createOption", "FromImage") != "FromImage":
        raise invalid("osDisk.createOption")
    if disk.get("diskSizeGB") is not None and not 1 <= disk["diskSizeGB"] <= _LARGEST_OS_DISK:
        raise invalid("osDisk.diskSizeGB")
    if dig(disk, "diffDiskSettings.option") == "Local" and (disk.get("caching") != "ReadOnly" or disk.get("writeAcceleratorEnabled")):
        raise invalid("osDisk.caching")


def data_disks(scale_set: ScaleSet) -> None:
    """K1, K4."""
    luns: set[int] = set()
    for disk in dig(scale_set.profile, "storageProfile.dataDisks") or []:
        if disk.get("name") is not None:
            raise not_allowed("dataDisk.name")
        if not 0 <= disk["lun"] <= 63:
            raise bad_request("InvalidParameter", "The value of parameter dataDisk.lun is out of range.", "dataDisk.lun")
        if disk["lun"] in luns:
            raise bad_request("InvalidParameter", f"A disk at LUN {disk['lun']} already exists.", "dataDisk.lun")
        luns.add(disk["lun"])


def security(scale_set: ScaleSet) -> None:
    """C1, C2, C4: UEFI settings need a security type, that needs generation 2; confidential machines need a vTPM."""
    profile = scale_set.profile.get("securityProfile") or {}
    kind, uefi = profile.get("securityType"), profile.get("uefiSettings")
    if uefi and kind not in ("TrustedLaunch", "ConfidentialVM"):
        raise bad_request(
            "BadRequest", "Use of UEFI settings is not supported for the provided security type.", "securityProfile.uefiSettings"
        )
    if scale_set.image_reference:
        _check_trusted_launch(kind, scale_set.image)
    if kind == "ConfidentialVM":
        encryption = dig(scale_set.profile, "storageProfile.osDisk.managedDisk.securityProfile.securityEncryptionType")
        if not dig(uefi, "vTpmEnabled") or encryption is None:
            raise invalid("securityProfile")
        if encryption == "DiskWithVMGuestState" and not dig(uefi, "secureBootEnabled"):
            raise invalid("securityProfile.uefiSettings.secureBootEnabled")


def _check_trusted_launch(kind: str | None, image: Image) -> None:
    """C2, T25: an image supports Trusted Launch, asks for it, or neither."""
    if kind == TRUSTED_LAUNCH and image.security not in (TRUSTED_LAUNCH, *SUPPORTED):
        raise bad_request(
            "BadRequest",
            "Use of TrustedLaunch setting is not supported for the provided image. Please select Trusted Launch supported Gen2 OS Image.",
        )
    if kind != TRUSTED_LAUNCH and image.security == TRUSTED_LAUNCH:
        raise bad_request(
            "BadRequest",
            "The provided gallery image only supports creation of VMs and VM Scale Sets with 'TrustedLaunch' security type.",
        )


CHECKS: list[Check] = [os_disk, data_disks, security]
