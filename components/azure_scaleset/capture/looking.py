"""What Azure has: the VM, and the image of one that is gone."""

from azure_scaleset.capture import wanted
from azure_scaleset.capture.vm import Vm, read
from azure_scaleset.capture.wanted import Wanted
from azure_scaleset.images.artifact import CONTENT_TAG
from azure_scaleset.images.azure import get_or_none
from azure_scaleset.images.listing import of_definition
from azure_scaleset.images.source import content
from azure_scaleset.images.versions import number
from azure_scaleset.rollout.arm import API_VERSION, DISK_API_VERSION, Arm


def look(arm: Arm, vm_id: str) -> Vm | None:
    """The VM as it is now; None where there is none."""
    body = get_or_none(arm, vm_id, API_VERSION, **{"$expand": "instanceView"})
    if body is None:
        return None
    disk_id = ((body["properties"].get("storageProfile") or {}).get("osDisk") or {}).get("managedDisk", {}).get("id")
    return read(body, get_or_none(arm, disk_id, DISK_API_VERSION) if disk_id else None)


def found_again(arm: Arm, vm_id: str, asked: Wanted) -> str | None:
    """The id of the newest image that was made of a VM that is gone, None where there is none: a capture that was killed after the deletion has done its work."""
    tag = f"{content(vm_id)}-"
    if asked.managed_image:
        artifact_id = wanted.managed_image_id(vm_id, asked.managed_image)
        body = get_or_none(arm, artifact_id, API_VERSION)
        return artifact_id if body and str((body.get("tags") or {}).get(CONTENT_TAG, "")).startswith(tag) else None
    definition = wanted.definition_id(vm_id, asked)
    found = [each.name for each in of_definition(arm, definition) if each.tags.get(CONTENT_TAG, "").startswith(tag)]
    return f"{definition}/versions/{max(found, key=number)}" if found else None
