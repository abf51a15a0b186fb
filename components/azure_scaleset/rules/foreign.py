"""Rules of what others have added to a living scale set, and a full PUT takes away: Azure Policy, Defender and Monitor add extensions, identities and tags."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from azure_scaleset.rules.facts import EXTENSIONS
from azure_scaleset.rules.rule import Found, Subject, Target
from azure_scaleset.rules.value import get, items, known, mapping, text

_rules = Subject("What others added", Target.LIVING)

_SYSTEM = "SystemAssigned"


@dataclass(frozen=True)
class Living:
    """A scale set that an update changes."""

    old: Any
    """Its inputs up to now."""
    new: Any
    """Those of the update."""
    live: Any
    """The set as Azure has it, in azure-native's output shape."""


@_rules.warning("T16", "What others added to a scale set is in the program too.", source="azure-native's full PUT; operating experience")
def foreign(living: Living) -> Iterator[Found]:
    """An update removes extensions, tags and identities that its inputs don't have. Azure compares their names without regard to letter case."""
    for path, what, names in (
        (EXTENSIONS, "The extension", _extensions),
        ("identity", "The identity", _identities),
        ("tags", "The tag", _tags),
    ):
        own = {name.casefold() for inputs in (living.old, living.new) for name in names(inputs)}
        for name in sorted({name for name in names(living.live) if name.casefold() not in own} if known(living.new, path) else ()):
            yield Found(path, f"{what} {name!r} was added by somebody else; this update removes it.", "Add it to the program to keep it.")


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
