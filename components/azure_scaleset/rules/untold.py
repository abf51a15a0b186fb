"""What Azure takes and never tells again: passwords, custom data, protected settings."""

from collections.abc import Mapping
from typing import Any

from azure_scaleset.rules.facts import PROFILE
from azure_scaleset.rules.resource_kind import ResourceKind
from azure_scaleset.rules.value import UNKNOWN, get

_OF_ANSWERS = "provisioningState"
"""Azure writes it into each of its answers, and nobody sends it."""


def with_untold(inputs: Any, kind: ResourceKind) -> Any:
    """*inputs* of a resource of *kind*; where they are an answer of Azure's, `UNKNOWN` stands for what the resource may have and an answer leaves out."""
    if get(inputs, _OF_ANSWERS) is None:
        return inputs
    if kind is ResourceKind.EXTENSION:
        return _filled(inputs, "protectedSettings")
    profile = get(inputs, PROFILE)
    return {**inputs, PROFILE: _profile(profile)} if kind is ResourceKind.SCALE_SET and isinstance(profile, Mapping) else inputs


def _profile(profile: Mapping[str, Any]) -> dict[str, Any]:
    filled = _filled(profile, "userData")
    if isinstance(profile.get("osProfile"), Mapping):
        filled["osProfile"] = _filled(profile["osProfile"], "adminPassword", "customData")
    extensions = get(profile, "extensionProfile.extensions")
    if isinstance(extensions, list):
        told = [_filled(each, "protectedSettings") if isinstance(each, Mapping) else each for each in extensions]
        filled["extensionProfile"] = {**profile["extensionProfile"], "extensions": told}
    return filled


def _filled(given: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {**given, **{name: UNKNOWN for name in names if given.get(name) is None}}
