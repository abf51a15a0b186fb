"""Rules of the extensions of a model together: names, order, what they share."""

from collections.abc import Iterator, Mapping
from typing import Any

from azure_scaleset.rules.duration import HOUR, MINUTE, outside
from azure_scaleset.rules.facts import (
    CUSTOM_SCRIPT_LINUX,
    CUSTOM_SCRIPT_LINUX_V1,
    HEALTH_LINUX,
    HEALTH_WINDOWS,
    PROFILE,
    SETS_UP,
    extensions,
    flexible,
    handler,
    is_false,
    is_true,
    windows,
)
from azure_scaleset.rules.rule import Found, Subject
from azure_scaleset.rules.value import get, text

_rules = Subject("Extensions of a model")

_SURPLUS = "doNotRunExtensionsOnOverprovisionedVMs"
_LINUX_HANDLERS = frozenset(
    [
        CUSTOM_SCRIPT_LINUX,
        CUSTOM_SCRIPT_LINUX_V1,
        "microsoft.ostcextensions/dscforlinux",
        "microsoft.ostcextensions/vmaccessforlinux",
        "microsoft.azure.monitor/azuremonitorlinuxagent",
        "microsoft.azure.keyvault/keyvaultforlinux",
        "microsoft.azure.monitoring.dependencyagent/dependencyagentlinux",
        "microsoft.azure.networkwatcher/networkwatcheragentlinux",
        "microsoft.azure.activedirectory/aadsshloginforlinux",
    ]
)
_WINDOWS_HANDLERS = frozenset(
    [
        "microsoft.compute/customscriptextension",
        "microsoft.powershell/dsc",
        "microsoft.compute/vmaccessagent",
        "microsoft.compute/jsonaddomainextension",
        "microsoft.azure.monitor/azuremonitorwindowsagent",
        "microsoft.azure.keyvault/keyvaultforwindows",
        "microsoft.azure.monitoring.dependencyagent/dependencyagentwindows",
        "microsoft.azure.networkwatcher/networkwatcheragentwindows",
        "microsoft.azure.activedirectory/aadloginforwindows",
    ]
)


@_rules.error(
    "X1",
    "A model has one extension of a publisher and type.",
    source="MicrosoftDocs/azure-docs#55085; Azure/azure-quickstart-templates#4493",
)
def one_of_a_handler(inputs: Any) -> Iterator[Found]:
    """Whatever their names."""
    first: dict[str, str] = {}
    for path, extension in extensions(inputs):
        kind = handler(extension)
        if kind is None:
            continue
        if kind in first:
            yield Found(
                path,
                f"{extension['publisher']}/{extension['type']} is the handler of {first[kind]} too. Expected one extension of a handler in a model.",
                "Join the two extensions.",
            )
        else:
            first[kind] = path.removeprefix(f"{PROFILE}.extensionProfile.")


@_rules.error("X2", "The names of a model's extensions differ.", source="ARM")
def names_differ(inputs: Any) -> Iterator[Found]:
    """Azure compares names without regard to letter case."""
    seen: set[str] = set()
    for path, extension in extensions(inputs):
        name = extension_name(extension)
        if name is not None and name in seen:
            yield Found(
                f"{path}.name",
                f"name is {extension['name']!r}, as another extension's. Expected a name of its own.",
                "Rename one of the two.",
            )
        elif name is not None:
            seen.add(name)


@_rules.error("X5", "An extension is for the system of the instances.", source="MicrosoftDocs/azure-docs#10862")
def handler_system(inputs: Any) -> Iterator[Found]:
    """Handlers that exist for one system only."""
    system = windows(inputs)
    if system is None:
        return
    wrong = _LINUX_HANDLERS if system else _WINDOWS_HANDLERS
    for path, extension in extensions(inputs):
        if handler(extension) in wrong:
            ours, theirs = ("Windows", "Linux") if system else ("Linux", "Windows")
            yield Found(
                f"{path}.type",
                f"{extension['publisher']}/{extension['type']} is for {theirs}, and the instances run {ours}. Expected an extension for {ours}.",
                f"Take the extension for {ours}, or remove it.",
            )


@_rules.error("X12", "The time for all extensions is 15 to 120 minutes.", source="SDK34; TF")
def time_budget(inputs: Any) -> Iterator[Found]:
    """Azure's default is PT1H30M."""
    path = f"{PROFILE}.extensionProfile.extensionsTimeBudget"
    value = get(inputs, path)
    if outside(value, 15 * MINUTE, 2 * HOUR):
        yield Found(
            path,
            f"extensionsTimeBudget is {value!r}. Expected PT15M to PT2H.",
            "Take a duration in these limits, or leave it out for PT1H30M.",
        )


@_rules.warning("X13", f"{_SURPLUS} goes with overprovisioning.", source="TF; acd design-overview")
def surplus_without_overprovisioning(inputs: Any) -> Iterator[Found]:
    """It has no meaning without."""
    if is_true(inputs, _SURPLUS) and is_false(inputs, "overprovision") and flexible(inputs) is False:
        yield Found(_SURPLUS, f"{_SURPLUS} is true, and overprovision is false. Expected it with overprovisioning only.", "Remove it.")


@_rules.warning("X14", "Extensions that set a machine up don't run on surplus machines.", source="acd design-overview")
def surplus_runs_extensions(inputs: Any) -> Iterator[Found]:
    """Azure makes more machines than asked for and deletes some again; what their scripts did elsewhere stays."""
    overprovision = get(inputs, "overprovision")
    if flexible(inputs) is not False or overprovision not in (None, True) or get(inputs, _SURPLUS) not in (None, False):
        return
    if next(extensions(inputs, *SETS_UP), None) is not None:
        yield Found(
            "overprovision",
            f"overprovision is {'true' if overprovision else 'absent, which means true'}, and extensions set the machines up. Expected false: they run on surplus machines too, which Azure then deletes.",
            f"Set overprovision to false, or {_SURPLUS} to true.",
        )


@_rules.error("CL14", "The two versions of Custom Script for Linux aren't in one model.", source="custom-script-linux")
def both_custom_scripts(inputs: Any) -> Iterator[Found]:
    """Version 2 replaces version 1."""
    second = next(extensions(inputs, CUSTOM_SCRIPT_LINUX), None)
    for path, _ in extensions(inputs, CUSTOM_SCRIPT_LINUX_V1):
        if second is not None:
            yield Found(
                path,
                "CustomScriptForLinux is given beside CustomScript. Expected one of the two.",
                "Move its settings to CustomScript, and remove it.",
            )


@_rules.error(
    "H4",
    "The health extension is that of the instances' system.",
    source="acd:virtual-machine-scale-sets/virtual-machine-scale-sets-health-extension.md",
)
def health_system(inputs: Any) -> Iterator[Found]:
    """There is one type for Linux and one for Windows."""
    system = windows(inputs)
    if system is None:
        return
    for path, _ in extensions(inputs, HEALTH_LINUX if system else HEALTH_WINDOWS):
        ours, theirs = ("Windows", "Linux") if system else ("Linux", "Windows")
        yield Found(
            f"{path}.type",
            f"type is 'ApplicationHealth{theirs}', and the instances run {ours}. Expected 'ApplicationHealth{ours}'.",
            f"Take ApplicationHealth{ours}.",
        )


def extension_name(extension: Mapping[str, Any]) -> str | None:
    """The name of *extension* in small letters: Azure compares names so."""
    name = text(extension.get("name"))
    return None if name is None else name.casefold()
