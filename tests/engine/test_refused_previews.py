"""A preview refuses what Azure would refuse, with all problems of all scale sets at once, and nothing of it reaches Azure."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from offline import workspace
from offline.arm.store import Store
from tests.engine.project import Project
from tests.engine.several_sets import SCALE_SET, SeveralSets, linux
from tests.engine.test_yaml_program import COMPONENTS, Run
from tests.engine.test_yaml_program import pulumi as pulumi  # the fixture
from tests.engine.wrong_stacks import CHANGED, MADE, SECRET_STACK, SECRET_VALUES, WRONG_STACKS, Problems, WrongStack

_PROBLEM = re.compile(r"^ +- ([A-Z]+\d+[a-z]?): (\S+?):? ", re.MULTILINE)


def problems(text: str) -> list[tuple[str, str]]:
    """Rule and property of each problem in what is printed."""
    return sorted(_PROBLEM.findall(text))


def by_set(told: Mapping[str, str]) -> Problems:
    """The problems of each set that has any."""
    return {name: problems(text) for name, text in told.items() if problems(text)}


def expected(wrong: WrongStack) -> Problems:
    """The problems of *wrong*, sorted."""
    return {name: sorted(found) for name, found in wrong.problems.items()}


def refused(project: Project, wrong: WrongStack) -> Problems:
    """What the preview of *wrong*, which has to fail, reports."""
    several = SeveralSets(project)
    if wrong.sets is not None:
        several = SeveralSets.make(project)
        several.write(wrong.sets)
    else:
        project.configure(**wrong.keys or {})
    return by_set(several.refused())


@pytest.mark.parametrize("wrong", WRONG_STACKS, ids=lambda wrong: wrong.what)
def test_a_preview_reports_all_problems_of_all_sets(make_project: Callable[[str], Project], wrong: WrongStack) -> None:
    """Each problem of each set is there by its rule and property, and no other."""
    project = make_project(wrong.stack)

    assert refused(project, wrong) == expected(wrong)


def test_an_update_without_preview_sends_nothing_either(make_project: Callable[[str], Project]) -> None:
    """`up --skip-preview` refuses the sets that Azure would refuse, makes the one that it takes, and nothing of the others reaches Azure."""
    several = SeveralSets.make(make_project("linux-script"))
    several.write({"right": linux(), "wrong": linux(overrides={"upgradePolicy": {"mode": "Blue"}, "sku": {"capacity": -1}})})

    done = several.project.pulumi("up", "--yes", "--skip-preview", check=False)

    assert (done.returncode != 0, problems(done.stdout)) == (True, [("S12", "sku.capacity"), ("U1", "upgradePolicy.mode")])
    assert [each["subject"].rpartition("/")[2].partition("-")[0] for each in several.project.events("modelWritten")] == ["right"]


def test_a_stack_stays_in_its_region(make_project: Callable[[str], Project]) -> None:
    """Pulumi would delete the group with all that is in it, and make it anew: preview and update refuse another region, and nothing is written."""
    project = make_project("linux-script")
    project.up()
    written = project.events()
    project.configure(location="northeurope", replaceWhenImmutable=True)

    preview, update = project.pulumi("preview", check=False), project.pulumi("up", "--yes", "--skip-preview", check=False)

    why = "azure-scaleset:location is northeurope, but the stack is in westeurope"
    assert [(each.returncode != 0, why in each.stdout) for each in (preview, update)] == [(True, True)] * 2
    assert project.events() == written


def test_what_the_rollout_gets_round_is_no_warning(make_project: Callable[[str], Project]) -> None:
    """By its policy Azure's upgrade of two instances stops with one unhealthy (U10); `up` brings that one to the new model first, and a shipped stack warns of nothing."""
    project = make_project("linux-script")
    project.up()
    project.edit("apps/linux-script/workserver.py", "Healthy", "healthy")

    assert "warning" not in project.pulumi("preview").stdout


def test_nothing_secret_is_printed_of_a_refused_set(make_project: Callable[[str], Project]) -> None:
    """A password that Azure refuses, protected settings and a secret command are in no message, while the problems with them are."""
    project = make_project("linux-script")
    several = SeveralSets.make(project)
    for name, value in SECRET_VALUES.items():
        several.secret(name, value)
    several.write(SECRET_STACK.sets or {})

    told = several.refused()
    plain = project.pulumi("preview", "--diff", check=False)

    assert by_set(told) == expected(SECRET_STACK)
    assert [text for text in (*several.said, plain.stdout, plain.stderr) if "hunter2" in text] == []


