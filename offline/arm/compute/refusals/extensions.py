"""Extensions: what the service refuses before any handler runs."""

from __future__ import annotations

import re
from collections import Counter
from graphlib import CycleError

from offline.arm.compute import guest
from offline.arm.compute.model import ScaleSet
from offline.arm.compute.refusals.missing import Check, invalid, missing
from offline.arm.compute.tree import dig, seconds
from offline.arm.errors import ArmError, bad_request
from offline.arm.http import Json

_OS = {
    ("microsoft.azure.extensions", "customscript"): "Linux",
    ("microsoft.ostcextensions", "customscriptforlinux"): "Linux",
    ("microsoft.managedservices", "applicationhealthlinux"): "Linux",
    ("microsoft.compute", "customscriptextension"): "Windows",
    ("microsoft.powershell", "dsc"): "Windows",
    ("microsoft.managedservices", "applicationhealthwindows"): "Windows",
}
_NO_AUTOMATIC_UPGRADE = {
    ("microsoft.azure.extensions", "customscript"),
    ("microsoft.compute", "customscriptextension"),
    ("microsoft.powershell", "dsc"),
}


def _handler(extension: Json) -> tuple[str, str]:
    properties = extension.get("properties") or {}
    return str(properties.get("publisher", "")).lower(), str(properties.get("type", "")).lower()


def complete(scale_set: ScaleSet) -> None:
    """Each extension names itself, its publisher, type and version."""
    for extension in scale_set.extensions:
        if not extension.get("name"):
            raise missing("extension.name")
        for field in ("publisher", "type", "typeHandlerVersion"):
            if not dig(extension, f"properties.{field}"):
                raise missing(f"extension.properties.{field}")


def unique(scale_set: ScaleSet) -> None:
    """X1, X2."""
    names = Counter(extension["name"].lower() for extension in scale_set.extensions)
    handlers: set[tuple[str, str]] = set()
    for extension in scale_set.extensions:
        if names[extension["name"].lower()] > 1:
            raise bad_request(
                "InvalidParameter", f"The extension name '{extension['name']}' is used more than once.", "extensionProfile.extensions.name"
            )
        if _handler(extension) in handlers:
            properties = extension["properties"]
            raise bad_request(
                "BadRequest",
                f"Multiple VMExtensions per handler not supported for OS type '{scale_set.image.os}'. VMExtension '{extension['name']}' with handler "
                f"'{properties['publisher']}.{properties['type']}' already added or specified in input.",
            )
        handlers.add(_handler(extension))


def sequence(scale_set: ScaleSet) -> None:
    """X3: what is waited for is in the model, has settings, and no circle is closed."""
    by_name = {extension["name"]: extension["properties"] for extension in scale_set.extensions}
    for name, properties in by_name.items():
        for before in properties.get("provisionAfterExtensions") or []:
            if before == name or before not in by_name:
                raise bad_request(
                    "InvalidParameter",
                    f"Extension '{name}' is to be provisioned after '{before}', which is no other extension of the virtual machine scale set.",
                    "provisionAfterExtensions",
                )
            if by_name[before].get("settings") is None:
                raise missing(f"extension '{before}' settings")
    try:
        guest.run_order(scale_set.extensions)
    except CycleError as error:
        raise bad_request(
            "InvalidParameter", "The provisionAfterExtensions of the extensions form a cycle.", "provisionAfterExtensions"
        ) from error


def handler(scale_set: ScaleSet) -> None:
    """X4, X5, X8, H4: a version of two numbers, a handler for the image's OS, automatic upgrade where the handler has it."""
    for extension in scale_set.extensions:
        properties, of = extension["properties"], _handler(extension)
        version = properties["typeHandlerVersion"]
        system = _OS.get(of)
        if not re.match(r"^\d+\.\d+$", version) or (system is not None and system != scale_set.image.os):
            raise ArmError(
                404,
                "NotFound",
                f"The VM extension with publisher '{properties['publisher']}' and type '{properties['type']}', type handler version '{version}' "
                f"could not be found in the extension repository of location '{scale_set.body.get('location')}' for OS type '{scale_set.image.os}'.",
            )
        if properties.get("enableAutomaticUpgrade") and of in _NO_AUTOMATIC_UPGRADE:
            raise bad_request(
                "OperationNotAllowed",
                f"Extension '{properties['publisher']}.{properties['type']}' does not support enableAutomaticUpgrade.",
                "enableAutomaticUpgrade",
            )


def time_budget(scale_set: ScaleSet) -> None:
    """X12."""
    budget = dig(scale_set.profile, "extensionProfile.extensionsTimeBudget")
    if budget is not None and not 15 * 60 <= (seconds(budget) or 0) <= 120 * 60:
        raise invalid("extensionProfile.extensionsTimeBudget")


def allowed(scale_set: ScaleSet) -> None:
    """N18."""
    profile = scale_set.profile.get("osProfile") or {}
    operations = profile.get("allowExtensionOperations", True)
    agent = [dig(profile, f"{system}Configuration.provisionVMAgent") for system in ("linux", "windows")]
    if (False in agent and operations is not False) or (operations is False and scale_set.extensions):
        raise invalid("osProfile.allowExtensionOperations")


CHECKS: list[Check] = [complete, unique, sequence, handler, time_budget, allowed]
