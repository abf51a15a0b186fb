"""A kill -9 in the middle of `up`, and the way back."""

import json
import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from contextlib import closing

import pytest

from offline import workspace
from tests.engine.project import Project, home

SCALE_SETS = "Microsoft.Compute/virtualMachineScaleSets"
RESOURCES = [
    "autoscaleSettings",
    "containers",
    "loadBalancers",
    "natGateways",
    "networkSecurityGroups",
    "publicIPAddresses",
    "publicIPAddresses",
    "resourceGroups",
    "roleAssignments",
    "storageAccounts",
    "userAssignedIdentities",
    "virtualMachineScaleSets",
    "virtualNetworks",
]
"""The types of what the stack linux-script makes."""


def resource_types(project: Project) -> list[str]:
    """The type of each resource in Azure but those that a scale set brings with it."""
    return sorted(
        resource["type"].rsplit("/", 1)[-1]
        for resource in project.resources()
        if resource["id"].split("/")[-2] not in ("virtualMachines", "disks", "rollingUpgrades")
    )


def start(project: Project) -> subprocess.Popen[bytes]:
    """Starts `up`, in a process group of its own."""
    command = ["pulumi", "up", "--yes", "--skip-preview", "--non-interactive", "--stack", project.stack]
    return subprocess.Popen(
        command, cwd=project.folder, env=project.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )


def wait_until(process: subprocess.Popen[bytes], reached: Callable[[], bool], pause: float = 0.005) -> None:
    """Waits until `up` has come so far."""
    deadline = time.monotonic() + 120
    while not reached():
        assert process.poll() is None, "`up` ended before it was to be killed"
        assert time.monotonic() < deadline, "`up` made no progress"
        time.sleep(pause)


def kill_engine(project: Project, process: subprocess.Popen[bytes]) -> None:
    """Kills the engine and the program."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    # The plugin has a process group of its own, and ends when its engine is gone.
    time.sleep(2)


def plugin_of(engine: subprocess.Popen[bytes]) -> int:
    """The process of azure-native that this engine started."""
    listed = subprocess.run(["ps", "-ax", "-o", "pid=,ppid=,args="], check=True, capture_output=True, text=True).stdout
    processes = [line.split(None, 2) for line in listed.splitlines()]
    (plugin,) = [int(pid) for pid, parent, command in processes if parent == str(engine.pid) and "offline.plugin" in command]
    return plugin


def kill_while_the_set_is_made(project: Project, engine: subprocess.Popen[bytes], written: int) -> bool:
    """Kills azure-native between two of its calls, when Azure has begun to make the scale set and hasn't ended: nothing moves while this test holds the lock.
    False when that moment went by unseen, as it may on a busy machine. *written*: how many writes there were before."""
    wait_until(engine, lambda: len(project.events("PUT")) > written)
    plugin = plugin_of(engine)
    seen: list[str] = []
    with closing(sqlite3.connect(workspace.azure_file(home(project.folder.parent)), timeout=0, isolation_level=None)) as azure:

        def begun() -> bool:
            try:
                azure.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:  # a call is being answered
                return False
            found = azure.execute("SELECT body FROM resources WHERE type = ?", (SCALE_SETS,)).fetchone()
            if found:
                seen.append(json.loads(found[0])["properties"]["provisioningState"])
                if seen == ["Creating"]:
                    os.kill(plugin, signal.SIGKILL)
            azure.execute("ROLLBACK")
            return bool(seen)

        wait_until(engine, begun, pause=0.0002)
    return seen == ["Creating"]


def kill_plugin_of_an_update(project: Project) -> subprocess.Popen[bytes]:
    """Starts `up`, and kills its azure-native while Azure makes the scale set; gives the engine."""
    for _ in range(5):
        written = len(project.events("PUT"))
        process = start(project)
        if kill_while_the_set_is_made(project, process, written):
            return process
        assert process.wait() == 0
        project.pulumi("destroy", "--yes", "--skip-preview")
    raise AssertionError("the moment when the scale set is made was never seen")


def recover(project: Project) -> str:
    """Runs the one command that the README names; gives its output."""
    done = subprocess.run(
        ["scaleset", "recover", "--yes", "--stack", project.stack],
        cwd=project.folder,
        env=project.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("writes", [1, 5, 9])
def test_nothing_is_lost_or_made_twice(make_project: Callable[[str], Project], writes: int) -> None:
    """After one command `up` completes, the preview says no change, and each resource exists once."""
    project = make_project("linux-script")
    process = start(project)
    wait_until(process, lambda: len(project.events("PUT")) >= writes)
    kill_engine(project, process)

    recover(project)
    project.up()

    assert project.preview() == []
    assert resource_types(project) == RESOURCES


def test_what_a_killed_plugin_was_creating_is_taken_in(make_project: Callable[[str], Project]) -> None:
    """The plugin alone dies while Azure makes the scale set: the engine keeps no note, and one command takes the set in all the same."""
    project = make_project("linux-script")
    process = kill_plugin_of_an_update(project)
    assert process.wait() != 0
    assert "cannot create already existing resource" in project.pulumi("up", "--yes", "--skip-preview", check=False).stdout

    told = recover(project)

    assert f"begun: web, {project.scale_set()['id']}" in told.splitlines()
    assert [(change.op, change.resource.rsplit(":", 1)[-1]) for change in project.preview()] == [
        ("create", "web-autoscale"),
        ("create", "web-rollout"),
    ]
    project.up()
    assert project.preview() == []
    assert resource_types(project) == RESOURCES
