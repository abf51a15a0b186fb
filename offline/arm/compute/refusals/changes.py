"""What can't be changed once a set exists."""

from __future__ import annotations

from collections.abc import Callable

from offline.arm.compute.model import ScaleSet
from offline.arm.compute.tree import dig
from offline.arm.errors import ArmError, bad_request, conflict

_PROFILE = "properties.virtualMachineProfile"
_FIXED = {
    "platformFaultDomainCount": "properties.platformFaultDomainCount",  # I1
    "orchestrationMode": "properties.orchestrationMode",  # I2
    "osProfile.computerNamePrefix": f"{_PROFILE}.osProfile.computerNamePrefix",  # I3
    "osProfile.adminUsername": f"{_PROFILE}.osProfile.adminUsername",  # I3
    "priority": f"{_PROFILE}.priority",  # I4
    "evictionPolicy": f"{_PROFILE}.evictionPolicy",  # I4
    "osDisk.managedDisk.storageAccountType": f"{_PROFILE}.storageProfile.osDisk.managedDisk.storageAccountType",  # I5
    "osDisk.createOption": f"{_PROFILE}.storageProfile.osDisk.createOption",  # I5
    "osDisk.osType": f"{_PROFILE}.storageProfile.osDisk.osType",  # I5
    "osDisk.diffDiskSettings": f"{_PROFILE}.storageProfile.osDisk.diffDiskSettings",  # I5
}


def _refused(name: str) -> ArmError:
    return conflict("PropertyChangeNotAllowed", f"Changing property '{name}' is not allowed.", name)


def fixed(new: ScaleSet, old: ScaleSet) -> None:
    """I1-I5. Left out is not changed; what is given where nothing was may be the default said aloud, and is accepted."""
    for name, path in _FIXED.items():
        before, after = dig(old.body, path), dig(new.body, path)
        if before is not None and after is not None and before != after:
            raise _refused(name)


def image_kind(new: ScaleSet, old: ScaleSet) -> None:
    """I6. Another offer or SKU is accepted: the sources on I7 disagree."""
    if (
        new.image_reference
        and old.image_reference
        and bool(new.image_reference.get("publisher")) != bool(old.image_reference.get("publisher"))
    ):
        raise bad_request("OperationNotAllowed", "The Image type for a Virtual Machine Scale Set may not be changed.", "imageReference")


def placement_group(new: ScaleSet, old: ScaleSet) -> None:
    """I8: to many placement groups, never back."""
    if new.properties.get("singlePlacementGroup") and old.properties.get("singlePlacementGroup") is False:
        raise _refused("singlePlacementGroup")


def zones(new: ScaleSet, old: ScaleSet) -> None:
    """I9, M10: zones can be added, to a regional set too, and never removed."""
    if set(old.zones) - set(new.zones):
        raise _refused("zones")


CHECKS: list[Callable[[ScaleSet, ScaleSet], None]] = [fixed, image_kind, placement_group, zones]
