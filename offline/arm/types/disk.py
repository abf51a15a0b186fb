"""Microsoft.Compute/disks: the OS disks of instances. They are made and deleted with them."""

from __future__ import annotations

from azure.mgmt.compute.models import Disk

from offline.arm.compute.os_disk import DISK
from offline.arm.errors import conflict
from offline.arm.http import Json
from offline.arm.registry import Context, ResourceType, register


def _delete(context: Context, old: Json) -> None:
    raise conflict("OperationNotAllowed", f"Disk {old['name']} is attached to VM {old['managedBy']}.")


DISKS = register(ResourceType(DISK, Disk, on_delete=_delete, writable=False))
