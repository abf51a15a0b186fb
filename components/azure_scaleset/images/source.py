"""What an image is made of, as it is given: a VM, a managed image, a snapshot or a VHD."""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

import pulumi

from azure_scaleset.images.ids import MANAGED_IMAGE_ID, SNAPSHOT_ID, VIRTUAL_MACHINE_ID
from azure_scaleset.images.reference import without_query
from azure_scaleset.payload.digest import digest, short
from azure_scaleset.shape import camel, one_of


class Vhd(TypedDict):
    """A VHD in a blob: a page blob, fixed size, a multiple of 1 MiB, no SAS in its address (Z4)."""

    uri: pulumi.Input[str]
    """Required. Address of the blob."""

    storage_account_id: pulumi.Input[str]
    """Required. Resource id of its storage account."""


@one_of("virtual_machine_id", "managed_image_id", "snapshot_id", "vhd")
class ImageSource(TypedDict):
    """What a version is made of: exactly one of `virtualMachineId`, `managedImageId`, `snapshotId`, `vhd`. In the version's own region (Y5)."""

    virtual_machine_id: NotRequired[pulumi.Input[str]]
    """Conditional. Id of a generalized VM (`scaleset capture` prepares one)."""

    managed_image_id: NotRequired[pulumi.Input[str]]
    """Conditional. Id of a managed image."""

    snapshot_id: NotRequired[pulumi.Input[str]]
    """Conditional. Id of a snapshot of the OS disk of a generalized machine."""

    vhd: NotRequired[Vhd]
    """Conditional. A VHD of the OS disk of a generalized machine."""


_FORMS = {
    "virtual_machine_id": (VIRTUAL_MACHINE_ID, "virtualMachines"),
    "managed_image_id": (MANAGED_IMAGE_ID, "images"),
    "snapshot_id": (SNAPSHOT_ID, "snapshots"),
}


def id_problems(given: Mapping[str, Any]) -> list[str]:
    """What is wrong with the ids of a source; those that aren't known yet are right. Pure."""
    return [
        f"{camel(key)} is {given[key]!r}. Expected /subscriptions/…/resourceGroups/…/providers/Microsoft.Compute/{kind}/NAME."
        for key, (form, kind) in _FORMS.items()
        if isinstance(given.get(key), str) and not form.fullmatch(given[key])
    ]


def vhd_problem(uri: str) -> str | None:
    """What is wrong with the address of a VHD; None when nothing is. Pure."""
    if "?" not in uri:
        return None
    return (
        f"source.vhd.uri is {without_query(uri)!r}. Expected the blob's address without a query: Azure reads the blob by source.vhd.storageAccountId and takes no SAS (Z4), and "
        "a signature would be kept in the state. Leave out everything from the question mark on."
    )


def source_id(source: ImageSource) -> pulumi.Input[str] | None:
    """The id of a source that is a resource; None of a VHD."""
    return source.get("virtual_machine_id") or source.get("managed_image_id") or source.get("snapshot_id")


def storage_profile(source: ImageSource) -> dict[str, Any]:
    """A version's `storageProfile` in ARM's shape."""
    if "virtual_machine_id" in source:
        return {"source": {"virtualMachineId": source["virtual_machine_id"]}}
    if "managed_image_id" in source:
        return {"source": {"id": source["managed_image_id"]}}
    if "snapshot_id" in source:
        return {"osDiskImage": {"source": {"id": source["snapshot_id"]}}}
    vhd = source["vhd"]
    return {"osDiskImage": {"source": {"uri": vhd["uri"], "storageAccountId": vhd["storage_account_id"]}}}


def content(place: str, unique_id: str = "") -> str:
    """What tells an image of one source from that of another. *place*: id or address. Without *unique_id* (a source that is gone, a VHD) it is the beginning of what
    it is with it. Pure."""
    return short(digest(place.casefold()), 16) + (f"-{short(digest(unique_id), 8)}" if unique_id else "")
