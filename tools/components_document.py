"""docs/components.md: the reference of the components, from the schema that every language reads, and from the newest recorded states. Pure but for `write`."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from offline.workspace import CHECKOUT
from tools.upgrade_check import children

FILE = CHECKOUT / "docs" / "components.md"
_HEAD = """# Components

Made by `python -m tools.package_schema`; don't edit it. Names are those of YAML and TypeScript; Python writes `snake_case`. *Plain* inputs take values only, the others take
outputs of other resources too. `(N9)` and its like are [rules](rules.md).
"""
_CHILDREN = """## Children

Names in Pulumi, which stay as they are: a transform may rely on them. `<name>` is the component's own name; `<digest>` are digits of one. A child is made only when the arguments ask for it.
This list is what stacks had that were deployed with the last released version; components that are newer name theirs in their own section.

| component | type | name |
|---|---|---|
"""


def text(schema: Mapping[str, Any], states: list[Mapping[str, Any]]) -> str:
    """The page. *states*: exported states in which the children are looked up."""
    made = sorted({child for state in states for child in children(state)})
    rows = "\n".join(f"| {component} | `{kind}` | `{name}` |" for component, kind, name in made)
    parts = [_HEAD, *_components(schema), "## Types\n", *_types(schema), f"{_CHILDREN}{rows}\n" if made else ""]
    return "\n".join(part for part in parts if part)


def recorded_states() -> list[Mapping[str, Any]]:
    """The states of the newest recorded version."""
    folders = sorted(
        (CHECKOUT / "tests" / "upgrade" / "recorded").glob("*.*.*"), key=lambda folder: [int(part) for part in folder.name.split(".")]
    )
    return [json.loads(file.read_text()) for file in sorted(folders[-1].glob("*/state.json"))] if folders else []


def _components(schema: Mapping[str, Any]) -> Iterator[str]:
    for token, component in sorted(schema["resources"].items()):
        yield f"## {_short(token)}\n\n`{token}`. {_words(component['description'])}\n"
        yield f"### Inputs of {_short(token)}\n\n{_table(component['inputProperties'], component.get('requiredInputs') or [])}"
        yield f"### Outputs of {_short(token)}\n\n{_table(component['properties'], None)}"


def _types(schema: Mapping[str, Any]) -> Iterator[str]:
    for token, of in sorted(schema["types"].items()):
        yield f"### {_short(token)}\n\n{_words(of.get('description') or '')}\n"
        if of.get("enum"):
            yield "".join(
                ["| value | |\n|---|---|\n", *(f"| `{value['value']}` | {_words(value['description'])} |\n" for value in of["enum"])]
            )
        else:
            yield _table(of.get("properties") or {}, of.get("required") or [])


def _table(properties: Mapping[str, Any], required: list[str] | None) -> str:
    head = "| name | type | |\n|---|---|---|\n"
    return head + "".join(
        f"| `{name}`{' *' if required and name in required else ''} | {_type(of)}{', plain' if required is not None and _plain(of) else ''} | {_words(of['description'])} |\n"
        for name, of in properties.items()
    )


def _type(of: Mapping[str, Any]) -> str:
    if of.get("$ref"):
        name = _short(of["$ref"])
        return f"[{name}](#{name.lower()})" if str(of["$ref"]).startswith("#/types/") else f"`{of['$ref'].removeprefix('pulumi.json#/')}`"
    if of.get("type") == "array":
        return f"list of {_type(of['items'])}"
    if of.get("type") == "object":
        return f"map of {_type(of['additionalProperties'])}" if of.get("additionalProperties") else "map"
    return str(of.get("type") or "any")


def _plain(of: Mapping[str, Any]) -> bool:
    inner = of.get("items") or of.get("additionalProperties")
    return _plain(inner) if inner else bool(of.get("plain"))


def _words(description: str) -> str:
    """A description on one line of a table: without what Markdown or HTML would take for its own, but for code."""
    parts = re.split(r"(`[^`]*`)", " ".join(description.split()))
    plain = [part if part.startswith("`") else re.sub(r"([*_<\[])", r"\\\1", part) for part in parts]
    return "".join(plain).replace("|", "\\|")


def _short(token: str) -> str:
    return token.rpartition(":")[2]
