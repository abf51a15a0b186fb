"""What an image is made of, as Azure has it: a VM, a managed image, a snapshot, and what each tells of the machines that an image of it makes. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from azure_scaleset.images.arguments import ImageSecurity

_SECURITY = {each.value.casefold(): each.value for each in ImageSecurity}
PLAN_PARTS = ("name", "publisher", "product")


@dataclass(frozen=True)
class Machine:
    """What a source tells of the machines that an image of it makes."""

    os: str
    """`Linux` or `Windows`; empty where Azure doesn't tell."""
    generation: str
    """`V1` or `V2`."""
    security: str | None = None
    """As image definitions name it. Of a VM and a snapshot: `Standard`, `TrustedLaunch` or `ConfidentialVM`. None of what doesn't tell: a managed image."""
    architecture: str | None = None
    """`x64` or `Arm64`; None where the source doesn't tell."""
    plan: Mapping[str, str] | None = None
    """`name`, `publisher` and `product` of the marketplace image that it comes from; None where that has no plan."""


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
    def words(self) -> str:
        """Its kind and name, for messages."""
        kind = "VM" if is_vm(self.id) else "snapshot" if is_snapshot(self.id) else "managed image"
        return f"the {kind} {self.id.rpartition('/')[2]}"


def read(body: Mapping[str, Any], disk: Mapping[str, Any] | None = None) -> LiveSource:
    """A VM (with its instance view), a managed image or a snapshot from Azure's answer. *disk*: that of a VM's managed OS disk, which tells its architecture."""
    source_id, properties = str(body["id"]), body.get("properties") or {}
    view = properties.get("instanceView") or {}
    # Of a snapshot, its own properties are the disk's.
    of_model = (properties.get("storageProfile") or {}).get("osDisk") or properties
    of_disk = (disk or {}).get("properties") or of_model
    codes = {str(status.get("code", "")).casefold() for status in view.get("statuses") or ()}
    return LiveSource(
        id=source_id,
        location=str(body["location"]),
        tells=Machine(
            os=str(of_model.get("osType") or of_disk.get("osType") or ""),
            generation=str(view.get("hyperVGeneration") or properties.get("hyperVGeneration") or of_disk.get("hyperVGeneration") or "V1"),
            security=_security(properties) if is_vm(source_id) or is_snapshot(source_id) else None,
            architecture=(of_disk.get("supportedCapabilities") or {}).get("architecture"),
            plan=plan_of(body.get("plan") or of_disk.get("purchasePlan")),
        ),
        unique_id=str(properties.get("vmId") or properties.get("uniqueId") or ""),
        generalized="osstate/generalized" in codes if is_vm(source_id) else True,
    )


def _security(properties: Mapping[str, Any]) -> str:
    stated = str((properties.get("securityProfile") or {}).get("securityType") or "Standard")
    # A disk of a confidential VM says how it is encrypted, too.
    return security_named(stated.partition("_")[0])


def security_named(stated: str) -> str:
    """A security type as `ImageSecurity` has it, in whatever case it is stated; one that isn't among these as it is stated."""
    return _SECURITY.get(stated.casefold(), stated)


def plan_of(stated: Mapping[str, Any] | None) -> dict[str, str] | None:
    """What a purchase plan says, without what else Azure tells of it; None where there is none."""
    return {part: str(stated[part]) for part in PLAN_PARTS if stated.get(part)} if stated else None


def is_vm(source_id: str) -> bool:
    """Whether an id is that of a VM."""
    return "/virtualmachines/" in source_id.casefold()


def is_snapshot(source_id: str) -> bool:
    """Whether an id is that of a snapshot."""
    return "/snapshots/" in source_id.casefold()
