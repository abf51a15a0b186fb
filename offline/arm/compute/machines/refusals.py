"""What Azure refuses of a virtual machine before it does anything."""

from __future__ import annotations

from offline.arm import ids
from offline.arm.compute import sizes
from offline.arm.compute.images import content_of
from offline.arm.compute.machines.machine import MACHINE
from offline.arm.compute.model import ScaleSet
from offline.arm.compute.refusals import image, operating_system, storage
from offline.arm.compute.refusals.missing import Check, invalid, missing, not_allowed
from offline.arm.compute.tree import dig
from offline.arm.errors import bad_request, conflict
from offline.arm.http import Json
from offline.arm.references import users
from offline.arm.store import Store

# What a machine's properties and the profile of a scale set have in common, in the same places.
_SHARED: list[Check] = [
    *image.CHECKS,
    operating_system.required,
    operating_system.admin_username,
    operating_system.admin_password,
    operating_system.ssh_keys,
    operating_system.custom_data,
    operating_system.user_data,
    storage.security,
]
_LONGEST_NAME = {"Windows": 15, "Linux": 64}
_FIXED = (
    "osProfile.computerName",
    "osProfile.adminUsername",
    "osProfile.adminPassword",
    "osProfile.customData",
    "osProfile.linuxConfiguration",
    "storageProfile.imageReference",
    "storageProfile.osDisk.name",
    "securityProfile.securityType",
    "priority",
    "availabilitySet.id",
)


def as_profile(store: Store, machine_id: str, body: Json) -> ScaleSet:
    """The machine's properties as the profile of a set of one, which the checks of scale sets read."""
    return ScaleSet(
        store,
        machine_id,
        {"location": body.get("location"), "plan": body.get("plan"), "properties": {"virtualMachineProfile": body["properties"]}},
    )


def check_new(store: Store, machine_id: str, body: Json) -> None:
    """Refuses a machine that Azure would not make. Azure names one mistake at a time."""
    properties = body["properties"]
    if properties.get("virtualMachineScaleSet"):
        raise not_allowed("virtualMachineScaleSet")
    if not dig(properties, "hardwareProfile.vmSize"):
        raise missing("hardwareProfile.vmSize")
    _check_size(properties)
    _check_interfaces(store, machine_id, properties)
    disk = dig(properties, "storageProfile.osDisk") or {}
    if disk.get("createOption") == "Attach":
        _check_attached(store, properties, disk)
        return
    if disk.get("createOption", "FromImage") != "FromImage":
        raise invalid("osDisk.createOption")
    profile = as_profile(store, machine_id, body)
    for refuse in _SHARED:
        refuse(profile)
    name = dig(properties, "osProfile.computerName") or ids.parse(machine_id).name
    if len(name) > _LONGEST_NAME[profile.image.os]:
        raise bad_request(
            "InvalidParameter",
            f"{profile.image.os} computer name cannot be more than {_LONGEST_NAME[profile.image.os]} characters long: '{name}'.",
            "osProfile.computerName",
        )


def _check_size(properties: Json) -> None:
    sizes.refuse(dig(properties, "hardwareProfile.vmSize"), properties, "vmSize")


def _check_attached(store: Store, properties: Json, disk: Json) -> None:
    """A machine on a disk that is there already is specialized: it has its names and users."""
    attached = dig(disk, "managedDisk.id")
    if not attached or content_of(store, attached) is None:
        raise missing("osDisk.managedDisk.id")
    if properties.get("osProfile") is not None:
        raise not_allowed("osProfile")
    owner = (store.get(attached) or {}).get("managedBy")
    if owner:
        raise conflict("AttachDiskWhileBeingDetached", f"Disk '{attached}' is attached to VM '{owner}'.", "osDisk.managedDisk.id")


def _check_interfaces(store: Store, machine_id: str, properties: Json) -> None:
    interfaces = dig(properties, "networkProfile.networkInterfaces") or []
    if dig(properties, "networkProfile.networkInterfaceConfigurations"):
        return
    if not interfaces:
        raise bad_request(
            "InvalidParameter", "Virtual Machine must have at least one network interface.", "networkProfile.networkInterfaces"
        )
    for each in interfaces:
        others = [user for user in users(store, str(each.get("id")), MACHINE) if user["id"].lower() != machine_id.lower()]
        if others:
            raise bad_request(
                "NicInUse", f"Network Interface {each['id']} is used by existing resource {others[0]['id']}.", "networkProfile"
            )


def check_change(old: Json, new: Json, generalized: bool) -> None:
    """Refuses a change that can't be made. Left out is not changed."""
    if generalized:
        raise conflict("OperationNotAllowed", f"Operation 'update' is not allowed on VM '{old['name']}' since the VM is generalized.")
    for name in _FIXED:
        before, after = dig(old["properties"], name), dig(new["properties"], name)
        if after is not None and before != after:
            raise conflict("PropertyChangeNotAllowed", f"Changing property '{name}' is not allowed.", name)
    if dig(new["properties"], "hardwareProfile.vmSize"):
        _check_size(new["properties"])
