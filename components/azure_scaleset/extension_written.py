"""Whether an extension of a scale set is the one that an update wrote. Azure shows all of it but the protected settings."""

import operator
from collections.abc import Iterable, Mapping
from typing import Any

import pulumi

from azure_scaleset.payload.digest import digest, short
from azure_scaleset.secrecy import as_text
from azure_scaleset.shape import normalise

_SHOWN = ("publisher", "type", "typeHandlerVersion", "forceUpdateTag", "settings")


def shown_digest(definition: "pulumi.Output[dict[str, Any]]") -> "pulumi.Output[str]":
    """A digest of what Azure shows of an extension that is written by *definition*."""
    result: pulumi.Output[str] = pulumi.Output.all(**parts(definition, _SHOWN)).apply(_digest)
    return result


def parts(definition: "pulumi.Output[dict[str, Any]]", keys: Iterable[str]) -> "dict[str, pulumi.Output[Any]]":
    """The properties *keys* of a definition, each by itself; None for one that it doesn't have."""
    return {key: definition.apply(operator.methodcaller("get", key)) for key in keys}


def check_written(name: str, model: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    """The gate's `Check`: the scale set's model has the extension as this update wrote it."""
    profile = (model.get("properties") or {}).get("virtualMachineProfile") or {}
    extensions = (profile.get("extensionProfile") or {}).get("extensions") or ()
    found = next((each.get("properties") or {} for each in extensions if each.get("name") == wanted["extension"]), None)
    if found is None or _digest(found) != wanted["shown"]:
        state = "has no" if found is None else "has another"
        raise RuntimeError(
            f"The scale set {name} {state} extension {wanted['extension']} than this update's. It was left out of the update (--target), or somebody else wrote it "
            "or the scale set (a full PUT of a set removes extensions that it doesn't name). Next: pulumi refresh, then pulumi up without --target."
        )


def _digest(shown: Mapping[str, Any]) -> str:
    return short(digest(as_text({key: normalise(shown[key]) for key in _SHOWN if shown.get(key) is not None})), 24)
