"""`up` ends well only when every instance runs the model and serves; else it says why, and the next `up` goes on."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

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


def told(project: Project) -> str:
    """What a preview says, whatever the lines' length."""
    return " ".join(project.pulumi("preview").stdout.split())


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
    assert "the last rollout is unfinished: 4 of 6 instances run the model, 5 of 6 serve. `pulumi up` goes on" in told(project)
    project.edit(FILE, "healthy", "Healthy and well")
    mended = told(project)
    assert "the last rollout is unfinished: 4 of 6 instances run the model, 5 of 6 serve. This update takes its place" in mended
    assert "What this update does to the instances" in mended
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


def test_an_instance_is_drained_before_it_is_changed(make_project: Callable[[str], Project]) -> None:
    """With `rollout.drain` each instance is told to go, has been out of the rotation for the seconds that a request may take when `up` changes it, and is put back."""
    drain: dict[str, Any] = {"command": "touch /run/workserver/leaving", "undo": "rm -f /run/workserver/leaving", "seconds": 60}
    project = make_project("linux-script")
    six_instances(project, upgrade={"mode": "Manual"}, rollout={"maxUnavailable": "2", "drain": drain})
    project.order_fault("appDrains", command=drain["command"], undo=drain["undo"])
    known, before = len(project.events()), len(served(project))

    project.edit(FILE, "Healthy", "healthy")
    project.up()

    steps: dict[str, list[object]] = {}
    left: dict[str, datetime] = {}
    for event in project.events()[known:]:
        instance, data, at = event["subject"].rpartition("/")[2], event["data"], datetime.fromisoformat(event["time"])
        if event["kind"] == "runCommand":
            steps.setdefault(instance, []).append(data["script"])
        elif event["kind"] == "serving":
            steps.setdefault(instance, []).append("in rotation" if data["serving"] else "out of rotation")
            left[instance] = at
        elif event["kind"] == "workBegan":
            steps.setdefault(instance, []).append(("changed", (at - left[instance]).total_seconds() >= drain["seconds"]))
    expected = [drain["command"], "out of rotation", ("changed", True), drain["undo"], "in rotation"]
    assert steps == dict.fromkeys("012345", expected)
    assert (min(served(project)[before:]), len({*tags(project)})) == (4, 1)


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
    """The same `up` again finishes a rollout that Azure refused half-way, which says what to do; once it is finished no hook runs."""
    project = make_project("linux-script")
    six_instances(project, **MODES[0])
    project.order_fault("refuse", method="POST", path="manualupgrade", nth=3, status=403, code="AuthorizationFailed", message="no right")
    project.edit(FILE, "Healthy", "healthy")
    with pytest.raises(PulumiFailed, match=r"stopped: AuthorizationFailed: no right\n(.*\n)*.*Next: mend the cause, then `pulumi up`"):
        project.up()
    assert len({*tags(project)}) == 2

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


def test_stopped_while_it_waits_the_next_update_finishes(make_project: Callable[[str], Project]) -> None:
    """Ctrl-C twice while the gate waits for an instance: the update fails, nothing of it goes on, the gate is not passed, and the next `up` finishes the rollout."""
    project = make_project("linux-script")
    six_instances(project, upgrade={"mode": "Manual"}, rollout={"maxUnavailable": "1", "timeout": 100000, "healthTimeout": 100000})
    (old,) = set(tags(project))
    project.edit(FILE, "Healthy", "healthy")
    project.order_fault("appUnhealthy", instances=["0"])

    assert interrupted(project, when="waiting for 0") != 0
    project.clear_faults()
    after = tags(project)
    project.up()

    assert [tag == old for tag in after] == [False] + [True] * 5
    assert (len({*tags(project)}), old in tags(project)) == (1, False)
    assert project.preview() == []


def interrupted(project: Project, when: str) -> int:
    """The exit code of an `up` that gets Ctrl-C when it prints *when* (then pulumi waits for what is being done), and again. It has ended with all its processes."""
    words = ["pulumi", "up", "--yes", "--skip-preview", "--non-interactive", "--stack", project.stack]
    with subprocess.Popen(
        words,
        cwd=project.folder,
        env=project.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        for expected in (when, "press ^C again"):
            while expected not in process.stdout.readline():
                assert process.poll() is None
            os.killpg(process.pid, signal.SIGINT)
        process.communicate(timeout=60)
    for _ in range(300):
        if not subprocess.run(["ps", "-o", "pid=", "-s", str(process.pid)], capture_output=True, text=True, check=False).stdout.strip():
            return process.returncode
        time.sleep(0.1)
    raise AssertionError("a process of the update is still there")
