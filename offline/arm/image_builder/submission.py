"""What Image Builder refuses of a template. Some of it at once; the rest it finds out while it takes the template in, which then is `Failed` and must be deleted."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from offline.arm import faults, roles
from offline.arm.blob_service import BlobError, fetch
from offline.arm.compute import images
from offline.arm.compute.images.gallery import security_of
from offline.arm.compute.tree import dig
from offline.arm.errors import ArmError, bad_request
from offline.arm.http import Json
from offline.arm.image_builder.template import Template

_FOR = {"Shell": "Linux", "PowerShell": "Windows", "WindowsRestart": "Windows", "WindowsUpdate": "Windows", "File": None}
_TIMEOUTS = range(6, 961)
_ONLY = ("TrustedLaunch", "ConfidentialVM")
"""Image Builder builds on images that support these security types, not on those that are for them alone."""


def refuse(body: Json) -> None:
    """B1, B3, B5, B7: what the form of a template says."""
    identity, properties = body["identity"], body["properties"]
    assigned = identity.get("userAssignedIdentities") or {}
    if identity.get("type") != "UserAssigned" or len(assigned) != 1:
        raise _invalid("A template needs exactly one user-assigned identity, which reads the source and writes the image.", "identity")
    timeout = properties.get("buildTimeoutInMinutes") or 0
    if timeout != 0 and timeout not in _TIMEOUTS:
        raise _invalid(f"buildTimeoutInMinutes is {timeout}: 0 (240 minutes) or 6-960 is expected.", "properties.buildTimeoutInMinutes")
    names = [each["runOutputName"] for each in properties["distribute"]]
    if not names or len(set(names)) < len(names):
        raise _invalid("A template needs a distribute target at least, each with a runOutputName of its own.", "properties.distribute")
    steps = [("customize", each) for each in properties.get("customize") or []]
    steps += [("validate.inVMValidations", each) for each in (properties.get("validate") or {}).get("inVMValidations") or []]
    for path, step in steps:
        _check_step(step, f"properties.{path}")
    for each in properties["distribute"]:
        if each["type"] == "SharedImage" and bool(each.get("targetRegions")) == bool(each.get("replicationRegions")):
            raise _invalid("Exactly one of targetRegions and replicationRegions is expected.", "properties.distribute.targetRegions")


def _check_step(step: Json, path: str) -> None:
    if step["type"] in ("Shell", "PowerShell") and bool(step.get("inline")) == bool(step.get("scriptUri")):
        raise _invalid(f"Step '{step.get('name')}': exactly one of inline and scriptUri is expected.", path)
    if step["type"] == "File" and not (step.get("sourceUri") and step.get("destination")):
        raise _invalid(f"Step '{step.get('name')}': sourceUri and destination are expected.", path)
    if step.get("runAsSystem") and not step.get("runElevated"):
        raise _invalid(f"Step '{step.get('name')}': runAsSystem needs runElevated.", path)
    if step.get("sha256Checksum") and not (step.get("scriptUri") or step.get("sourceUri")):
        raise _invalid(f"Step '{step.get('name')}': sha256Checksum needs scriptUri or sourceUri.", path)


def _invalid(message: str, target: str) -> ArmError:
    return bad_request("ValidationFailed", f"Validation failed: {message}", target)


def examine(template: Template) -> Json | None:
    """T23: what the template's identity finds now: source, scripts, the right to write the image. Gives the provisioning error, None when all is well."""
    try:
        image = template.source()
    except ArmError as refusal:
        kind = template.properties["source"]["type"]
        code = {"PlatformImage": "BadPIRSource", "ManagedImage": "BadManagedImageSource"}.get(kind, "BadSharedImageVersionSource")
        return _error(code, refusal.message)
    if image.state != images.GENERALIZED:
        return _error("BadSharedImageVersionSource", "The source image is specialized: only generalized images can be built on.")
    if image.security in _ONLY:
        return _error("BadSharedImageVersionSource", f"The security type '{image.security}' is not supported for a source image.")
    return _sources(template) or _steps(template, image.os) or _targets(template, image)


