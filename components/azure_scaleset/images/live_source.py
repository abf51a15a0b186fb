"""The source of an image, looked up in Azure."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pulumi

from azure_scaleset.errors import ArgumentError
from azure_scaleset.images.azure import asked, get_or_none
from azure_scaleset.images.definition import refusals
from azure_scaleset.images.machine import LiveSource, is_snapshot, is_vm, read
from azure_scaleset.review_rounds import judged

if TYPE_CHECKING:
    from azure_scaleset.rollout.arm import Arm


def found(
    subject: str, place: pulumi.Input[str] | None, location: pulumi.Input[str], parent: pulumi.Resource, *, managed: bool = False
) -> "pulumi.Output[LiveSource | None]":
    """The source as Azure has it; None of a VHD, and where it isn't there (any more). The preview is refused when no image can be made of it, the first one
    already. *managed*: a managed image."""

    async def look(given: list[Any]) -> LiveSource | None:
        known, region = given
        if known is None:
            return None
        live = await asked(parent, lambda arm: live_source(arm, known))
        hindered = refusals(live, region, None, managed=managed) if live is not None else []
        if hindered:
            raise ArgumentError(subject, hindered)
        return live

    return judged(subject, pulumi.Output.all(place, location), look, parent)


def live_source(arm: "Arm", place: str) -> LiveSource | None:
    """The source as Azure has it; None where it isn't there."""
    from azure_scaleset.rollout.arm import API_VERSION, DISK_API_VERSION

    view = {"$expand": "instanceView"} if is_vm(place) else {}
    body = get_or_none(arm, place, DISK_API_VERSION if is_snapshot(place) else API_VERSION, **view)
    return None if body is None else read(body, os_disk(arm, body) if is_vm(place) else None)


def os_disk(arm: "Arm", vm: Mapping[str, Any]) -> dict[str, Any] | None:
    """The managed OS disk of a VM, from Azure's answer about that; None where it has none."""
    from azure_scaleset.rollout.arm import DISK_API_VERSION

    disk_id = ((((vm.get("properties") or {}).get("storageProfile") or {}).get("osDisk") or {}).get("managedDisk") or {}).get("id")
    return get_or_none(arm, disk_id, DISK_API_VERSION) if disk_id else None
