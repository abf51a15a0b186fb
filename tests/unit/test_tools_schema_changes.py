"""What counts as a breaking change of the package's schema."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tools.schema_changes import Change, changes, default, may_break, next_breaking, refusal

SCHEMA: dict[str, Any] = {
    "resources": {
        "p:index:Set": {
            "inputProperties": {
                "size": {"type": "string", "plain": True, "description": "Required."},
                "count": {"type": "integer", "plain": True, "description": "Optional. How many. Default: 2."},
                "mode": {"$ref": "#/types/p:index:Mode", "plain": True, "description": "Optional."},
                "ids": {"type": "array", "plain": True, "items": {"type": "string"}, "description": "Optional."},
            },
            "requiredInputs": ["size"],
            "properties": {"setId": {"type": "string", "description": "Id."}},
            "required": ["setId"],
        }
    },
    "types": {
        "p:index:Mode": {"type": "string", "enum": [{"name": "FAST", "value": "Fast"}, {"name": "SLOW", "value": "Slow"}]},
        "p:index:Disk": {"type": "object", "properties": {"sizeGb": {"type": "integer", "plain": True}}, "required": ["sizeGb"]},
    },
}


def of(edit: Callable[[dict[str, Any], dict[str, Any]], Any]) -> list[Change]:
    """The changes that an edit of the component and of the types makes."""
    new = copy.deepcopy(SCHEMA)
    edit(new["resources"]["p:index:Set"], new["types"])
    return changes(SCHEMA, new)


def rename(holder: dict[str, Any], old: str, new: str) -> None:
    """Another key for the same value."""
    holder[new] = holder.pop(old)


BREAKING: dict[str, tuple[Callable[[dict[str, Any], dict[str, Any]], Any], list[tuple[str, str]]]] = {
    "input gone": (lambda c, _: c["inputProperties"].pop("ids"), [("Set.inputs.ids", "the input is gone")]),
    "input renamed": (
        lambda c, _: rename(c["inputProperties"], "count", "counts"),
        [("Set.inputs.count", "the input is gone (renamed to counts?)")],
    ),
    "required now": (lambda c, _: c["requiredInputs"].append("count"), [("Set.inputs.count", "is required now, and was optional")]),
    "new and required": (
        lambda c, _: (c["inputProperties"].update(zone={"type": "string"}), c["requiredInputs"].append("zone")),
        [("Set.inputs.zone", "new input, and required: no program has it")],
    ),
    "another type": (
        lambda c, _: c["inputProperties"]["count"].update(type="string"),
        [("Set.inputs.count", "the type was integer and is string")],
    ),
    "another type of items": (
        lambda c, _: c["inputProperties"]["ids"].update(items={"type": "integer"}),
        [("Set.inputs.ids", "the type was list of string and is list of integer")],
    ),
    "outputs refused": (
        lambda c, _: c["inputProperties"]["ids"]["items"].update(plain=True),
        [("Set.inputs.ids", "took outputs of other resources, and takes plain values only")],
    ),
    "another default": (
        lambda c, _: c["inputProperties"]["count"].update(description="Optional. How many. Default: 3."),
        [("Set.inputs.count", "the default was `2` and is `3`: programs that don't give the input deploy something else")],
    ),
    "default gone": (
        lambda c, _: c["inputProperties"]["count"].update(description="Optional. How many."),
        [("Set.inputs.count", "the default was `2` and is none: programs that don't give the input deploy something else")],
    ),
    "output gone": (lambda c, _: c["properties"].pop("setId"), [("Set.outputs.setId", "the output is gone")]),
    "output that may be missing": (lambda c, _: c.update(required=[]), [("Set.outputs.setId", "may be missing now")]),
    "value gone": (lambda _, t: t["p:index:Mode"]["enum"].pop(), [("Mode.Slow", "the value is gone")]),
    "value's name": (
        lambda _, t: t["p:index:Mode"]["enum"][0].update(name="QUICK"),
        [("Mode.Fast", "its name was FAST and is QUICK: programs in typed languages use it")],
    ),
    "type gone": (lambda _, t: t.pop("p:index:Disk"), [("Disk", "the type is gone")]),
    "nested input gone": (lambda _, t: t["p:index:Disk"]["properties"].pop("sizeGb"), [("Disk.sizeGb", "the input is gone")]),
}

HARMLESS: dict[str, tuple[Callable[[dict[str, Any], dict[str, Any]], Any], list[tuple[str, str]]]] = {
    "nothing": (lambda c, t: None, []),
    "new words": (lambda c, _: c["inputProperties"]["count"].update(description="Optional. Number. Default: 2."), []),
    "new optional input": (lambda c, _: c["inputProperties"].update(zone={"type": "string"}), [("Set.inputs.zone", "new optional input")]),
    "a default told": (
        lambda c, _: c["inputProperties"]["ids"].update(description="Optional. Default: none."),
        [("Set.inputs.ids", "its default is told: `none`")],
    ),
    "optional now": (lambda c, _: c.update(requiredInputs=[]), [("Set.inputs.size", "is optional now")]),
    "outputs welcome": (
        lambda c, _: c["inputProperties"]["size"].pop("plain"),
        [("Set.inputs.size", "takes outputs of other resources now")],
    ),
    "new value": (lambda _, t: t["p:index:Mode"]["enum"].append({"name": "NONE", "value": "None"}), [("Mode.None", "new value")]),
    "new output": (lambda c, _: c["properties"].update(name={"type": "string"}), [("Set.outputs.name", "new output")]),
}


@pytest.mark.parametrize("case", BREAKING)
def test_breaking(case: str) -> None:
    """What old programs trip over is breaking, and said in words."""
    edit, expected = BREAKING[case]
    assert [(change.path, change.what) for change in of(edit) if change.breaking] == expected


@pytest.mark.parametrize("case", HARMLESS)
def test_harmless(case: str) -> None:
    """What old programs don't notice isn't breaking, and is listed for the changelog."""
    edit, expected = HARMLESS[case]
    assert [(change.path, change.what, change.breaking) for change in of(edit)] == [(*each, False) for each in expected]


def test_a_component_that_is_gone() -> None:
    """A whole component that is missing is breaking, one that is new isn't."""
    new = {"resources": {"p:index:Sets": SCHEMA["resources"]["p:index:Set"]}, "types": SCHEMA["types"]}
    assert changes(SCHEMA, new) == [Change("Set", "the component is gone (renamed to Sets?)", True), Change("Sets", "new component", False)]


