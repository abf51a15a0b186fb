"""Values in a form in which equal means the same to Azure."""

import json
from collections.abc import Mapping
from typing import Any

from azure_scaleset.rules.effects_properties import EXACT, ITEM_KEYS, SETS, beneath, default
from azure_scaleset.rules.value import UNKNOWN


def has_unknown(value: Any) -> bool:
    """Whether *value*, or a part of it, is unknown."""
    if isinstance(value, Mapping):
        return any(has_unknown(item) for item in value.values())
    if isinstance(value, list | tuple):
        return any(has_unknown(item) for item in value)
    return value is UNKNOWN


def item_key(item: Any, key: str) -> str | None:
    """What tells *item* of a list apart, letter case aside; None if it lacks it."""
    value = item.get(key) if isinstance(item, Mapping) else None
    return None if value is None or isinstance(value, Mapping | list | tuple) or value is UNKNOWN else _scalar(value, exact=False)


def by_key(items: Any, list_pattern: str) -> dict[str, Any] | None:
    """The items of a list under what tells them apart; None if some can't be told apart. An absent list has no items."""
    if items is None:
        return {}
    key = ITEM_KEYS.get(list_pattern)
    if key is None or not isinstance(items, list | tuple):
        return None
    keys = [item_key(item, key) for item in items]
    if None in keys or len(set(keys)) < len(keys):
        return None
    return {str(name): item for name, item in zip(keys, items, strict=True)}


def canonical(value: Any, pattern: str, inputs: Any) -> str | None:
    """The one text of *value*, a value of the property at *pattern* (`[]` for items) in a scale set with *inputs*.

    None for what is the same as leaving the property out: null, the default, an empty list or map. Integral floats are integers, lists without order
    are sorted. Without *inputs* (None) defaults count as values. UNKNOWN has a text as well: ask `has_unknown` first.
    """
    if isinstance(value, Mapping):
        found = {str(key): text for key, item in value.items() if (text := canonical(item, f"{pattern}.{key}", inputs)) is not None}
        result = json.dumps(found, sort_keys=True) if found else None
    elif isinstance(value, list | tuple):
        texts = [canonical(item, f"{pattern}[]", inputs) or "null" for item in value]
        without_order = pattern in SETS or by_key(value, pattern) is not None
        result = json.dumps(sorted(texts) if without_order else texts) if texts else None
    else:
        result = None if value is None else _scalar(_place(value) if pattern == "location" else value, beneath(pattern, EXACT))
    known = None if inputs is None else default(pattern, inputs)
    return None if known is not None and result == _text_of_default(known) else result


def _text_of_default(known: Any) -> str:
    return json.dumps([_scalar(item, exact=False) for item in known]) if isinstance(known, list) else _scalar(known, exact=False)


def _place(value: Any) -> Any:
    """A region's name as Azure compares it: "West Europe" is westeurope."""
    return value.replace(" ", "") if isinstance(value, str) else value


def _scalar(value: Any, exact: bool) -> str:
    if isinstance(value, str):
        return json.dumps(value if exact else value.casefold())
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return repr(value)