def test_what_cannot_be_changed_is_refused_with_what_is_wrong_besides(make_project: Callable[[str], Project]) -> None:
    """On sets that exist, changes that Azure refuses stand beside other problems, another region of a set that nothing else changes too, and `up` leaves the sets as they are."""
    several = SeveralSets.make(make_project("linux-script"))
    several.write(MADE)
    several.up()
    written = several.project.events("modelWritten")
    several.write(CHANGED.sets or {})
    told = several.refused()

    assert by_set(told) == expected(CHANGED)
    assert "What this update would do to the instances, if Azure took it:\n  updated in place: " in told["web"]
    assert several.project.pulumi("up", "--yes", "--skip-preview", check=False).returncode != 0
    assert several.project.events("modelWritten") == written


def test_a_yaml_program_is_refused_through_the_plugin(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """What overrides of a YAML program bring, and a size that Azure doesn't offer, is refused in its preview, all of it."""
    run: Callable[..., Run] = request.getfixturevalue("pulumi")
    wrong = (
        "      overrides: {sku: {capacity: -1}, upgradePolicy: {mode: Blue}, virtualMachineProfile: {osProfile: {adminUsername: root}}}\n"
    )
    (tmp_path / "Pulumi.yaml").write_text(COMPONENTS.replace("      size: Standard_D2s_v5", f"{wrong}      size: Standard_D3s_v5"))
    (tmp_path / "install.sh").write_text("#!/bin/sh\n")
    run("stack", "init", "test")

    preview = run("preview")

    key = "virtualMachineProfile.osProfile.linuxConfiguration.ssh.publicKeys[0].path"
    name = "virtualMachineProfile.osProfile.adminUsername"
    found = [("N13", key), ("N7", name), ("S12", "sku.capacity"), ("S7", "sku.name"), ("U1", "upgradePolicy.mode")]
    assert preview.code != 0
    assert problems(preview.output) == found
    assert Store(workspace.azure_file(tmp_path / "home")).resources() == []


def test_an_ignored_rule_lets_azure_decide(make_project: Callable[[str], Project]) -> None:
    """With `ignoreRules` what the rules find is a warning: Azure refuses one set in its own words and takes another."""
    several = SeveralSets.make(make_project("linux-script"))
    rolling = linux(overrides={"upgradePolicy": {"mode": "Rolling"}}, ignoreRules=["U2"])
    crowded = linux(overrides={"singlePlacementGroup": True}, autoscale={"minimum": 2, "maximum": 200}, ignoreRules=["A3"])
    several.write({"refused": rolling, "taken": crowded})

    told = several.preview()
    done = several.project.pulumi("up", "--yes", "--skip-preview", "--continue-on-error", check=False)

    assert ("U2: upgradePolicy.mode:" in told["refused"], "A3: autoscale.profiles[0].capacity.maximum:" in told["taken"]) == (True, True)
    assert (done.returncode != 0, "a health probe or health extension was not provided" in done.stdout) == (True, True)
    assert [each["name"].partition("-")[0] for each in several.project.resources(SCALE_SET)] == ["taken"]


def test_a_refused_change_can_be_sent_all_the_same(make_project: Callable[[str], Project]) -> None:
    """With `ignoreRules` a change that Azure refuses stands among the effects, the preview passes, and Azure refuses it in its own words."""
    several = SeveralSets.make(make_project("linux-script"))
    several.write(MADE)
    several.up()
    several.write({"web": {**MADE["web"], "zones": ["1"], "ignoreRules": ["I9"]}})

    told = several.preview()["web"]
    done = several.project.pulumi("up", "--yes", "--skip-preview", check=False)

    assert "What this update does to the instances:\n  refused: zones " in told
    assert (done.returncode != 0, "zones" in done.stdout) == (True, True)


def test_a_preview_without_the_right_to_ask_says_so(make_project: Callable[[str], Project]) -> None:
    """Where Azure refuses to tell sizes, the preview passes all the same, with a warning of what wasn't checked; nothing is asked again for the second set."""
    several = SeveralSets.make(make_project("linux-script"))
    several.write({"one": linux(size="Standard_D3s_v5"), "two": linux()})
    message = "The client does not have authorization to perform action 'Microsoft.Compute/skus/read'."
    several.project.order_fault("refuse", path="/providers/Microsoft.Compute/skus", status=403, code="AuthorizationFailed", message=message)

    told = several.preview()

    warning = f"Not checked: whether westeurope has the size and the image, since Azure can't be asked (AuthorizationFailed: {message})."
    assert {name: warning in text for name, text in told.items() if name in ("one", "two")} == {"one": True, "two": True}
