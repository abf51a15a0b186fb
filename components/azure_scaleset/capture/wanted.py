"""The image that is to be made of a VM: where it goes and what ARM is told. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from azure_scaleset.capture.vm import Vm
from azure_scaleset.images.artifact import CONTENT_TAG, Artifact
from azure_scaleset.images.source import content, storage_profile
from azure_scaleset.images.versions import wanted_problem
from azure_scaleset.rules.gallery import DEFINITION_NAME, GALLERY_NAME, plain

_GALLERY_ID = re.compile(r"(/subscriptions/[^/]+/resourceGroups/[^/]+)/providers/Microsoft\.Compute/galleries/([^/]+)", re.IGNORECASE)
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
    if wanted.gallery and wanted.gallery.startswith("/") and not _GALLERY_ID.fullmatch(wanted.gallery.rstrip("/")):
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
    """A definition that says what the VM is. Of a VM of trusted launch Azure takes an image for trusted launch alone (T25), of any other one for none."""
    properties: dict[str, Any] = {
        "osType": vm.os,
        "osState": "Generalized",
        "hyperVGeneration": vm.generation,
        "architecture": vm.architecture,
        "features": [{"name": "SecurityType", "value": "TrustedLaunch"}] if vm.security == "TrustedLaunch" else [],
        "identifier": {"publisher": "azure-scaleset", "offer": definition, "sku": definition},
    }
    if vm.plan:
        properties["purchasePlan"] = {name: vm.plan[name] for name in ("name", "publisher", "product") if name in vm.plan}
    return {"location": vm.location, "properties": properties}


def version(vm: Vm, definition: str, number: str, regions: Sequence[str]) -> Artifact:
    """The version: its tag says which VM it is of, so that the same command finds it again."""
    others = [each for each in dict.fromkeys(regions) if plain(each) != plain(vm.location)]
    profile = {"targetRegions": [{"name": each, "regionalReplicaCount": 1} for each in (vm.location, *others)]}
    properties = {"storageProfile": storage_profile({"virtual_machine_id": vm.id}), "publishingProfile": profile}
    return Artifact(f"{definition}/versions/{number}", {"location": vm.location, "tags": _tags(vm), "properties": properties})


def managed_image(vm: Vm, name: str) -> Artifact:
    """The managed image."""
    properties = {"sourceVirtualMachine": {"id": vm.id}, "hyperVGeneration": vm.generation}
    return Artifact(managed_image_id(vm.id, name), {"location": vm.location, "tags": _tags(vm), "properties": properties})


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


def stack_lines(image_id: str, os: str, security: str, plan: Mapping[str, str] | None) -> list[str]:
    """What a stack file says to use the image."""
    lines = [f"azure-scaleset:os: {os}", f"azure-scaleset:image: {image_id}"]
    if security == "TrustedLaunch":
        lines += ["azure-scaleset:security:", "  type: TrustedLaunch"]
    if plan:
        lines += [
            "azure-scaleset:overrides:",
            "  plan:",
            *(f"    {name}: {plan[name]}" for name in ("name", "publisher", "product") if name in plan),
        ]
    return lines
