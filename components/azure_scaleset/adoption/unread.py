"""What Azure never shows of a scale set, and whether the arguments have it. Pure."""

import re
from collections.abc import Mapping
from typing import Any

import pulumi

from azure_scaleset.arguments import ScaleSetArgs
from azure_scaleset.extensions import definitions

PASSWORD = "admin.password"
CUSTOM_DATA = "customData"
_PROTECTED = re.compile(r"^extensions\.(?P<name>.+)\.protectedSettings$")
_SET = "pulumi config set --secret --path 'azure-scaleset:{}'"
_NEVER_SHOWN = frozenset({"adminPassword", "customData", "userData", "protectedSettings"})
"""Properties that an answer of Azure leaves out. (It shows userData to who asks for it, and azure-native doesn't.)"""


def protected_settings(extension: str) -> str:
    """The entry for the protected settings of an extension of this name."""
    return f"extensions.{extension}.protectedSettings"


def problems(args: ScaleSetArgs) -> list[str]:
    """What is wrong with the entries themselves."""
    return [
        f"adopt.unread[{index}] is {entry!r}. Expected {PASSWORD}, {CUSTOM_DATA} or extensions.NAME.protectedSettings."
        for index, entry in enumerate(args["adopt"].get("unread", []))
        if entry not in (PASSWORD, CUSTOM_DATA) and not _PROTECTED.match(entry)
    ]


def missing(args: ScaleSetArgs) -> dict[str, str]:
    """The entries that have no value in the arguments, each with the command that gives it one."""
    found = {entry: _command(entry, args) for entry in args["adopt"].get("unread", [])}
    return {entry: command for entry, command in found.items() if command is not None}


def left_out(inputs: Any) -> Any:
    """*inputs* of a scale set, with outputs in them or not, without what Azure never shows."""
    if isinstance(inputs, pulumi.Output):
        return inputs.apply(left_out)
    if isinstance(inputs, Mapping):
        return {key: left_out(value) for key, value in inputs.items() if key not in _NEVER_SHOWN}
    return [left_out(item) for item in inputs] if isinstance(inputs, list) else inputs


def _command(entry: str, args: ScaleSetArgs) -> str | None:
    if entry == PASSWORD:
        return None if "password" in args["admin"] else _SET.format(PASSWORD)
    if entry == CUSTOM_DATA:
        return None if "custom_data" in args or "cloud_init" in args else _SET.format(CUSTOM_DATA)
    match = _PROTECTED.match(entry)
    for index, item in enumerate(args.get("extensions", []) if match else []):
        # Another kind of extension brings what it protects itself, and one that is gone needs nothing.
        if definitions.name_of(item) == match["name"] and "custom" in item and not _is_protected(item["custom"]):  # type: ignore[index]
            return _SET.format(f"extensions[{index}].custom.protectedSettings.KEY")
    return None


def _is_protected(custom: Mapping[str, Any]) -> bool:
    return "protected_settings" in custom or "protected_settings_from_key_vault" in custom
