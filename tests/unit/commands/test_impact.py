"""`scaleset impact`."""

import json
from pathlib import Path
from typing import Any

import pytest

from azure_scaleset.commands.app import run
from azure_scaleset.commands.impact_file import Action, impacts, others, sides
from azure_scaleset.rules import UNKNOWN as NOT_KNOWN
from azure_scaleset.rules.effect import Driven
from tests.unit.commands.previews import SECRET, UNKNOWN, created, model, preview, state, step

OS = "virtualMachineProfile.osProfile"


def changed(old: Any, new: Any, op: str = "update", parent: str = "", **more: Any) -> dict[str, Any]:
    """The step of a scale set `web`."""
    return step(op, state("set", "web", old, parent, outputs=more.pop("outputs", {})), state("set", "web", new, parent), **more)


def drives(instances: int) -> Driven:
    """Two at a time."""
    return Driven(2)


def kinds(document: Any) -> list[tuple[str, Action, int | None, list[tuple[str, str]]]]:
    """Name, action, instances, and path and kind of the effects."""
    return [(each.name, each.action, each.instances, [(e.path, e.kind.value) for e in each.effects]) for each in impacts(document, drives)]


def test_each_action() -> None:
    """What is made, changed, replaced, deleted, kept; what stays the same isn't touched."""
    same = state("set", "idle", model())
    document = preview(
        created("set", "new", model(sku__capacity=4)),
        changed(model(), model(sku__name="Standard_D8s_v5")),
        step("delete", state("set", "old", model()), None),
        step("delete", state("set", "left", model(), retainOnDelete=True), None),
        step("same", same, same),
    )

    assert kinds(document) == [
        ("new", Action.MADE, 4, []),
        ("web", Action.CHANGED, 10, [("sku.name", "restarted")]),
        ("old", Action.DELETED, 10, []),
        ("left", Action.KEPT, 10, []),
    ]


def test_a_replacement_says_so_whatever_the_reason() -> None:
    """By a property that Azure can't change, or by a reason of Pulumi's."""
    immutable = changed(model(), model(virtualMachineProfile__priority="Spot"), op="replace")
    forced = changed(model(), model(), op="replace", replaceReasons=["replacementTrigger"])

    assert kinds(preview(immutable))[0][3] == [("virtualMachineProfile.priority", "replaced")]
    assert kinds(preview(forced))[0][3] == [("replacementTrigger", "replaced")]


def test_instances_are_those_that_the_last_refresh_saw() -> None:
    """Autoscale moved the set since the last update."""
    (found,) = impacts(preview(changed(model(), model(sku__name="Standard_D8s_v5"), outputs={"sku": {"capacity": 7}})), drives)

    assert found.instances == 7
    assert found.effects[0].reach.instances == 7


def test_a_set_whose_update_waits_is_brought_to_the_model_by_it() -> None:
    """Its gate is in the preview: a stash beside it. Without one, mode Manual leaves the instances as they are."""
    manual = model(upgradePolicy__mode="Manual")
    update = changed(manual, {**manual, "sku": {**manual["sku"], "name": "Standard_D8s_v5"}}, parent="urn::web")
    gate = step("update", None, state("stash", "web-rollout", {}, "urn::web"))

    (with_gate,) = impacts(preview(update, gate), drives)
    (without,) = impacts(preview(update, step("update", None, state("stash", "web-rollout", {}, "urn::other"))), drives)

    assert "at most 2 at a time, in this update" in with_gate.effects[0].message
    assert "until you run `scaleset rollout`" in without.effects[0].message


def secret(value: Any) -> dict[str, Any]:
    """A model with this password."""
    inputs = model()
    inputs["virtualMachineProfile"]["osProfile"]["adminPassword"] = value
    return inputs


def test_a_secret_that_changes_is_told_without_its_value() -> None:
    """The step's difference names it."""
    found = kinds(preview(changed(secret(SECRET), secret(SECRET), detailedDiff={f"{OS}.adminPassword": {"kind": "update"}})))

    assert [path for path, _ in found[0][3]] == [f"{OS}.adminPassword"]


def test_a_secret_that_stays_has_no_effect() -> None:
    """The step's difference names another property."""
    found = kinds(preview(changed(secret(SECRET), secret(SECRET), detailedDiff={"tags.env": {"kind": "update"}})))

    assert found[0][3] == []


def test_a_secret_nobody_tells_about_is_not_known() -> None:
    """Without a detailed difference the reasons tell the property at the top only; within another it stays."""
    within = sides(changed(secret(SECRET), secret(SECRET), diffReasons=["virtualMachineProfile"]))[1]
    beside = sides(changed(secret(SECRET), secret(SECRET), diffReasons=["sku"]))

    assert within["virtualMachineProfile"]["osProfile"]["adminPassword"] is NOT_KNOWN
    assert beside[0] == beside[1]


