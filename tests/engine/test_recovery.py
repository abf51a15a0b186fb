"""A kill -9 in the middle of `up`, and the way back."""

import os
import signal
import subprocess
import time
from collections.abc import Callable

import pytest

from tests.engine.project import Project


def start_and_wait(project: Project, writes: int) -> subprocess.Popen[bytes]:
    """Starts `up`, in a process group of its own, and waits for so many writes to Azure."""
    command = ["pulumi", "up", "--yes", "--skip-preview", "--non-interactive", "--stack", project.stack]
    process = subprocess.Popen(
        command, cwd=project.folder, env=project.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    deadline = time.monotonic() + 120
    while len(project.events("PUT")) < writes:
        assert process.poll() is None, "`up` ended before it was to be killed"
        assert time.monotonic() < deadline, "`up` made no progress"
        time.sleep(0.005)
    return process


def kill_engine(project: Project, process: subprocess.Popen[bytes]) -> None:
    """Kills the engine and the program."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    # The plugin has a process group of its own, and ends when its engine is gone.
    time.sleep(2)


@pytest.mark.parametrize("writes", [1, 5, 9])
def test_nothing_is_lost_or_made_twice(make_project: Callable[[str], Project], writes: int) -> None:
    """After one command `up` completes, the preview says no change, and each resource exists once."""
    project = make_project("linux-script")
    kill_engine(project, start_and_wait(project, writes))

    recovered = subprocess.run(
        ["scaleset", "recover", "--yes", "--stack", project.stack],
        cwd=project.folder,
        env=project.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert recovered.returncode == 0, recovered.stdout + recovered.stderr
    project.up()

    assert project.preview() == []
    types = sorted(
        resource["type"].rsplit("/", 1)[-1]
        for resource in project.resources()
        if resource["id"].split("/")[-2] not in ("virtualMachines", "disks", "rollingUpgrades")
    )
    assert types == [
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
