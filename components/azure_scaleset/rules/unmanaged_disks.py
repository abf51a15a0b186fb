"""Rules of disks in blobs, as before managed disks."""

from collections.abc import Iterator
from typing import Any

from azure_scaleset.rules.facts import IMAGE, OS_DISK, present
from azure_scaleset.rules.rule import Found, Subject
from azure_scaleset.rules.value import absent, get, items, known, text

_rules = Subject("Unmanaged disks")


@_rules.error("Z1", "An image in a blob comes without managed disk, imageReference and vhdContainers.", source="Azure/azure-myriad#23; TF")
def blob_image(inputs: Any) -> Iterator[Found]:
    """Two sources of one disk."""
    if text(get(inputs, f"{OS_DISK}.image.uri")) is None:
        return
    for path, given in (
        (f"{OS_DISK}.managedDisk", present(inputs, f"{OS_DISK}.managedDisk")),
        (IMAGE, present(inputs, IMAGE)),
        (f"{OS_DISK}.vhdContainers", next(items(inputs, f"{OS_DISK}.vhdContainers"), None) is not None),
    ):
        if given:
            yield Found(path, f"{path.rpartition('.')[2]} and osDisk.image are given. Expected one of the two.", "Remove osDisk.image.")


@_rules.error("Z3", "The disks are managed.", source="unmanaged-disks-deprecation")
def unmanaged_disks(inputs: Any) -> Iterator[Found]:
    """Unmanaged ones were retired on 2026-03-31."""
    for name in ("image", "vhdContainers"):
        path = f"{OS_DISK}.{name}"
        if not absent(inputs, path) and known(inputs, path) and get(inputs, path) != []:
            yield Found(
                path,
                f"{name} is given, which means unmanaged disks. Expected managed ones: the others were retired on 2026-03-31.",
                "Make an image of the VHD, and name it in imageReference.",
            )
