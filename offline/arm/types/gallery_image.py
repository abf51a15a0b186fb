"""Microsoft.Compute/galleries/images: image definitions. They say what the versions are; most of it can't be changed."""

from __future__ import annotations

import re

from azure.mgmt.compute import models

from offline.arm import provisioning
from offline.arm.compute.durations import GALLERY_SECONDS
from offline.arm.compute.images.gallery import DEFINITION, security_of
from offline.arm.errors import bad_request, conflict
from offline.arm.http import Json
from offline.arm.registry import Context, ResourceType, register

_NAME = re.compile(r"^(?=.{1,80}$)[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$")
_SECURITY = (
    "TrustedLaunch",
    "TrustedLaunchSupported",
    "TrustedLaunchAndConfidentialVmSupported",
    "ConfidentialVM",
    "ConfidentialVmSupported",
)
_FIXED = ("osType", "osState", "hyperVGeneration", "architecture", "identifier", "purchasePlan")
_TRUSTED_BY_DEFAULT = "2025-03-03"
"""From this API version a definition that says nothing is of generation 2 and supports Trusted Launch (Y3)."""


def _put(context: Context, new: Json, old: Json | None) -> Json:
    if not _NAME.match(context.id.name):
        raise bad_request(
            "InvalidParameter",
            f"The entity name 'galleryImageName' is invalid according to its validation rule: '{context.id.name}'.",
            "galleryImageName",
        )
    before = (old or {}).get("properties") or {}
    properties = {**_defaults(context, new["properties"]), **{name: before[name] for name in _FIXED if name in before}, **new["properties"]}
    _check_security(properties)
    for name in _FIXED:
        if old is not None and properties.get(name) != before.get(name):
            raise _refused_change(name)
    if old is not None and security_of({"properties": properties}) != security_of(old):
        raise _refused_change("features")
    _check_identifier(context, properties["identifier"])
    return provisioning.begin(context, {**new, "properties": properties}, old, GALLERY_SECONDS)


def _defaults(context: Context, given: Json) -> Json:
    if context.request.query["api-version"] < _TRUSTED_BY_DEFAULT:
        return {"hyperVGeneration": "V1", "architecture": "x64"}
    generation = given.get("hyperVGeneration") or "V2"
    features = [{"name": "SecurityType", "value": "TrustedLaunchSupported"}] if generation == "V2" else []
    return {"hyperVGeneration": generation, "architecture": "x64", "features": features}


def _check_security(properties: Json) -> None:
    """Y4."""
    kind = security_of({"properties": properties})
    if kind in (None, "Standard"):
        return
    if kind not in _SECURITY:
        raise bad_request(
            "InvalidParameter", f"The value '{kind}' of feature 'SecurityType' is invalid: {', '.join(_SECURITY)}.", "features"
        )
    if properties["hyperVGeneration"] != "V2":
        raise bad_request(
            "InvalidParameter",
            f"The feature 'SecurityType' with value '{kind}' is supported for Hypervisor generation 'V2' only.",
            "features",
        )


def _check_identifier(context: Context, identifier: Json) -> None:
    """Y2: unique in the gallery."""
    wanted = tuple(str(identifier[part]).lower() for part in ("publisher", "offer", "sku"))
    for other in context.store.resources(f"{context.id.parent}/images/", DEFINITION):
        theirs = other["properties"]["identifier"]
        if other["id"].lower() != context.id.key and tuple(str(theirs[part]).lower() for part in ("publisher", "offer", "sku")) == wanted:
            raise conflict(
                "Conflict",
                f"The gallery image '{other['name']}' has the same publisher, offer and sku: they identify one gallery image of a gallery.",
                "galleryImage.properties.identifier",
            )


def _refused_change(name: str) -> Exception:
    target = f"galleryImage.properties.{name}"
    return conflict("PropertyChangeNotAllowed", f"Changing property '{target}' is not allowed.", target)


register(
    ResourceType(
        DEFINITION,
        models.GalleryImage,
        on_put=_put,
        patch_model=models.GalleryImageUpdate,
        nested_first=True,
    )
)
