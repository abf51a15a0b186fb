"""Rules of the order of extensions."""

from collections.abc import Iterator, Mapping
from typing import Any

from azure_scaleset.rules.extensions import extension_name
from azure_scaleset.rules.facts import EXTENSIONS, HEALTH_LINUX, HEALTH_WINDOWS, SETS_UP, extensions
from azure_scaleset.rules.rule import Found, Subject
from azure_scaleset.rules.value import UNKNOWN, known

_rules = Subject("Order of extensions")

_SEQUENCING = "acd:virtual-machine-scale-sets/virtual-machine-scale-sets-extension-sequencing.md"


@_rules.error("X3", "provisionAfterExtensions names extensions of the same model.", source=_SEQUENCING)
def order_known(inputs: Any) -> Iterator[Found]:
    """An extension that is managed as a resource of its own can't be waited for by the model."""
    given = {extension_name(extension) for _, extension in extensions(inputs)}
    if not known(inputs, EXTENSIONS) or any(extension.get("name") is UNKNOWN for _, extension in extensions(inputs)):
        return
    for path, extension in extensions(inputs):
        for place, name in _after(extension):
            if name.casefold() not in given:
                names = [str(each["name"]) for _, each in extensions(inputs) if extension_name(each)]
                yield Found(
                    f"{path}.{place}",
                    f"provisionAfterExtensions names {name!r}. Expected the name of an extension of this model: {', '.join(names)}.",
                    "Correct the name, or add the extension.",
                )


@_rules.error("X3", "The order of extensions doesn't go in a circle.", source=_SEQUENCING)
def order_without_circle(inputs: Any) -> Iterator[Found]:
    """An extension that waits for itself is a circle too."""
    after = {name: _after_names(extension) for _, extension in extensions(inputs) if (name := extension_name(extension)) is not None}
    circle = [
        str(extension["name"])
        for _, extension in extensions(inputs)
        if (name := extension_name(extension)) and name in _all_after(name, after)
    ]
    if circle:
        yield Found(
            EXTENSIONS, f"provisionAfterExtensions of {', '.join(circle)} goes in a circle. Expected an order.", "Remove one of the links."
        )


@_rules.warning("X3", "An extension for which others wait has settings, be they empty.", source=f"{_SEQUENCING} against tests of TF")
def waited_for_settings(inputs: Any) -> Iterator[Found]:
    """Azure's documentation of the order asks for it; tests of Terraform deploy without."""
    waited_for = {name for _, extension in extensions(inputs) for name in _after_names(extension)}
    for path, extension in extensions(inputs):
        if extension_name(extension) in waited_for and extension.get("settings") is None:
            yield Found(
                f"{path}.settings",
                f"settings is absent, and another extension waits for {extension['name']!r}. Expected settings, be they {{}}.",
                "Add `settings: {}`.",
            )


@_rules.warning("H6", "The health extension comes after the extensions that set the machine up.", source=_SEQUENCING)
def health_last(inputs: Any) -> Iterator[Found]:
    """Until the application is there it can only report that it isn't."""
    after = {name: _after_names(extension) for _, extension in extensions(inputs) if (name := extension_name(extension)) is not None}
    set_up = {
        name: str(extension["name"]) for _, extension in extensions(inputs, *SETS_UP) if (name := extension_name(extension)) is not None
    }
    if not all(known(extension, "provisionAfterExtensions") for _, extension in extensions(inputs)):
        return
    for path, extension in extensions(inputs, HEALTH_LINUX, HEALTH_WINDOWS):
        own = extension_name(extension)
        missing = [told for name, told in set_up.items() if own is not None and name not in _all_after(own, after)]
        if missing:
            yield Found(
                f"{path}.provisionAfterExtensions",
                f"provisionAfterExtensions doesn't name {', '.join(missing)}. Expected it to: health is reported from the start, before the application is set up.",
                f"Add {', '.join(missing)} to provisionAfterExtensions.",
            )


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
