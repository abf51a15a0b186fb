"""The table of what the ARM server knows, for `docs/offline-azure.md`: `python -m offline.arm.coverage` prints it."""

from __future__ import annotations

import offline.arm.types  # noqa: F401 - fills the registry
from offline.arm.registry import TYPES, ResourceType, none_built_in


def table() -> list[str]:
    """The lines of the Markdown table: one type a line, in order of name."""
    head = ["| Type | Written | Actions | Views |", "|---|---|---|---|"]
    return head + [_line(each) for each in sorted(TYPES.values(), key=lambda each: each.name.lower())]


def _line(resource_type: ResourceType) -> str:
    of_actions = {**resource_type.actions, **resource_type.actions_before}
    actions, views = (", ".join(f"`{name}`" for name in sorted(names)) for names in (of_actions, resource_type.views))
    return f"| `{resource_type.name}` | {_written(resource_type)} | {actions} | {views} |"


def _written(resource_type: ResourceType) -> str:
    parent = resource_type.name.split("/")[-2]
    if resource_type.built_in is not none_built_in:
        return "by its id, some made by Azure" if resource_type.writable else "read only, made by Azure"
    if resource_type.collection is None:
        return "by its id" if resource_type.writable else "read only, made by its parent"
    return f"in `{parent}` or by its id" if resource_type.writable else f"in `{parent}`"


if __name__ == "__main__":
    print("\n".join(table()))