def test_a_property_that_became_secret_is_hidden_on_both_sides() -> None:
    """The value that was plain is not shown any more."""
    old, new = model(sku__name="Hunter2"), model(sku__name=SECRET)
    (found,) = impacts(preview(changed(old, new, detailedDiff={"sku.name": {"kind": "update"}})), drives)

    assert sides(changed(old, new, detailedDiff={}))[2] == ["sku.name"]
    assert "Hunter2" not in "".join(each.message + each.old + each.new for each in found.effects)


@pytest.mark.parametrize("documents", [(SECRET, "IyEvYmluL3No"), ("IyEvYmluL3No", SECRET)])
def test_custom_data_that_becomes_a_secret_or_is_one_no_longer_stays(documents: tuple[str, str]) -> None:
    """The time since when it is wanted tells it. Where that is a new one, the document is another."""
    began = "2026-01-01T00:00:00+00:00"

    def found(since: str) -> list[tuple[str, str]]:
        old, new = (
            model(
                tags={"azure-scaleset-change": mark, "azure-scaleset-os-since": time},
                virtualMachineProfile__osProfile={"computerNamePrefix": "web", "customData": document},
            )
            for mark, time, document in zip(("1", UNKNOWN), (began, since), documents, strict=True)
        )
        return kinds(preview(changed(old, new, detailedDiff={"tags": {"kind": "update"}})))[0][3]

    assert (found(began), found(UNKNOWN)) == ([], [(f"{OS}.customData", "new instances")])


def test_marks_of_a_change_are_not_told() -> None:
    """Tags of the component."""
    old, new = (model(tags={"azure-scaleset-change": mark}) for mark in ("1", UNKNOWN))

    assert kinds(preview(changed(old, new)))[0][3] == []


def test_other_resources_are_counted() -> None:
    """By operation; those that stay the same aren't."""
    steps = [
        created("balancer", "a", {}),
        created("network", "b", {}),
        step("same", None, state("balancer", "c", {})),
        created("set", "web", {}),
    ]

    assert others(preview(*steps)) == {"create": 2}


@pytest.fixture
def file(tmp_path: Path) -> str:
    """A preview that makes one set, changes another, deletes a third and makes a balancer."""
    document = preview(
        created("set", "api", model(sku__capacity=1)),
        changed(model(), model(sku__name="Standard_D8s_v5")),
        step("delete", state("set", "old", model()), None),
        created("balancer", "lb", {}),
    )
    (tmp_path / "preview.json").write_text(json.dumps(document))
    return str(tmp_path / "preview.json")


def test_text(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A block for each set, on 80 columns."""
    assert run(["impact", file]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    assert [line for line in lines if not line.startswith("  ")] == [
        "api: made, 1 instance",
        "web: changed, 10 instances",
        "old: deleted, 10 instances",
        "Other resources: 1 made.",
    ]
    assert " ".join(line.strip() for line in lines if line.startswith("  ")) == (
        "restarted: sku.name Standard_D2s_v5 -> Standard_D8s_v5: each of 10 instances restarts (if its hardware lacks the size, all must be deallocated first), "
        "in at least 5 batches of at most 2 (Rolling)."
    )


def test_markdown(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A table of what changes, a line for what comes and goes."""
    assert run(["impact", file, "--markdown"]) == 0
    told = capsys.readouterr().out
    assert told.splitlines()[:5] == [
        "### What this does to the scale sets",
        "",
        "| Scale set | What happens |",
        "| --- | --- |",
        "| `web`<br>10 instances | **restarted**: `sku.name`<br>Rolling: in at least 5 batches of at most 2 |",
    ]
    assert told.splitlines()[-4:] == ["- `api` is made, 1 instance.", "- `old` is deleted, 10 instances.", "", "Other resources: 1 made."]


def test_json(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """One document."""
    assert run(["impact", file, "-o", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [(each["name"], each["action"], each["instanceCount"]) for each in document["scaleSets"]] == [
        ("api", "made", 1),
        ("web", "changed", 10),
        ("old", "deleted", 10),
    ]
    (effect,) = document["scaleSets"][1]["effects"]
    assert {key: effect[key] for key in ("path", "kind", "sure", "upgradeMode", "fewestBatches", "maxUnavailable")} == {
        "path": "sku.name",
        "kind": "restarted",
        "sure": True,
        "upgradeMode": "Rolling",
        "fewestBatches": 5,
        "maxUnavailable": 2,
    }
    assert document["others"] == {"create": 1}


@pytest.mark.parametrize(("content", "line"), [("[]", "is no preview."), ("x", "is no JSON")])
def test_no_preview(content: str, line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2."""
    (tmp_path / "x.json").write_text(content)

    assert run(["impact", str(tmp_path / "x.json")]) == 2
    assert line in capsys.readouterr().err
