"""Whether a source fits the definition that a version is made for."""

from __future__ import annotations

from offline.arm.compute.images import managed
from offline.arm.compute.images.gallery import VERSION, security_of
from offline.arm.compute.images.image import SUPPORTED, TRUSTED_LAUNCH
from offline.arm.compute.images.sources import Source
from offline.arm.errors import bad_request, conflict
from offline.arm.http import Json

_FOR_SUPPORTED = ("blob", managed.NAME.lower(), VERSION.lower(), "community")


def check(source: Source, definition: Json) -> None:
    """B12: system, OS state, generation, architecture and security type of the source are the definition's. Azure names one mistake at a time."""
    properties = definition["properties"]
    resource = f"The resource with id '{source.id}'"
    pairs = (
        ("OS type", source.content.os, properties["osType"]),
        ("OS state", source.state or properties["osState"], properties["osState"]),
        ("architecture", source.content.architecture, properties["architecture"]),
    )
    for what, has, expected in pairs:
        if has != expected:
            raise bad_request(
                "BadRequest", f"{resource} has a different {what} ['{has}'] than the parent gallery image {what} ['{expected}']."
            )
    if source.content.generation != properties["hyperVGeneration"]:
        raise conflict(
            "Conflict",
            f"{resource} has a different Hypervisor generation ['{source.content.generation}'] than the parent gallery image Hypervisor generation "
            f"['{properties['hyperVGeneration']}'].",
        )
    _check_security(source, security_of(definition))


def _check_security(source: Source, wanted: str | None) -> None:
    """A machine of Trusted Launch makes Trusted Launch images only, and an image for both kinds comes from a disk without their guest state (T25)."""
    if wanted in SUPPORTED and source.type not in _FOR_SUPPORTED:
        raise bad_request(
            "InvalidParameter",
            f"The security type '{wanted}' is not supported for the source id '{source.id}'. Currently only Vhd Blob, User Image and Gallery Image "
            f"Version sources are supported for '{wanted}' images.",
            "features",
        )
    has = TRUSTED_LAUNCH if source.security == TRUSTED_LAUNCH else None
    if (has == TRUSTED_LAUNCH) != (wanted == TRUSTED_LAUNCH):
        raise bad_request(
            "BadRequest",
            f"The resource with id '{source.id}' has a different security type ['{has or 'Standard'}'] than the parent gallery image security type "
            f"['{wanted or 'Standard'}'].",
        )
