"""Changed values as a message shows them: short, on one line, and nothing sensitive."""

import json
from collections.abc import Collection, Mapping
from typing import Any

from azure_scaleset.rules.effects_canonical import canonical
from azure_scaleset.rules.effects_difference import PARENTS, Change
from azure_scaleset.rules.effects_properties import ITEM_KEYS, SENSITIVE, SENSITIVE_NAMES, SETS, beneath, default
from azure_scaleset.rules.facts import IMAGE
from azure_scaleset.rules.value import UNKNOWN, text

ABSENT = "absent"
"""Stands for a value that is not there."""
HIDDEN = "…"
"""Stands for a value that is not shown."""
_LONGEST = 64
_LISTS = SETS | frozenset(ITEM_KEYS)


def one_line(words: str) -> str:
    """*words* with every run of white space, line breaks too, as one space."""
    return " ".join(words.split())


def hidden(pattern: str, sensitive: Collection[str] = ()) -> bool:
    """Whether the property at *pattern* is not to be shown: by what it is, or because *sensitive* names it or what it is part of."""
    names = pattern.replace("[]", "").split(".")
    return beneath(pattern, SENSITIVE | frozenset(sensitive)) or not SENSITIVE_NAMES.isdisjoint(names)


def value_shown(value: Any, pattern: str, inputs: Any, sensitive: Collection[str] = ()) -> str:
    """*value* of the property at *pattern* of *inputs* in a few words: the default where it is left out, and hidden if it may hold anything sensitive."""
    if value is None:
        known = default(pattern, inputs)
        return ABSENT if known is None else f"{_scalar(known)} (default)"
    if value is UNKNOWN:
        return "not known yet"
    if hidden(pattern, sensitive) or any(beneath(other, frozenset({pattern})) for other in sensitive):
        return HIDDEN
    if pattern == IMAGE and isinstance(value, Mapping):
        return _image(value)
    if isinstance(value, Mapping) and set(value) == {"id"} and isinstance(value["id"], str):
        return _short(_tail(value["id"], 2))
    if pattern in PARENTS or isinstance(value, Mapping):
        return HIDDEN
    if isinstance(value, list | tuple):
        return _short(", ".join(_scalar(item) for item in value)) if all(isinstance(item, str | int | float) for item in value) else HIDDEN
    return _short(_tail(value, 2) if isinstance(value, str) else _scalar(value))


def change_shown(change: Change, old: Any, new: Any, sensitive: Collection[str] = ()) -> str:
    """What changes, for a message: `3 -> 5`, `(settings; forceUpdateTag)`, `+1, -3`; *old* and *new* are the whole inputs."""
    pattern, before, after = change.pattern, change.old, change.new
    if hidden(pattern, sensitive) or (pattern.endswith("[]") and None in (before, after)):
        return "set" if before is None else "removed" if after is None else "changed"
    if pattern in _LISTS:
        return _members(before, after, pattern)
    was, now = value_shown(before, pattern, old, sensitive), value_shown(after, pattern, new, sensitive)
    if HIDDEN in (was, now) and (isinstance(before, Mapping) or isinstance(after, Mapping)):
        return _parts(before, after, pattern, old, new, sensitive)
    one, other = _resource_id(before), _resource_id(after)
    if pattern != IMAGE and HIDDEN not in (was, now) and one is not None and other is not None:
        was, now = _apart(one, other), _apart(other, one)
    return "changed" if was == now else f"{was} -> {now}"


def _apart(one: str, other: str) -> str:
    """The end of resource id *one*, from where it parts from *other*; with the name of what it is."""
    parts, others = one.split("/"), other.split("/")
    common = next((index for index, (a, b) in enumerate(zip(parts, others, strict=False)) if a.casefold() != b.casefold()), len(parts) - 1)
    return _short(_tail(one, max(2, len(parts) - common + 1)))


def _resource_id(value: Any) -> str | None:
    found = text(value.get("id") if isinstance(value, Mapping) else value)
    return found if found is not None and found.startswith("/") else None


def _parts(before: Any, after: Any, pattern: str, old: Any, new: Any, sensitive: Collection[str]) -> str:
    one, other = (value if isinstance(value, Mapping) else {} for value in (before, after))
    parts = []
    for key in sorted({*one, *other}, key=str):
        place = f"{pattern}.{key}"
        if canonical(one.get(key), place, old) == canonical(other.get(key), place, new):
            continue
        was, now = value_shown(one.get(key), place, old, sensitive), value_shown(other.get(key), place, new, sensitive)
        parts.append(str(key) if HIDDEN in (was, now) else f"{key} {was} -> {now}")
    return f"({'; '.join(parts[:6])}{'; …' if len(parts) > 6 else ''})"


def _members(before: Any, after: Any, pattern: str) -> str:
    one, other = _names(before, pattern), _names(after, pattern)
    if one is None or other is None:
        return "changed"
    signed = [f"+{other[key]}" for key in sorted(set(other) - set(one))] + [f"-{one[key]}" for key in sorted(set(one) - set(other))]
    return _short(", ".join(signed), 3 * _LONGEST) or "changed"


def _names(value: Any, pattern: str) -> dict[str, str] | None:
    """Letter case aside -> as it is shown; None where an item has no name."""
    if value is not None and not isinstance(value, list | tuple):
        return None
    key = ITEM_KEYS.get(pattern)
    names = [item.get(key) if key and isinstance(item, Mapping) else item for item in value or ()]
    return (
        {name.casefold(): _tail(name, 2) for name in names if isinstance(name, str)}
        if all(isinstance(name, str) for name in names)
        else None
    )


def _image(reference: Mapping[str, Any]) -> str:
    """A platform image as URN, another one by the end of its id."""
    names = [text(reference.get(name)) for name in ("publisher", "offer", "sku", "version")]
    if names[0]:
        return _short(":".join(name or "" for name in names), 2 * _LONGEST)
    given = next(
        (found for name in ("id", "sharedGalleryImageId", "communityGalleryImageId") if (found := text(reference.get(name)))), None
    )
    return HIDDEN if given is None else _short("/".join(given.split("/")[-6:] if "/versions/" in given.lower() else given.split("/")[-2:]))


def _tail(name: str, parts: int) -> str:
    return "/".join(name.split("/")[-parts:]) if name.startswith("/") else name


def _scalar(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_scalar(item) for item in value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, str) else json.dumps(value, default=str)


def _short(words: str, longest: int = _LONGEST) -> str:
    line = one_line(words)
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
