"""The comment of a pull request."""

import json
from typing import Any

from tools.pr_comment import MARKER, Preview, comment, read

SET = "urn:pulumi:a::p::azure-scaleset:index:ScaleSet$azure-native:compute:VirtualMachineScaleSet::web"


def update(*properties: str) -> dict[str, Any]:
    """A step that changes a scale set."""
    state = {"type": "azure-native:compute:VirtualMachineScaleSet", "urn": SET, "inputs": {"sku": {"capacity": 3, "name": "a"}}}
    changed = {**state, "inputs": {"sku": {"capacity": 3, "name": "b"}}}
    return {"op": "update", "urn": SET, "oldState": state, "newState": changed, "detailedDiff": {name: {} for name in properties}}


def test_a_stack_without_change_has_a_line_and_no_details() -> None:
    """The table says so; it begins with the marker by which the comment is found again."""
    text = comment([read("web", json.dumps({"steps": [{"op": "same", "urn": SET}]}))], "About.")
    assert (
        text
        == f"{MARKER}\n\n## What this change deploys\n\nAbout.\n\n| Stack | Resources | Scale sets |\n|---|---|---|\n| `web` | no change | untouched |\n"
    )


def test_a_change_is_told_with_its_effect_and_its_properties() -> None:
    """What happens to the instances, then the resource with the properties that change, no values."""
    text = comment([read("web", json.dumps({"steps": [update("sku.name", "tags.a")]}))], "About.")
    assert "| `web` | 1 changed | `web`: changed |" in text
    assert "### What this does to the scale sets" in text
    assert "```diff\n! VirtualMachineScaleSet web\n    sku.name\n    tags.a\n```" in text


def test_no_line_of_the_difference_is_wider_than_a_phone() -> None:
    """A long path keeps its end, which says what it is."""
    path = ".".join(["virtualMachineProfile"] * 6 + ["commandToExecute"])
    text = comment([read("web", json.dumps({"steps": [update(path)]}))], "About.")
    (line,) = [line for line in text.splitlines() if line.endswith("commandToExecute")]
    assert (len(line) <= 44, "…" in line) == (True, True)


def test_a_failed_preview_is_open_and_told() -> None:
    """Its errors stand in the comment; fences in them can't end the block."""
    told = comment([read("web", json.dumps({"steps": [], "diagnostics": [{"severity": "error", "message": "no ``` good"}]}))], "About.")
    assert "| `web` | **the preview failed** | ? |" in told
    assert "<details open>" in told
    assert "```\nno ''' good\n```" in told
    assert read("web", "", "no such stack") == Preview("web", None, "no such stack")


def test_it_fits_into_a_comment() -> None:
    """GitHub takes 65536 characters: what is more is cut, and said."""
    steps = [{"op": "create", "urn": f"urn:pulumi:a::p::a:b:C::{'x' * 60}{number}"} for number in range(2000)]
    text = comment([read("web", json.dumps({"steps": steps}))], "About.")
    assert (len(text) < 65_536, text.endswith("The rest is in the log of the run.\n")) == (True, True)
