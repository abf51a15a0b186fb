"""A VM as Azure has it, as far as its capture needs it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from azure_scaleset.images import machine
from azure_scaleset.images.machine import LiveSource

MARK_TAG = "azure-scaleset-capture"
"""Tag of a VM that is being captured: how far its preparation is known to be."""
PREPARING = "preparing"
"""The system is about to be told to prepare itself; whether it was, isn't known."""
TOLD = "told"
"""It has been told to: the script is done that leaves it to the system's scheduler."""
PREPARED = "prepared"
"""It was seen that it has."""


@dataclass(frozen=True)
class Extension:
    """An extension of the VM."""

    id: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Vm(LiveSource):
    """A virtual machine, with its instance view and its OS disk: as the source of an image, and what else its capture needs."""

    power: str
    """As Azure says it: `running`, `stopped`, `deallocated`, and what is between them."""
    provisioning: str
    agent_ready: bool
    mark: str | None
    """Of the capture: `PREPARING`, `TOLD`, `PREPARED`, or None."""
    disk_id: str | None
    """Of the OS disk; None of a VHD in a storage account."""
    ephemeral: bool
    encrypted: bool
    """By Azure Disk Encryption, inside the system."""
    scale_set: str | None
    extensions: tuple[Extension, ...]
    data_disks: int
    interfaces: tuple[str, ...]
    references: Mapping[str, Any]
    """Its OS disk (`osDisk`) and interfaces (`networkInterfaces`) as its body names them."""
    tags: Mapping[str, str]

    @property
    def name(self) -> str:
        """The resource name."""
        return self.id.rpartition("/")[2]


def read(body: Mapping[str, Any], disk: Mapping[str, Any] | None) -> Vm:
    """The VM from Azure's answers: `GET …/virtualMachines/<name>?$expand=instanceView`, and that of its OS disk. Pure."""
    properties = body.get("properties") or {}
    view = properties.get("instanceView") or {}
    os_disk = (properties.get("storageProfile") or {}).get("osDisk") or {}
    of_disk = (disk or {}).get("properties") or {}
    interfaces = (properties.get("networkProfile") or {}).get("networkInterfaces") or []
    codes = {str(status.get("code", "")).casefold() for status in view.get("statuses") or ()}
    return Vm(
        **vars(machine.read(body, disk)),
        power=next((code.partition("/")[2] for code in codes if code.startswith("powerstate/")), "unknown"),
        provisioning=str(properties.get("provisioningState") or ""),
        agent_ready=_agent_ready(view),
        mark=(body.get("tags") or {}).get(MARK_TAG),
        disk_id=(os_disk.get("managedDisk") or {}).get("id"),
        ephemeral=bool((os_disk.get("diffDiskSettings") or {}).get("option")),
        encrypted=_encrypted(os_disk, of_disk, view),
        scale_set=(properties.get("virtualMachineScaleSet") or {}).get("id"),
        extensions=_extensions(body.get("resources") or ()),
        data_disks=len((properties.get("storageProfile") or {}).get("dataDisks") or ()),
        interfaces=tuple(str(each["id"]) for each in interfaces),
        references={"osDisk": os_disk, "networkInterfaces": interfaces},
        tags=body.get("tags") or {},
    )


def _agent_ready(view: Mapping[str, Any]) -> bool:
    statuses = (view.get("vmAgent") or {}).get("statuses") or ()
    return any(str(status.get("displayStatus", "")).casefold() == "ready" for status in statuses)


def _encrypted(os_disk: Mapping[str, Any], of_disk: Mapping[str, Any], view: Mapping[str, Any]) -> bool:
    shown = any(settings.get("enabled", True) for each in view.get("disks") or () for settings in each.get("encryptionSettings") or ())
    stated = ((os_disk.get("encryptionSettings") or {}).get("enabled"), (of_disk.get("encryptionSettingsCollection") or {}).get("enabled"))
    return shown or any(stated)


def _extensions(resources: Sequence[Mapping[str, Any]]) -> tuple[Extension, ...]:
    found = [str(each["id"]) for each in resources if "/extensions/" in str(each.get("id", "")).casefold()]
    return tuple(Extension(each, each.rpartition("/")[2]) for each in found)
