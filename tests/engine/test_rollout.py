"""`up` ends well only when every instance runs the model and serves; else it says why, and the next `up` goes on."""

from collections.abc import Callable

import pytest

from offline.arm.compute.serving import serving
from tests.engine.project import Project, PulumiFailed

FILE = "apps/linux-script/workserver.py"


def six_instances(project: Project, **keys: object) -> None:
    """Six instances and no autoscale, deployed."""
    document = project.settings()
    del document["config"]["azure-scaleset:autoscale"]
    project.write_settings(document)
    project.configure(capacity=6, **keys)
    project.up()


def tags(project: Project) -> list[str]:
    """The digest of what each instance ran last, in order of their numbers."""
    last = {
        int(event["subject"].rsplit("/", 1)[-1]): event["data"]["forceUpdateTag"]
        for event in project.events("extensionRun")
        if event["data"]["extension"] == "CustomScript"
    }
    return [last[number] for number in sorted(last)]


def served(project: Project) -> list[int]:
    """How many instances served, after each change of that."""
    return [count for _, count in serving(project.events("serving"), project.scale_set()["id"])]


MODES: list[dict[str, object]] = [
    {"upgrade": {"mode": "Manual"}, "rollout": {"maxUnavailable": "1"}},
    {"upgrade": {"mode": "Rolling", "maxBatchInstancePercent": 20}},
]


@pytest.mark.parametrize("keys", MODES, ids=["Manual", "Rolling"])
def test_one_instance_at_a_time_while_the_others_serve(make_project: Callable[[str], Project], keys: dict[str, object]) -> None:
    """Six instances get a newer image one by one: at no moment fewer than five serve (row 12)."""
    project = make_project("linux-script")
    six_instances(project, **keys, image="Canonical:0001-com-ubuntu-server-jammy:22_04-lts-gen2:22.04.202509230")
    before = len(served(project))

    project.configure(image="Canonical:0001-com-ubuntu-server-jammy:22_04-lts-gen2:22.04.202510020")
    project.up()

    versions = {instance["properties"]["storageProfile"]["imageReference"]["exactVersion"] for instance in project.instances()}
    assert (min(served(project)[before:]), served(project)[-1]) == (5, 6)
    assert versions == {"22.04.202510020"}


@pytest.mark.parametrize("keys", MODES, ids=["Manual", "Rolling"])
def test_a_failing_script_stops_the_rollout_and_a_mended_one_finishes_it(
    make_project: Callable[[str], Project], keys: dict[str, object]
) -> None:
    """A script that fails on the third instance stops there: `up` fails and says why, the rest serves; the mended script reaches all; nothing is left to do."""
    project = make_project("linux-script")
    six_instances(project, **keys)
    (old,) = set(tags(project))
    project.order_fault("extensionFails", instances=["2"], exitCode=7, output="E: Unable to locate package ngnix", times=1)
    project.edit(FILE, "Healthy", "healthy")

    with pytest.raises(PulumiFailed) as failure:
        project.up()

    text = str(failure.value)
    assert "instance 2: provisioning state Failed, extension CustomScript failed (ProvisioningState/failed/7)" in text
    assert "E: Unable to locate package ngnix" in text
    assert "5 of 6 serve" in text
    stopped = tags(project)
    # By fault domain, then number: 0, 5, 1, 2.
    assert [tag == old for tag in stopped] == [False, False, False, True, True, False]

    # The scale set itself has no change any more; the preview tells that the rollout is unfinished.
    assert "the last rollout is unfinished" in project.pulumi("preview").stdout
    project.edit(FILE, "healthy", "Healthy and well")
    project.up()
    assert len({*tags(project)} - {old, *stopped}) == len({*tags(project)}) == 1
    assert project.preview() == []


@pytest.mark.parametrize("keys", MODES, ids=["Manual", "Rolling"])
def test_a_reverted_script_brings_the_changed_instances_back(make_project: Callable[[str], Project], keys: dict[str, object]) -> None:
    """After a rollout that stopped, the old files bring the instances that were changed back to the old script."""
    project = make_project("linux-script")
    six_instances(project, **keys)
    first = tags(project)
    project.order_fault("extensionFails", instances=["2"], times=1)
    project.edit(FILE, "Healthy", "healthy")
    with pytest.raises(PulumiFailed):
        project.up()

    project.edit(FILE, "healthy", "Healthy")
    project.up()

    assert tags(project) == first
    assert project.preview() == []


def test_instances_of_a_later_scale_out_run_the_new_script(make_project: Callable[[str], Project]) -> None:
    """After a rollout of a new script, two more instances: they ran it as the six before them did."""
    project = make_project("linux-script")
    six_instances(project, **MODES[0])
    (old,) = set(tags(project))
    project.edit(FILE, "Healthy", "healthy")
    project.up()
    (new,) = set(tags(project))

    project.configure(capacity=8)
    project.up()

    assert (new != old, tags(project)) == (True, [new] * 8)


def test_an_unfinished_rollout_goes_on_without_a_change(make_project: Callable[[str], Project]) -> None:
    """The same `up` again finishes a rollout that stopped at a passing fault; once it is finished no hook runs."""
    project = make_project("linux-script")
    six_instances(project, **MODES[0])
    project.order_fault("extensionFails", instances=["2"], times=1)
    project.edit(FILE, "Healthy", "healthy")
    with pytest.raises(PulumiFailed):
        project.up()

    project.up()
    assert len({*tags(project)}) == 1
    assert "rollout" not in project.up()


def test_a_model_that_was_left_out_of_the_update_does_not_pass(make_project: Callable[[str], Project]) -> None:
    """`--target` on the gate alone, with a change of the scale set pending, fails and says so (E1)."""
    project = make_project("linux-cloud-init")
    project.up()
    project.edit("apps/linux-cloud-init/cloud-init.yaml", "nginx", "nginx-light")

    # The time of the new custom data is part of what the gate keeps.
    gate = [word for name in ("**web-model", "**web-os-*", "**web-rollout") for word in ("--target", name)]
    targeted = project.pulumi("up", "--yes", "--skip-preview", *gate, check=False)

    assert targeted.returncode != 0
    assert "does not have the model of this update" in targeted.stdout


def test_without_waiting_the_update_ends_when_azure_has_the_model(make_project: Callable[[str], Project]) -> None:
    """`rollout.wait: false` leaves the instances of a set in mode Manual alone, and the preview says so before."""
    project = make_project("linux-script")
    six_instances(project, upgrade={"mode": "Manual"}, rollout={"wait": False})
    (old,) = set(tags(project))
    project.edit(FILE, "Healthy", "healthy")

    assert "6 instances stay on the old model until you run `scaleset rollout`" in project.pulumi("preview").stdout
    project.up()

    assert set(tags(project)) == {old}
