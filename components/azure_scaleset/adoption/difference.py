"""The overrides that make one set of inputs from another: the inverse of `model.merge`. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from azure_scaleset.model import merge


def overrides(made: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """What `merge` puts over *made* to get *wanted*."""
    found: dict[str, Any] = {
        key: _change(made[key], value) if key in made else value for key, value in wanted.items() if made.get(key) != value
    }
    return found | dict.fromkeys(key for key in made if key not in wanted)


def paths(value: Any, path: str = "") -> Iterator[str]:
    """The places that overrides change, a list as a whole."""
    if isinstance(value, Mapping) and value:
        for key, item in value.items():
            yield from paths(item, f"{path}.{key}" if path else str(key))
    else:
        yield path


def _change(made: Any, wanted: Any) -> Any:
    if isinstance(made, Mapping) and isinstance(wanted, Mapping):
        return overrides(made, wanted)
    if isinstance(made, list) and isinstance(wanted, list) and len(made) <= len(wanted):
        change = _of_items(made, wanted)
        # Another order, one name twice: the list is given whole then.
        if change is not None and merge(made, change) == wanted:
            return change
    return wanted


def _of_items(made: list[Any], wanted: list[Any]) -> dict[str, Any] | None:
    """The changes of items by the names that they are made with; None where they have no names."""
    if not all(isinstance(item, Mapping) and isinstance(item.get("name"), str) for item in (*made, *wanted)):
        return None
    changed = {old["name"]: overrides(old, new) for old, new in zip(made, wanted, strict=False) if old != new}
    return changed | {new["name"]: new for new in wanted[len(made) :]}
