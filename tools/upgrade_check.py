"""What a preview of an older version's state says against the new version: whether programs can take it. Pure."""

import re
from collections.abc import Mapping
from typing import Any

Json = Mapping[str, Any]

_OURS = "azure-scaleset:index:"
_HARMLESS = ("same", "read")


def problems(preview: Json) -> list[str]:
    """A line for each step that a program would not expect of a new version, with what to do; empty when nothing changes."""
    steps = [step for step in preview["steps"] if step["op"] not in _HARMLESS]
    created = [step for step in steps if step["op"] == "create"]
    found = []
    for step in steps:
        kind, name = _kind(step["urn"]), _name(step["urn"])
        if step["op"] == "delete":
            near = next((_name(other["urn"]) for other in created if _kind(other["urn"]) == kind), None)
            mend = f"It seems to be {near} now: give that" if near else "If it has another name or parent now, give the new one"
            found.append(f'{name} ({kind}) is deleted. {mend} `aliases=[pulumi.Alias(name="{name}")]`.')
        elif step["op"] in ("replace", "create-replacement", "delete-replaced"):
            found.append(
                f"{name} ({kind}) is replaced, because of {_why(step)}. Keep what decides it, or release a version that may break."
            )
        elif step["op"] == "update":
            found.append(
                f"{name} ({kind}) changes: {_why(step)}. Keep the old value where the program gives none, or release a version that may break."
            )
        elif step["op"] == "create":
            found.append(
                f"{name} ({kind}) is new. A program that updates the package alone would get it: make it only when an argument asks for it."
            )
    return sorted(set(found))


def children(state: Json) -> list[tuple[str, str, str]]:
    """Component, type and name of the children in a stack's state: `<name>` is the component's own name, `<digest>` six digits of one."""
    resources = state["deployment"]["resources"]
    owners = {each["urn"]: each for each in resources if each["type"].startswith(_OURS)}
    found = set()
    for each in resources:
        owner = owners.get(each.get("parent", ""))
        if owner is not None:
            own = _name(owner["urn"])
            name = "<name>" + _name(each["urn"]).removeprefix(own) if _name(each["urn"]).startswith(own) else _name(each["urn"])
            found.add((owner["type"].removeprefix(_OURS), each["type"], re.sub(r"-[0-9a-f]{6}$", "-<digest>", name)))
    return sorted(found)


def _why(step: Json) -> str:
    detailed = step.get("detailedDiff") or {}
    return ", ".join(sorted(detailed)) or ", ".join(
        step.get("diffReasons") or step.get("replaceReasons") or ["nothing that the engine names"]
    )


def _kind(urn: str) -> str:
    return urn.split("::")[2].rpartition("$")[2]


def _name(urn: str) -> str:
    return urn.rpartition("::")[2]
