"""Rules of the extensions of a model together: names, order, what they share."""

from collections.abc import Iterator, Mapping
from typing import Any

from azure_scaleset.rules.duration import HOUR, MINUTE, outside
from azure_scaleset.rules.facts import (
    CUSTOM_SCRIPT_LINUX,
    CUSTOM_SCRIPT_LINUX_V1,
    EXTENSIONS,
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
from azure_scaleset.rules.value import UNKNOWN, get, known, text

_rules = Subject("Extensions of a model")

_SEQUENCING = "acd:virtual-machine-scale-sets/virtual-machine-scale-sets-extension-sequencing.md"
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
        name = _name(extension)
        if name is not None and name in seen:
            yield Found(
                f"{path}.name",
                f"name is {extension['name']!r}, as another extension's. Expected a name of its own.",
                "Rename one of the two.",
            )
        elif name is not None:
            seen.add(name)


@_rules.error("X3", "provisionAfterExtensions names extensions of the same model.", source=_SEQUENCING)
def order_known(inputs: Any) -> Iterator[Found]:
    """An extension that is managed as a resource of its own can't be waited for by the model."""
    given = {_name(extension) for _, extension in extensions(inputs)}
    if not known(inputs, EXTENSIONS) or any(extension.get("name") is UNKNOWN for _, extension in extensions(inputs)):
        return
    for path, extension in extensions(inputs):
        for place, name in _after(extension):
            if name.casefold() not in given:
                names = sorted(each for each in given if each)
                yield Found(
                    f"{path}.{place}",
                    f"provisionAfterExtensions names {name!r}. Expected the name of an extension of this model: {', '.join(names)}.",
                    "Correct the name, or add the extension.",
                )


@_rules.error("X3", "The order of extensions doesn't go in a circle.", source=_SEQUENCING)
def order_without_circle(inputs: Any) -> Iterator[Found]:
    """An extension that waits for itself is a circle too."""
    after = {name: _after_names(extension) for _, extension in extensions(inputs) if (name := _name(extension)) is not None}
    remaining = dict(after)
    while remaining:
        free = [name for name, others in remaining.items() if not others & remaining.keys()]
        if not free:
            yield Found(
                EXTENSIONS,
                f"provisionAfterExtensions of {', '.join(sorted(remaining))} goes in a circle. Expected an order.",
                "Remove one of the links.",
            )
            return
        for name in free:
            del remaining[name]


@_rules.warning("X3", "An extension for which others wait has settings, be they empty.", source=f"{_SEQUENCING} against tests of TF")
def waited_for_settings(inputs: Any) -> Iterator[Found]:
    """Azure's documentation of the order asks for it; tests of Terraform deploy without."""
    waited_for = {name for _, extension in extensions(inputs) for name in _after_names(extension)}
    for path, extension in extensions(inputs):
        if _name(extension) in waited_for and extension.get("settings") is None:
            yield Found(
                f"{path}.settings",
                f"settings is absent, and another extension waits for {extension['name']!r}. Expected settings, be they {{}}.",
                "Add `settings: {}`.",
            )


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


@_rules.warning("H6", "The health extension comes after the extensions that set the machine up.", source=_SEQUENCING)
def health_last(inputs: Any) -> Iterator[Found]:
    """Until the application is there it can only report that it isn't."""
    after = {name: _after_names(extension) for _, extension in extensions(inputs) if (name := _name(extension)) is not None}
    set_up = [name for _, extension in extensions(inputs, *SETS_UP) if (name := _name(extension)) is not None]
    for path, extension in extensions(inputs, HEALTH_LINUX, HEALTH_WINDOWS):
        own = _name(extension)
        if own is None or not known(extension, "provisionAfterExtensions"):
            continue
        missing = [name for name in set_up if name not in _all_after(own, after)]
        if missing and not any(each.get("provisionAfterExtensions") is UNKNOWN for _, each in extensions(inputs)):
            yield Found(
                f"{path}.provisionAfterExtensions",
                f"provisionAfterExtensions doesn't name {', '.join(missing)}. Expected it to: health is reported from the start, before the application is set up.",
                f"Add {', '.join(missing)} to provisionAfterExtensions.",
            )


def _name(extension: Mapping[str, Any]) -> str | None:
    name = text(extension.get("name"))
    return None if name is None else name.casefold()


def _after(extension: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    given = extension.get("provisionAfterExtensions")
    if isinstance(given, list):
        for index, name in enumerate(given):
            if isinstance(name, str):
                yield f"provisionAfterExtensions[{index}]", name


def _after_names(extension: Mapping[str, Any]) -> set[str]:
    return {name.casefold() for _, name in _after(extension)}


def _all_after(name: str, after: Mapping[str, set[str]]) -> set[str]:
    """The names of all extensions that come before *name*."""
    found: set[str] = set()
    waiting = list(after.get(name, ()))
    while waiting:
        other = waiting.pop()
        if other not in found:
            found.add(other)
            waiting.extend(after.get(other, ()))
    return found
