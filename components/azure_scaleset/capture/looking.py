"""What Azure has: the VM, and the image of one that is gone."""

from azure_scaleset.capture import wanted
from azure_scaleset.capture.vm import Vm, read
from azure_scaleset.capture.wanted import Wanted
from azure_scaleset.images.azure import get_or_none
from azure_scaleset.images.chosen import CONTENT_TAG
from azure_scaleset.images.listing import of_definition
from azure_scaleset.images.live_source import os_disk
from azure_scaleset.images.source import content
from azure_scaleset.images.versions import chosen_number, is_lost, number
from azure_scaleset.rollout.arm import API_VERSION, Arm


def look(arm: Arm, vm_id: str) -> Vm | None:
    """The VM as it is now; None where there is none."""
    body = get_or_none(arm, vm_id, API_VERSION, **{"$expand": "instanceView"})
    if body is None:
        return None
    return read(body, os_disk(arm, body))


def found_again(arm: Arm, vm_id: str, asked: Wanted) -> str | None:
    """The id of the newest image that was made of a VM that is gone, None where there is none: a capture that was killed after the deletion has done its work."""
    tag = f"{content(vm_id)}-"
    if asked.managed_image:
        artifact_id = wanted.managed_image_id(vm_id, asked.managed_image)
        body = get_or_none(arm, artifact_id, API_VERSION)
        found_tag = "" if body is None or is_lost(body) else str((body.get("tags") or {}).get(CONTENT_TAG, ""))
        return artifact_id if found_tag.startswith(tag) else None
    definition = wanted.definition_id(vm_id, asked)
    found = [each.name for each in of_definition(arm, definition) if each.tags.get(CONTENT_TAG, "").startswith(tag) and not each.lost]
    return f"{definition}/versions/{max(found, key=number)}" if found else None


def taken(arm: Arm, vm: Vm, asked: Wanted) -> list[str]:
    """That the version or the managed image is there and was made of something else: known before anything is done to the VM."""
    if asked.managed_image:
        body = get_or_none(arm, wanted.managed_image_id(vm.id, asked.managed_image), API_VERSION)
        made_of = ((body or {}).get("tags") or {}).get(CONTENT_TAG)
        # One that has failed is made anew.
        if is_lost(body) or made_of == wanted.made_of(vm):
            return []
        return [
            f"--managed-image {asked.managed_image}: there is one of this name, and it was not made of this VM. Take another name, or delete it."
        ]
    try:
        chosen_number(of_definition(arm, wanted.definition_id(vm.id, asked)), asked.version, CONTENT_TAG, wanted.made_of(vm))
    except ValueError as error:
        return [f"--image-version: {error}"]
    return []
