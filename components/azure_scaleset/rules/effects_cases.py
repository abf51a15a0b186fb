"""Which case of the table a change is."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from azure_scaleset.images.reference import ImageKind
from azure_scaleset.rules.effects_canonical import canonical
from azure_scaleset.rules.effects_difference import Change
from azure_scaleset.rules.effects_row import Case
from azure_scaleset.rules.facts import (
    EXTENSIONS,
    HEALTH_LINUX,
    HEALTH_WINDOWS,
    IMAGE,
    INTERFACES,
    PROFILE,
    flexible,
    handler,
    image_kind,
    is_true,
)
from azure_scaleset.rules.value import boolean, mapping, maps, same, text

Inputs = Mapping[str, Any]
_NETWORK_OF_SUBNET = re.compile(r"^(.*/virtualNetworks/[^/]+)/subnets/[^/]+/?$", re.IGNORECASE)


def case_of(change: Change, old: Inputs, new: Inputs) -> Case:
    """The case of *change*, a change from *old* to *new* in which nothing is unknown: one of the cases of its rows."""
    special = _CASES.get(next(iter(change.rows.values())).path)
    case = special(change, old, new) if special else None
    if case is None:
        case = _presence(change, old, new)
    return case if case is not None and case in change.rows else Case.ANY


def _presence(change: Change, old: Inputs, new: Inputs) -> Case | None:
    if canonical(change.old, change.pattern, old) is None:
        return Case.SET
    return Case.REMOVED if canonical(change.new, change.pattern, new) is None else None


def _image(change: Change, old: Inputs, new: Inputs) -> Case | None:
    before, after = image_kind(old), image_kind(new)
    if before is None or after is None:
        return None
    if before is not after:
        return Case.IMAGE_KIND if ImageKind.PLATFORM in (before, after) else Case.IMAGE_RESOURCE
    if flexible(new):
        return Case.FLEXIBLE
    names = ("publisher", "offer", "sku")
    return Case.IMAGE_NAME if any(_text(change.old, name) != _text(change.new, name) for name in names) else None


def _text(value: Any, name: str) -> str:
    return (text(mapping(value).get(name)) or "").casefold()


def _zones(change: Change, old: Inputs, new: Inputs) -> Case | None:
    return Case.ZONES_ADDED if _texts(change.old) <= _texts(change.new) else None


def _texts(value: Any) -> set[str]:
    return {item for item in value if isinstance(item, str)} if isinstance(value, list | tuple) else set()


def _one_group(change: Change, old: Inputs, new: Inputs) -> Case | None:
    return Case.TO_ONE_GROUP if boolean(change.new) is True else None


def _flexible(change: Change, old: Inputs, new: Inputs) -> Case | None:
    return Case.FLEXIBLE if flexible(new) else None


def _size(change: Change, old: Inputs, new: Inputs) -> Case | None:
    return Case.TO_MIX if same(change.new, "Mix") else None


def _repair(change: Change, old: Inputs, new: Inputs) -> Case | None:
    enabled = "automaticRepairsPolicy.enabled"
    return Case.ACTION_WHILE_ENABLED if is_true(old, enabled) and is_true(new, enabled) else None


def _mode(change: Change, old: Inputs, new: Inputs) -> Case | None:
    return next((case for name, case in _MODES.items() if same(change.new, name)), Case.ANY)


_MODES = {"Manual": Case.TO_MANUAL, "Rolling": Case.TO_ROLLING, "Automatic": Case.TO_AUTOMATIC}


def _enabled(change: Change, old: Inputs, new: Inputs) -> Case | None:
    return Case.ENABLED if boolean(change.new) is True else Case.ANY


def _security(change: Change, old: Inputs, new: Inputs) -> Case | None:
    standard = change.old is None or same(change.old, "Standard")
    return Case.TO_TRUSTED_LAUNCH if standard and same(change.new, "TrustedLaunch") else None


def _subnet(change: Change, old: Inputs, new: Inputs) -> Case | None:
    before, after = (_NETWORK_OF_SUBNET.match(text(mapping(value).get("id")) or "") for value in (change.old, change.new))
    return Case.OTHER_NETWORK if before and after and before[1].casefold() != after[1].casefold() else None


_SETTINGS = ("settings", "protectedSettings", "protectedSettingsFromKeyVault")


def _extension(change: Change, old: Inputs, new: Inputs) -> Case | None:
    """The case that says most of what the instance does: which handler, then what makes it run, then the rest."""
    before, after = mapping(change.old), mapping(change.new)
    if not after:
        return Case.WAITED_FOR if _waited_for(before.get("name"), new) else Case.REMOVED
    if not before:
        return Case.SET
    differ = {key for key in {*before, *after} if _differs(change, key, old, new)}
    if differ & {"publisher", "type"}:
        return Case.OTHER_HANDLER
    if "protectedSettings" in differ and not after.get("protectedSettings") and not after.get("protectedSettingsFromKeyVault"):
        return Case.PROTECTED_LOST
    if differ.intersection(_SETTINGS):
        return Case.SETTINGS
    if "typeHandlerVersion" in differ and handler(after) in (HEALTH_LINUX, HEALTH_WINDOWS) and _major(before) != _major(after):
        return Case.HEALTH_MODEL
    if "forceUpdateTag" in differ and after.get("forceUpdateTag") is not None:
        return Case.FORCED
    return Case.AUTOMATIC_UPGRADE if "enableAutomaticUpgrade" in differ and is_true(after, "enableAutomaticUpgrade") else Case.ANY


def _differs(change: Change, key: str, old: Inputs, new: Inputs) -> bool:
    pattern = f"{change.pattern}.{key}"
    return canonical(mapping(change.old).get(key), pattern, old) != canonical(mapping(change.new).get(key), pattern, new)


def _major(extension: Mapping[str, Any]) -> str:
    return str(extension.get("typeHandlerVersion")).partition(".")[0]


def _waited_for(name: Any, new: Inputs) -> bool:
    return any(
        same(name, waited) if isinstance(waited, str) else False
        for _, extension in maps(new, EXTENSIONS)
        for waited in _texts(extension.get("provisionAfterExtensions"))
    )


_CASES: Mapping[str, Callable[[Change, Inputs, Inputs], Case | None]] = {
    "zones": _zones,
    "singlePlacementGroup": _one_group,
    "proximityPlacementGroup": _flexible,
    "sku.name": _size,
    "automaticRepairsPolicy.repairAction": _repair,
    "upgradePolicy.mode": _mode,
    "upgradePolicy.automaticOSUpgradePolicy.enableAutomaticOSUpgrade": _enabled,
    f"{PROFILE}.securityProfile.securityType": _security,
    IMAGE: _image,
    f"{INTERFACES}[].ipConfigurations[].subnet": _subnet,
    f"{EXTENSIONS}[]": _extension,
}
"""Path of a row -> the function that names the case, or None where presence decides."""
