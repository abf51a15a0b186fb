"""What azure-native fills in when the program leaves it out: names, the location, the API version."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from offline.arm.http import Json
from offline.arm.shapes import properties
from offline.plugin.tokens import ResourceType
from offline.plugin.values import UNKNOWN, Unknown, has_unknowns

CREATE_BEFORE_DELETE = "__createBeforeDelete"
"""An input that marks names made at random: only such a resource can exist twice, so only it is created before it is deleted."""


@dataclass(frozen=True)
class Naming:
    """What a request says about names: the resource's name in the program, the seed, and the engine's auto-naming configuration."""

    logical_name: str
    seed: bytes = b""
    mode: Literal["default", "propose", "enforce", "disable"] = "default"
    proposed: str = ""


def fill_in(
    of: ResourceType, inputs: Json, old: Json, naming: Naming, location: str | None, group_location: Callable[[str], str | None]
) -> Json:
    """The inputs with defaults. `location` is the provider's configured one, `group_location` finds that of a resource group in Azure."""
    filled = dict(inputs)
    if of.name not in filled:
        filled |= _name(of, old, naming)
    known = properties(of.inputs).get("location")
    if "location" not in filled and known is not None and not known[1].read_only:
        found = _location(filled, old, location, group_location)
        filled |= {} if found is None else {"location": found}
    if of.api_version:
        filled.setdefault("azureApiVersion", of.api_version)
    return filled


def _name(of: ResourceType, old: Json, naming: Naming) -> Json:
    if of.name in old:
        return {name: old[name] for name in (of.name, CREATE_BEFORE_DELETE) if name in old}
    if naming.mode == "disable":
        return {}
    if naming.mode == "enforce" or (naming.mode == "propose" and of.naming != "uuid"):
        return {of.name: naming.proposed, CREATE_BEFORE_DELETE: True}
    if of.naming == "copy":
        return {of.name: naming.logical_name}
    digits = hashlib.sha256(naming.seed).hexdigest() if naming.seed else secrets.token_hex(16)
    name = str(uuid.UUID(digits[:32])) if of.naming == "uuid" else naming.logical_name + digits[:8]
    return {of.name: name, CREATE_BEFORE_DELETE: True}


def _location(inputs: Json, old: Json, configured: str | None, group_location: Callable[[str], str | None]) -> str | Unknown | None:
    if "location" in old:
        return str(old["location"])
    if configured:
        return configured
    group = inputs.get("resourceGroupName")
    if group is None or has_unknowns(group):
        return UNKNOWN if group is not None else None
    return group_location(group)
