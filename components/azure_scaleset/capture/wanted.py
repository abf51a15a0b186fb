"""The image that is to be made of a VM: where it goes and what ARM is told. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from azure_scaleset.capture.vm import Vm
from azure_scaleset.images.artifact import Artifact
from azure_scaleset.images.chosen import CONTENT_TAG
from azure_scaleset.images.definition import definition_properties
from azure_scaleset.images.destination import publishing_profile
from azure_scaleset.images.ids import GALLERY_ID
from azure_scaleset.images.machine import Machine
from azure_scaleset.images.managed_image import managed_image_properties
from azure_scaleset.images.source import content, storage_profile
from azure_scaleset.images.versions import wanted_problem
from azure_scaleset.rules.gallery import DEFINITION_NAME, GALLERY_NAME, plain

_MANAGED_IMAGE_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,78}[A-Za-z0-9_])?")
_REGION = re.compile(r"[A-Za-z][A-Za-z0-9]*(?: [A-Za-z0-9]+)*")


@dataclass(frozen=True)
class Wanted:
    """What the words of the command ask for. What is None is taken from the VM."""

    managed_image: str | None = None
    """Name of a managed image, instead of a gallery version."""
    gallery: str | None = None
    """Name or id of the gallery."""
    definition: str | None = None
    """Name of the image definition."""
    version: str = "1.0"
    """Major.Minor, of which the third number counts up, or Major.Minor.Patch."""
    regions: Sequence[str] = ()
    """Regions that the version is carried to, beside the VM's."""
    delete_vm: bool = False


def gallery_id(vm_id: str, wanted: Wanted) -> str:
    """The gallery: the given one, or one in the VM's resource group that is named after it. (A gallery's name has no dashes and up to 80 characters, Y1; a group's has up to
    90.)"""
    group = vm_id.partition("/providers/")[0]
    given = wanted.gallery
    if given is not None and given.startswith("/"):
        return given.rstrip("/")
    name = given or re.sub(r"[^A-Za-z0-9._]", "_", f"{group.rpartition('/')[2][:73]}_images").lstrip("._")
    return f"{group}/providers/Microsoft.Compute/galleries/{name}"


def definition_id(vm_id: str, wanted: Wanted) -> str:
    """The image definition: the given one, or one that is named after the VM. (It begins and ends with a letter or digit, Y1; a VM's name may end with an underscore.)"""
    return f"{gallery_id(vm_id, wanted)}/images/{wanted.definition or vm_id.rpartition('/')[2].strip('._-')}"


def problems(wanted: Wanted) -> list[str]:
    """What is wrong with the words alone."""
    found = []
    of_gallery = [
        option
        for option, value in (("--gallery", wanted.gallery), ("--definition", wanted.definition), ("--region", wanted.regions))
        if value
    ]
    if wanted.managed_image and of_gallery:
        found.append(f"--managed-image and {of_gallery[0]} were given: a managed image is in no gallery. Leave one of them out.")
    if wanted.gallery and wanted.gallery.startswith("/") and not GALLERY_ID.fullmatch(wanted.gallery.rstrip("/")):
        found.append(f"--gallery {wanted.gallery} is no id of a gallery. Expected a name, or /subscriptions/…/galleries/NAME.")
    if wanted.gallery and not GALLERY_NAME.fullmatch(wanted.gallery.rstrip("/").rpartition("/")[2]):
        found.append(
            f"--gallery {wanted.gallery}: a gallery's name has 1-80 letters, digits, dots and underscores, no dashes, and begins and ends with a letter or digit (Y1)."
        )
    if wanted.definition is not None and not DEFINITION_NAME.fullmatch(wanted.definition):
        found.append(
            f"--definition {wanted.definition!r}: a definition's name has 1-80 letters, digits, dots, underscores and dashes, and begins and ends with a letter or digit (Y1)."
        )
    if wanted.managed_image is not None and not _MANAGED_IMAGE_NAME.fullmatch(wanted.managed_image):
        found.append(
            f"--managed-image {wanted.managed_image!r}: a managed image's name has 1-80 letters, digits, dots, underscores and dashes, begins with a letter or digit, and ends "
            "with one or an underscore. It goes into the VM's resource group."
        )
    found += [
        f"--region {each!r} is no name of a region. Expected one as westeurope." for each in wanted.regions if not _REGION.fullmatch(each)
    ]
    version = wanted_problem(wanted.version)
    if version:
        found.append(f"--image-version is {version}")
    return found


def gallery_body(vm: Vm) -> dict[str, Any]:
    """A gallery where there is none."""
    return {"location": vm.location}


def definition_body(vm: Vm, definition: str) -> dict[str, Any]:
    """A definition that says what the VM is."""
    properties = {
        **definition_properties({}, vm.tells),
        "osState": "Generalized",
        "identifier": {"publisher": "azure-scaleset", "offer": definition, "sku": definition},
    }
    return {"location": vm.location, "properties": properties}


def version(vm: Vm, definition: str, number: str, regions: Sequence[str]) -> Artifact:
    """The version: its tag says which VM it is of, so that the same command finds it again."""
    others = [each for each in dict.fromkeys(regions) if plain(each) != plain(vm.location)]
    profile = publishing_profile({"regions": [{"name": each} for each in (vm.location, *others)]}, vm.location)
    properties = {"storageProfile": storage_profile({"virtual_machine_id": vm.id}), "publishingProfile": profile}
    return Artifact(f"{definition}/versions/{number}", {"location": vm.location, "tags": _tags(vm), "properties": properties})


def managed_image(vm: Vm, name: str) -> Artifact:
    """The managed image."""
    body = {"location": vm.location, "tags": _tags(vm), "properties": managed_image_properties(vm.id, vm.tells.generation)}
    return Artifact(managed_image_id(vm.id, name), body)


def managed_image_id(vm_id: str, name: str) -> str:
    """The id of a managed image in the VM's resource group."""
    return f"{vm_id.partition('/providers/')[0]}/providers/Microsoft.Compute/images/{name}"


def leaving_together(vm: Vm) -> dict[str, Any]:
    """The properties by which the OS disk and the interfaces go when the VM is deleted. What else is in the body is what the VM has."""
    interfaces = [
        {**each, "properties": {**(each.get("properties") or {}), "deleteOption": "Delete"}} for each in vm.references["networkInterfaces"]
    ]
    return {
        "storageProfile": {"osDisk": {**vm.references["osDisk"], "deleteOption": "Delete"}},
        "networkProfile": {"networkInterfaces": interfaces},
    }


def made_of(vm: Vm) -> str:
    """What tells an image of this VM from that of another one, later, of the same name."""
    return content(vm.id, vm.unique_id)


def _tags(vm: Vm) -> dict[str, str]:
    return {CONTENT_TAG: made_of(vm)}


def stack_lines(image_id: str, machine: Machine) -> list[str]:
    """What a stack file says to use the image."""
    lines = [f"azure-scaleset:os: {machine.os}", f"azure-scaleset:image: {image_id}"]
    if machine.security == "TrustedLaunch":
        lines += ["azure-scaleset:security:", "  type: TrustedLaunch"]
    if machine.plan:
        lines += ["azure-scaleset:overrides:", "  plan:", *(f"    {part}: {value}" for part, value in machine.plan.items())]
    return lines
