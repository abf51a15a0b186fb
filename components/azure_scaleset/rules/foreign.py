"""What others have added to a living scale set, and a full PUT takes away: Azure Policy, Defender and Monitor add extensions, identities and tags (T16)."""

from collections.abc import Iterator, Mapping
from typing import Any

from azure_scaleset.rules.facts import EXTENSIONS
from azure_scaleset.rules.problem import Problem, Severity
from azure_scaleset.rules.value import get, items, known, mapping, text

_SOURCE = "T16: azure-native updates with a full PUT"
_SYSTEM = "SystemAssigned"


def foreign(old: Any, new: Any, live: Any) -> list[Problem]:
    """A warning for each extension, tag and identity of *live* (the set as Azure has it, in azure-native's output shape) that neither the inputs *old* nor *new*
    have: the update to *new* removes it. Azure compares their names without regard to letter case. Nothing is said of what *new* doesn't tell yet."""
    found = []
    for path, what, names in (
        (EXTENSIONS, "The extension", _extensions),
        ("identity", "The identity", _identities),
        ("tags", "The tag", _tags),
    ):
        own = {name.casefold() for inputs in (old, new) for name in names(inputs)}
        added = {name for name in names(live) if name.casefold() not in own}
        found += [_warning(path, what, name) for name in sorted(added) if known(new, path)]
    return found


def _warning(path: str, what: str, name: str) -> Problem:
    message = f"{what} {name!r} was added by somebody else; this update removes it."
    return Problem("T16", Severity.WARNING, path, message, "Add it to the program to keep it.", _SOURCE)


def _extensions(inputs: Any) -> Iterator[str]:
    for _, extension in items(inputs, EXTENSIONS):
        name = text(get(extension, "name"))
        if name is not None:
            yield name


def _identities(inputs: Any) -> Iterator[str]:
    if _SYSTEM.casefold() in (text(get(inputs, "identity.type")) or "").casefold():
        yield _SYSTEM
    given = get(inputs, "identity.userAssignedIdentities")
    yield from (identity for identity in (given if isinstance(given, list | tuple | Mapping) else ()) if isinstance(identity, str))


def _tags(inputs: Any) -> Iterator[str]:
    return (name for name in mapping(get(inputs, "tags")) if isinstance(name, str))
