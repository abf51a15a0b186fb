"""A program with more scale sets than it has threads."""

import json
import re
import subprocess
import threading
from pathlib import Path

import pytest

from offline import workspace
from offline.arm.http import Json
from tests.engine.project import KEY, Project, home

NAMES = [f"web{number}" for number in range(24)]
WAITING = re.compile(r"\b(web\d+)\b.*waiting for 0 \(health unhealthy\)")


def program() -> Json:
    """One network, and the scale sets of one instance each: a plugin has a thread for each core and four more."""
    place = {"resourceGroupName": "${group.name}", "location": "westeurope"}
    subnets = [{"name": "instances", "addressPrefix": "10.0.0.0/24"}]
    one = {
        **place,
        "os": "Linux",
        "image": "Ubuntu2204",
        "size": "Standard_D2s_v5",
        "capacity": 1,
        "admin": {"sshPublicKeys": [KEY]},
        "extensions": [{"applicationHealth": {"protocol": "http", "requestPath": "/health"}}],
        "upgrade": {"mode": "Manual"},
        "rollout": {"timeout": 100000, "healthTimeout": 100000},
        "network": {"subnetId": "${network.subnets[0].id}"},
    }
    resources: Json = {
        "group": {
            "type": "azure-native:resources:ResourceGroup",
            "properties": {"resourceGroupName": "many", "location": "westeurope"},
        },
        "network": {
            "type": "azure-native:network:VirtualNetwork",
            "properties": {**place, "virtualNetworkName": "vnet", "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": subnets},
        },
        **{name: {"type": "azure-scaleset:index:ScaleSet", "properties": one} for name in NAMES},
    }
    return {"name": "many", "runtime": "yaml", "resources": resources}


@pytest.fixture
def project(tmp_path: Path, server: dict[str, str]) -> Project:
    """The program, not deployed."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text(json.dumps(program()))
    made = Project(folder, "many", {**workspace.environment(home(tmp_path)), **server})
    made.pulumi("stack", "init", "many")
    return made


def test_all_wait_at_their_gates_at_the_same_time(project: Project) -> None:
    """No application answers: all gates tell that they wait, none holds up another, and the token that each needs comes meanwhile, though each registration holds a
    thread till its gate is passed. When the applications answer, all pass."""
    project.order_fault("appUnhealthy", instances=["0"])
    words = ["pulumi", "up", "--yes", "--skip-preview", "--non-interactive", "--stack", "many", "--parallel", "64"]
    waiting: set[str] = set()
    with subprocess.Popen(
        words, cwd=project.folder, env=project.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        watchdog = threading.Timer(240, process.kill)
        watchdog.start()
        said = []
        for line in process.stdout:
            said.append(line)
            waiting.update(WAITING.findall(line))
            if waiting == set(NAMES):
                project.clear_faults()
                break
        rest = process.communicate()[0]
        watchdog.cancel()
    passed = {
        line.split()[2]
        for line in rest.splitlines()
        if "rollout: 1 of 1 instances run the model, 1 of 1 serve" in line and line.startswith(" + ")
    }
    assert (process.returncode, waiting, passed) == (0, set(NAMES), set(NAMES)), "".join(said) + rest
