"""What a message adds for some properties: what goes with it, and the arithmetic of later upgrades."""

from collections.abc import Mapping
from typing import Any

from azure_scaleset.rules.effect import Reach
from azure_scaleset.rules.effects_difference import Change
from azure_scaleset.rules.effects_row import Case, Row
from azure_scaleset.rules.effects_when import in_batches, reach_by_policy
from azure_scaleset.rules.rolling import rolling_policy
from azure_scaleset.rules.value import mapping

_MOST = 5


def detail(change: Change, row: Row, old: Mapping[str, Any], new: Mapping[str, Any], how: Reach) -> str:
    """The addition for *change* by *row*, with its own "; "; empty for most."""
    if row.path == "tags":
        return _gone(
            sorted(str(name) for name in set(mapping(change.old)) - set(mapping(change.new))), "whoever set it", "whoever set them"
        )
    if row.path == "identity.userAssignedIdentities":
        return _gone(_names_gone(change), "and what used it gets no more tokens", "and what used them gets no more tokens")
    later = reach_by_policy(old, how.instances, rolling_policy(new), how.mode)
    if row.path == "upgradePolicy.rollingUpgradePolicy" and later.instances != 0:
        return f": {_instances(later)}{in_batches(later)}"
    if row.case is Case.AUTOMATIC_UPGRADE:
        return f"; from then on Azure upgrades it by itself, {in_batches(later)}, whatever the upgrade mode"
    return ""


def _instances(later: Reach) -> str:
    count = later.instances
    return "" if count is None else "1 instance " if count == 1 else f"{count} instances "


def _names_gone(change: Change) -> list[str]:
    before, after = (
        {item.casefold(): item for item in value if isinstance(item, str)} if isinstance(value, list | tuple) else {}
        for value in (change.old, change.new)
    )
    return sorted(before[key].rpartition("/")[2] for key in set(before) - set(after))


def _gone(names: list[str], one: str, several: str) -> str:
    if not names:
        return ""
    told = ", ".join(names[:_MOST]) + (f" and {len(names) - _MOST} more" if len(names) > _MOST else "")
    return f"; {told} {f'goes, {one}' if len(names) == 1 else f'go, {several}'}"
