"""What others have added to a living scale set, and a full PUT takes away: Azure Policy, Defender and Monitor add extensions, identities and tags (T16)."""

from collections.abc import Iterator, Mapping
from typing import Any

from azure_scaleset.rules.problem import Problem, Severity
from azure_scaleset.rules.value import get, items, mapping, text

_SOURCE = "T16: azure-native updates with a full PUT"


def foreign(old: Any, new: Any, live: Any) -> list[Problem]:
    """A warning for each extension, tag and user-assigned identity of *live* (the set as Azure has it, in azure-native's output shape) that neither the inputs
    *old* nor *new* have: the update to *new* removes it."""
    return [
        _warning(path, f"{what} {name!r} was added by somebody else; this update removes it.")
        for path, what, names in (
            ("virtualMachineProfile.extensionProfile.extensions", "The extension", _extensions),
            ("identity.userAssignedIdentities", "The identity", _identities),
            ("tags", "The tag", _tags),
        )
        for name in sorted(set(names(live)) - {key for inputs in (old, new) for key in names(inputs)})
    ]


def _warning(path: str, message: str) -> Problem:
    return Problem("T16", Severity.WARNING, path, message, "Add it to the program to keep it.", _SOURCE)


def _extensions(inputs: Any) -> Iterator[str]:
    for _, extension in items(inputs, "virtualMachineProfile.extensionProfile.extensions"):
        name = text(get(extension, "name"))
        if name is not None:
            yield name


def _identities(inputs: Any) -> Iterator[str]:
    given = get(inputs, "identity.userAssignedIdentities")
    for identity in given if isinstance(given, list | tuple | Mapping) else ():
        if isinstance(identity, str):
            yield identity.lower()


def _tags(inputs: Any) -> Iterator[str]:
    return (name for name in mapping(get(inputs, "tags")) if isinstance(name, str))