def _sources(template: Template) -> Json | None:
    """What the identity must be able to read, and the network that it must be able to put machines into."""
    source = template.properties["source"]
    named = source.get("imageId") or source.get("imageVersionId")
    if named:
        action = "Microsoft.Compute/images/read" if source["type"] == "ManagedImage" else "Microsoft.Compute/galleries/images/versions/read"
        problem = _right(template, named, action)
        if problem is not None:
            return problem
    subnet = dig(template.properties, "vmProfile.vnetConfig.subnetId")
    if not subnet:
        return None
    network = subnet.partition("/subnets/")[0]
    return _right(template, subnet, "Microsoft.Network/virtualNetworks/subnets/join/action") or _right(
        template, network, "Microsoft.Network/virtualNetworks/read"
    )


def _steps(template: Template, system: str) -> Json | None:
    for step in template.customizers + template.validators:
        wanted = _FOR[step["type"]]
        if wanted not in (None, system):
            return _error("UnsupportedCustomizerType", f"The step type '{step['type']}' is for {wanted}, the source image is {system}.")
        uri = step.get("scriptUri") or step.get("sourceUri")
        if not uri:
            continue
        try:
            content = fetch(template.store, uri, [template.principal], template.store.now())
        except BlobError as error:
            message = f"Downloading the file '{uri.partition('?')[0]}' failed: {error.status} {error.code}."
            return _error("NoValidatorScript" if step in template.validators else "NoCustomizerScript", message)
        wanted_digest = step.get("sha256Checksum")
        if content is not None and wanted_digest and hashlib.sha256(content).hexdigest() != wanted_digest:
            return _error("BadCustomizerType", f"The SHA-256 checksum of '{uri.partition('?')[0]}' is not '{wanted_digest}'.")
    return None


def _targets(template: Template, image: images.Image) -> Json | None:
    for each in template.distributors:
        problem = _target(template, each, image)
        if problem is not None:
            return problem
    return None


def _target(template: Template, target: Json, image: images.Image) -> Json | None:
    if target["type"] == "ManagedImage":
        group = target["imageId"].partition("/providers/")[0]
        return _right(template, group, "Microsoft.Compute/images/write")
    if target["type"] != "SharedImage":
        return None
    definition_id = target["galleryImageId"].partition("/versions/")[0]
    definition = template.store.get(definition_id)
    if definition is None:
        return _error("BadSharedImageDistribute", f"The gallery image '{definition_id}' was not found.")
    has, wanted = image.generation, definition["properties"]["hyperVGeneration"]
    if has != wanted:
        return _error(
            "BadSharedImageDistribute",
            "Validation failed: Error with Hyper-V Version validation (cross-generation for multiple Hyper-V Versions is not supported). The provided "
            f"SIG: {definition_id}, has a different Hyper-V Generation: {wanted}, than source image: {has}.",
        )
    for what, ours, theirs in (("OS type", image.os, "osType"), ("OS state", images.GENERALIZED, "osState")):
        if definition["properties"][theirs] != ours:
            return _error(
                "BadSharedImageDistribute", f"The {what} of '{definition_id}' is {definition['properties'][theirs]}, the image's is {ours}."
            )
    if definition["properties"]["architecture"] != image.content.architecture:
        return _error(
            "BadSharedImageDistribute",
            f"The architecture of '{definition_id}' is {definition['properties']['architecture']}, the image's is {image.content.architecture}.",
        )
    security = security_of(definition)
    # Source and target support trusted launch, or neither does.
    if security in _ONLY or (security in images.SUPPORTED) != (image.security in images.SUPPORTED):
        return _error(
            "BadSharedImageDistribute",
            f"The security type of '{definition_id}' is '{security or 'Standard'}', the source image's is '{image.security or 'Standard'}': this is not supported.",
        )
    return _right(template, definition_id, "Microsoft.Compute/galleries/images/versions/write")


def _right(template: Template, scope: str, action: str) -> Json | None:
    since = template.store.now() - timedelta(seconds=faults.roles_delay(template.store))
    if roles.may(template.store, template.principal, scope, action, since):
        return None
    return _error(
        "Unauthorized",
        f"Not authorized to access the resource: {scope}. Please check the user assigned identity has the correct permissions: '{action}' is missing. "
        "For more details, go to https://aka.ms/azvmimagebuilderts.",
    )


def _error(code: str, message: str) -> Json:
    return {"provisioningErrorCode": code, "message": message}
