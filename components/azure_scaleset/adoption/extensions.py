"""The extensions of a scale set that exists, as arguments. Pure."""

from collections.abc import Mapping
from typing import Any

from azure_scaleset.extensions import application_health
from azure_scaleset.extensions.arguments import ApplicationHealth
from azure_scaleset.extensions.context import OperatingSystem
from azure_scaleset.rules.value import get, items
from azure_scaleset.shape import fields, read_fields

HEALTH = frozenset({"ApplicationHealthLinux", "ApplicationHealthWindows"})
"""Types of the extension that reports the application's health. It has no protected settings."""

_CUSTOM = {
    "publisher": "publisher",
    "type": "type",
    "typeHandlerVersion": "version",
    "settings": "settings",
    "forceUpdateTag": "forceUpdateTag",
    "enableAutomaticUpgrade": "enableAutomaticUpgrade",
    "suppressFailures": "suppressFailures",
}
"""Property of azure-native -> key of a `custom` extension."""
_OTHER = {"name", "autoUpgradeMinorVersion", "provisionAfterExtensions", "protectedSettingsFromKeyVault", "protectedSettings"}


def extensions_of(inputs: Mapping[str, Any], system: str) -> tuple[list[dict[str, Any]], bool]:
    """The extensions as arguments, and whether that says all of them: where it doesn't, the list belongs into the overrides."""
    found = [item for _, item in items(inputs, "virtualMachineProfile.extensionProfile.extensions")]
    return [_extension(item, system) for item in found], all(_is_expressed(item) for item in found)


def _is_expressed(extension: Mapping[str, Any]) -> bool:
    told = isinstance(extension.get("typeHandlerVersion"), str) and extension.get("provisionAfterExtensions") != []
    return told and {"publisher", "type", "autoUpgradeMinorVersion"} <= set(extension) <= {*_CUSTOM, *_OTHER}


def _extension(extension: Mapping[str, Any], system: str) -> dict[str, Any]:
    common: dict[str, Any] = {"name": extension.get("name")}
    health = _health(extension, system)
    # The health extension comes after the scripts where nothing is said.
    if extension.get("provisionAfterExtensions") or health is not None:
        common["after"] = list(extension.get("provisionAfterExtensions") or [])
    if health is not None:
        return {"applicationHealth": health, **common}
    custom = {key: extension[name] for name, key in _CUSTOM.items() if name in extension}
    if extension.get("autoUpgradeMinorVersion") is not True:
        custom["autoUpgradeMinorVersion"] = extension.get("autoUpgradeMinorVersion")
    vault = extension.get("protectedSettingsFromKeyVault")
    if vault is not None:
        custom["protectedSettingsFromKeyVault"] = {"secretUrl": get(vault, "secretUrl"), "sourceVaultId": get(vault, "sourceVault.id")}
    return {"custom": custom, **common}


def _health(extension: Mapping[str, Any], system: str) -> dict[str, Any] | None:
    """The arguments of `applicationHealth` that make just this extension; None where there are none."""
    settings = extension.get("settings")
    if extension.get("type") not in HEALTH or not isinstance(settings, Mapping):
        return None
    given = {**settings, "version": extension.get("typeHandlerVersion")}
    wrong: list[str] = []
    arguments: Any = read_fields(given, fields(ApplicationHealth), "", wrong)
    if not wrong:
        application_health.check(arguments, "", wrong)
    if wrong:
        return None
    expected = {"autoUpgradeMinorVersion": True, **application_health.define(arguments, OperatingSystem(system))}
    return (
        given if expected == {key: value for key, value in extension.items() if key not in ("name", "provisionAfterExtensions")} else None
    )
