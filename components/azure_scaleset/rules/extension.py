"""Rules of any one extension, in the model or as a resource of its own."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from azure_scaleset.payload.sensitive import find_sensitive
from azure_scaleset.rules.facts import CUSTOM_SCRIPT_LINUX, CUSTOM_SCRIPT_LINUX_V1, CUSTOM_SCRIPT_WINDOWS, DSC, SETS_UP, handler, is_true
from azure_scaleset.rules.rule import Found, Subject, Target
from azure_scaleset.rules.value import absent, get, mapping, one_of, same, text

_rules = Subject("An extension", Target.EXTENSION)

_VERSION = re.compile(r"\d+\.\d+")
_PUBLISHERS = {
    "customscript": "Microsoft.Azure.Extensions",
    "customscriptextension": "Microsoft.Compute",
    "customscriptforlinux": "Microsoft.OSTCExtensions",
    "applicationhealthlinux": "Microsoft.ManagedServices",
    "applicationhealthwindows": "Microsoft.ManagedServices",
    "dsc": "Microsoft.Powershell",
}


@_rules.error("X4", "The version of a handler is Major.Minor.", source="SDK39; MicrosoftDocs/azure-docs#10862")
def handler_version(extension: Any) -> Iterator[Found]:
    """Azure picks the build."""
    version = text(get(extension, "typeHandlerVersion"))
    if version is not None and not _VERSION.fullmatch(version):
        yield Found(
            "typeHandlerVersion",
            f"typeHandlerVersion is {version!r}. Expected Major.Minor, as '2.1'.",
            "Leave out what follows the second number.",
        )


@_rules.error("X5", "A type of handler has its own publisher.", source="MicrosoftDocs/azure-docs#10862")
def handler_publisher(extension: Any) -> Iterator[Found]:
    """Only publishers are judged that have a handler of another type here: others may have one of the same name."""
    publisher, kind = text(get(extension, "publisher")), text(get(extension, "type"))
    expected = _PUBLISHERS.get(kind.casefold()) if kind is not None else None
    if expected is None or publisher is None or same(publisher, expected):
        return
    if one_of(publisher, tuple(_PUBLISHERS.values())):
        yield Found(
            "publisher",
            f"publisher is {publisher!r} for type {kind!r}. Expected {expected!r}.",
            f"Take {expected}, or the type that {publisher} has.",
        )


@_rules.error("X6", "Protected settings come inline or from Key Vault, not both.", source="SDK34; TF")
def one_protected_source(extension: Any) -> Iterator[Found]:
    """Both are the same settings."""
    if mapping(get(extension, "protectedSettings")) and mapping(get(extension, "protectedSettingsFromKeyVault")):
        yield Found(
            "protectedSettingsFromKeyVault",
            "protectedSettings and protectedSettingsFromKeyVault are given. Expected one of the two.",
            "Remove one of the two.",
        )


@_rules.error("X6", "Protected settings from Key Vault name the secret and the vault.", source="SDK34; TF")
def key_vault_reference(extension: Any) -> Iterator[Found]:
    """Azure reads the secret at the vault that is named beside it."""
    for name in ("secretUrl", "sourceVault.id"):
        if mapping(get(extension, "protectedSettingsFromKeyVault")) and absent(extension, f"protectedSettingsFromKeyVault.{name}"):
            yield Found(
                f"protectedSettingsFromKeyVault.{name}", f"{name} is absent. Expected secretUrl and sourceVault.id.", f"Add {name}."
            )


@_rules.error(
    "X8", "Custom Script and DSC aren't upgraded automatically.", source="acd:virtual-machines/automatic-extension-upgrade.md; TF"
)
def automatic_upgrade(extension: Any) -> Iterator[Found]:
    """Other handlers aren't judged: the list of those which are grows."""
    if is_true(extension, "enableAutomaticUpgrade") and handler(mapping(extension)) in (CUSTOM_SCRIPT_LINUX, CUSTOM_SCRIPT_WINDOWS, DSC):
        yield Found(
            "enableAutomaticUpgrade",
            f"enableAutomaticUpgrade is true for {get(extension, 'type')}. Expected false: this handler isn't upgraded automatically.",
            "Remove it; autoUpgradeMinorVersion takes the newest minor version when the extension is deployed.",
        )


@_rules.warning("X11", "Failures of an extension that sets the machine up aren't suppressed.", source="SDK34")
def failures_suppressed(extension: Any) -> Iterator[Found]:
    """With it a deployment succeeds although the script failed."""
    if is_true(extension, "suppressFailures") and handler(mapping(extension)) in SETS_UP:
        yield Found(
            "suppressFailures",
            f"suppressFailures is true for {get(extension, 'type')}. Expected false: the deployment succeeds although the script failed.",
            "Remove it.",
        )


@_rules.warning("CL13", "Public settings hold no signature, key or password.", source="custom-script-linux")
def secret_in_public(extension: Any) -> Iterator[Found]:
    """Public settings are readable in the model. `script` is base64 and isn't searched."""
    settings: Mapping[str, Any] = mapping(get(extension, "settings"))
    for path in find_sensitive({key: value for key, value in settings.items() if key != "script"}, "settings"):
        yield Found(
            path,
            f"{path} holds a shared access signature, an account key or a private key in public settings. Expected it in protectedSettings.",
            "Move the whole property to protectedSettings.",
        )


@_rules.warning("CL14", "Custom Script for Linux is of version 2.", source="custom-script-linux")
def custom_script_version_1(extension: Any) -> Iterator[Found]:
    """Version 1 is deprecated."""
    if handler(mapping(extension)) == CUSTOM_SCRIPT_LINUX_V1:
        yield Found(
            "type",
            "CustomScriptForLinux is deprecated. Expected Microsoft.Azure.Extensions/CustomScript.",
            "Take CustomScript 2.1 with the same settings.",
        )