@pytest.mark.parametrize(
    ("old", "new", "may"),
    [("0.1.0", "0.1.1", False), ("0.1.0", "0.2.0", True), ("0.9.0", "1.0.0", True), ("1.2.0", "1.3.0", False), ("1.2.0", "2.0.0", True)],
)
def test_which_version_may_break(old: str, new: str, may: bool) -> None:
    """A major version may, below 1.0 a minor one."""
    assert may_break(old, new) is may


def test_the_refusal_names_changes_and_what_to_do() -> None:
    """The message has each breaking change, the version that may have it, and where to write about it."""
    edit, _ = BREAKING["input renamed"]
    assert refusal(of(edit), "1.2.0", "1.3.0") == (
        "Version 1.3.0 breaks programs that were written for 1.2.0:\n"
        "  - Set.inputs.count: the input is gone (renamed to counts?)\n"
        "Either keep what was there beside the new (and say in its description that it is deprecated),\n"
        "or make this version 2.0.0 in components/pyproject.toml, and say in CHANGELOG.md under `Breaking changes` how to migrate."
    )
    assert (refusal(of(edit), "1.2.0", "2.0.0"), next_breaking("0.4.1")) == (None, "0.5.0")


@pytest.mark.parametrize(
    ("description", "found"),
    [
        (
            "Optional. Default: Rolling when there is `network.healthProbeId`, else\n    Manual.",
            "Rolling when there is `network.healthProbeId`, else Manual",
        ),
        ("Optional. Default: 2. More about it.", "2"),
        ("Optional.", None),
    ],
)
def test_the_default_in_a_description(description: str, found: str | None) -> None:
    """The sentence after `Default:`, over line breaks, without its full stop."""
    assert default({"description": description}) == found
