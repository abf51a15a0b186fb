"""What an image is made of: a VM, a managed image, a snapshot or a VHD; as it is given, and as Azure has it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NotRequired, TypedDict

import pulumi

from azure_scaleset.images.reference import without_query
from azure_scaleset.payload.digest import digest, short
from azure_scaleset.rules.gallery import plain
from azure_scaleset.shape import one_of


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


def vhd_problem(uri: str) -> str | None:
    """What is wrong with the address of a VHD; None when nothing is. Pure."""
    if "?" not in uri:
        return None
    return (
        f"source.vhd.uri is {without_query(uri)!r}. Expected the blob's address without a query: Azure reads the blob by source.vhd.storageAccountId and takes no SAS (Z4), and "
        "a signature would be kept in the state. Leave out everything from the question mark on."
    )


@dataclass(frozen=True)
class Machine:
    """What a source tells of the machines that an image of it makes."""

    os: str
    """`Linux` or `Windows`."""
    generation: str
    """`V1` or `V2`."""
    trusted_launch: bool | None = None
    """Of a VM: whether it is of trusted launch. None of what machines of both kinds can be made from: a base image, a managed image."""
    architecture: str | None = None
    """`x64` or `Arm64`; None where the source doesn't tell: of a VM its disk does."""


@dataclass(frozen=True)
class LiveSource:
    """A source that Azure has."""

    id: str
    location: str
    tells: Machine
    unique_id: str = ""
    """Of this VM or snapshot: another one that is made later under the same name has another one."""
    generalized: bool = True
    """A VM that isn't can't become a generalized image; of the others nobody knows."""

    @property
    def name(self) -> str:
        """Its kind and name, for messages."""
        kind = "VM" if "/virtualmachines/" in self.id.casefold() else "snapshot" if "/snapshots/" in self.id.casefold() else "managed image"
        return f"the {kind} {self.id.rpartition('/')[2]}"


def read(body: Mapping[str, Any]) -> LiveSource:
    """A VM (with its instance view), a managed image or a snapshot from Azure's answer."""
    properties = body.get("properties") or {}
    view = properties.get("instanceView") or {}
    disk = (properties.get("storageProfile") or {}).get("osDisk") or properties
    security = (properties.get("securityProfile") or {}).get("securityType")
    codes = {str(status.get("code", "")).casefold() for status in view.get("statuses") or ()}
    return LiveSource(
        id=str(body["id"]),
        location=str(body["location"]),
        tells=Machine(
            str(disk.get("osType") or "Linux"),
            str(view.get("hyperVGeneration") or properties.get("hyperVGeneration") or "V1"),
            security == "TrustedLaunch" if _is_vm(body) or security else None,
            (disk.get("supportedCapabilities") or {}).get("architecture"),
        ),
        unique_id=str(properties.get("vmId") or properties.get("uniqueId") or ""),
        generalized="osstate/generalized" in codes if _is_vm(body) else True,
    )


def _is_vm(body: Mapping[str, Any]) -> bool:
    return "/virtualmachines/" in str(body["id"]).casefold()


_NOT_OF_A_STANDARD_VM = ("TrustedLaunch", "TrustedLaunchSupported", "TrustedLaunchAndConfidentialVmSupported", "ConfidentialVmSupported")


def refusals(source: LiveSource, location: str, definition: Mapping[str, Any] | None, *, managed: bool = False) -> list[str]:
    """Why no image of *source* can be made in *location*, as a version of *definition* (ARM's body, where it is known), or as a *managed* image. Pure."""
    found = []
    if not source.generalized:
        found.append(
            f"{source.name} is not generalized (V1): an image of it would not start. Next: scaleset capture {source.id}, which prepares it."
        )
    if plain(source.location) != plain(location):
        found.append(f"{source.name} is in {source.location}, and location is {location}. Expected the same region (Y5).")
    if managed and source.tells.trusted_launch:
        found.append(
            f"{source.name} is of trusted launch, and of such a VM Azure makes no managed image (G7, T25). Leave managedImage out."
        )
    if definition is None:
        return found
    properties = definition.get("properties") or {}
    name = str(definition.get("name"))
    if str(properties.get("osType", source.tells.os)).casefold() != source.tells.os.casefold():
        found.append(
            f"{source.name} is of {source.tells.os}, and the definition {name} of {properties['osType']} (B12). Take another definition."
        )
    generation = str(properties.get("hyperVGeneration") or "V1")
    if generation != source.tells.generation:
        found.append(
            f"{source.name} is of generation {source.tells.generation}, and the definition {name} of {generation} (B12). "
            f"Take a definition with generation {source.tells.generation}."
        )
    architecture = str(properties.get("architecture") or "x64")
    if source.tells.architecture not in (None, architecture):
        found.append(
            f"{source.name} is of {source.tells.architecture}, and the definition {name} of {architecture} (B12). "
            f"Take a definition with architecture {source.tells.architecture}."
        )
    # Of a snapshot Azure doesn't know which of the two it is.
    if properties.get("osState") == "Specialized" and "/snapshots/" not in source.id.casefold():
        found.append(
            f"The image of {source.name} is generalized, and the definition {name} is for specialized ones (B12). Take a definition with osState Generalized."
        )
    return found + _other_security(source, name, security_type(definition))


def _other_security(source: LiveSource, name: str, security: str) -> list[str]:
    """A machine of trusted launch makes images for trusted launch alone, any other machine none of these, and a machine none for both (T25)."""
    if source.tells.trusted_launch and security != "TrustedLaunch":
        return [
            f"{source.name} is a VM of trusted launch, and the definition {name} has the security type {security} (T25). "
            "Expected TrustedLaunch: take a definition with security TrustedLaunch."
        ]
    if source.tells.trusted_launch is False and security in _NOT_OF_A_STANDARD_VM:
        return [
            f"{source.name} is not of trusted launch, and the definition {name} has the security type {security} (T25). "
            "Expected Standard: take a definition with security Standard."
        ]
    return []


def security_type(definition: Mapping[str, Any]) -> str:
    """The security type of a definition, from ARM's body."""
    features = (definition.get("properties") or {}).get("features") or ()
    return next((str(each.get("value")) for each in features if str(each.get("name")).casefold() == "securitytype"), "Standard")


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
