"""A case of a rule: a small edit of a valid model that violates it, and one that doesn't."""

import copy
import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

REMOVED = object()
"""In an edit: the property is taken away."""

Edit = Mapping[str, Any]
"""Path -> value. A path is azure-native's: `sku.capacity`, `zones[1]`; an index one past the end appends."""


@dataclass(frozen=True)
class Case:
    """One violation of a rule, and its passing counterpart: at the boundary where the rule has one."""

    rule: str
    """Name of the rule's function."""
    on: Any
    """The valid model: without any problem."""
    wrong: Edit
    """What violates the rule."""
    at: str
    """Path of the problem."""
    right: Edit
    """What doesn't."""
    given: Edit = field(default_factory=dict)
    """Edits of the model before either."""
    says: str = ""
    """Part of the message."""
    also: tuple[str, ...] = ()
    """Ids of rules that speak in both cases, about what the rule is about."""
    name: str = ""
    """Tells it from other cases of the rule."""


def edited(model: Any, *edits: Edit) -> Any:
    """A copy of *model* with *edits* made."""
    result = copy.deepcopy(model)
    for edit in edits:
        for path, value in edit.items():
            _set(result, [int(part[1:-1]) if part[0] == "[" else part for part in re.findall(r"\[\d+\]|[^.\[\]]+", path)], value)
    return result


def _set(owner: Any, keys: list[Any], value: Any) -> None:
    for key, following in itertools.pairwise(keys):
        if isinstance(key, str) and owner.get(key) is None:
            owner[key] = [] if isinstance(following, int) else {}
        elif isinstance(key, int) and key == len(owner):
            owner.append([] if isinstance(following, int) else {})
        owner = owner[key]
    if value is REMOVED:
        del owner[keys[-1]]
    elif isinstance(keys[-1], int) and keys[-1] == len(owner):
        owner.append(copy.deepcopy(value))
    else:
        owner[keys[-1]] = copy.deepcopy(value)
