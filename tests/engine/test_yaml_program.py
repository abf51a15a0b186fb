"""YAML programs on the offline Azure: with azure-native's types, and with the components as a plugin."""

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from offline import workspace
from offline.arm import faults
from offline.arm.store import Store
from tests.engine.project import KEY, home

PROGRAM = """
name: yaml-program
runtime: yaml
resources:
  group:
    type: azure-native:resources:ResourceGroup
    properties:
      resourceGroupName: yaml
      location: westeurope
  network:
    type: azure-native:network:VirtualNetwork
    properties:
      resourceGroupName: ${group.name}
      virtualNetworkName: vnet
      addressSpace:
        addressPrefixes: [10.0.0.0/16]
      subnets:
        - name: instances
          addressPrefix: 10.0.0.0/24
outputs:
  networkId: ${network.id}
"""


COMPONENTS = f"""
name: yaml-components
runtime: yaml
resources:
  group:
    type: azure-native:resources:ResourceGroup
    properties:
      resourceGroupName: yaml
      location: westeurope
  network:
    type: azure-scaleset:index:Network
    properties:
      resourceGroupName: ${{group.name}}
      location: westeurope
      loadBalancer:
        rules: [{{port: 80}}]
        probe: {{port: 80, path: /health}}
  web:
    type: azure-scaleset:index:ScaleSet
    properties:
      resourceGroupName: ${{group.name}}
      location: westeurope
      os: Linux
      image: Ubuntu2204
      size: Standard_D2s_v5
      capacity: 3
      admin:
        sshPublicKeys: ["{KEY}"]
      extensions:
        - customScript:
            script: install.sh
      upgrade:
        mode: Manual
      network:
        subnetId: ${{network.subnetId}}
        backendPoolIds: ["${{network.backendPoolId}}"]
        healthProbeId: ${{network.probeId}}
outputs:
  scaleSetId: ${{web.scaleSetId}}
"""


@dataclass(frozen=True)
class Run:
    """A command that ended."""

    code: int
    output: str


@pytest.fixture
def pulumi(tmp_path: Path, server: dict[str, str]) -> Callable[..., Run]:
    """Runs pulumi in the test's folder, with an Azure and a home below it; the plugin is the installed package's program on PATH."""
    environment = {**workspace.environment(home(tmp_path)), **server}

    def run(*words: str) -> Run:
        done = subprocess.run(
            ["pulumi", *words, "--non-interactive"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        return Run(done.returncode, done.stdout + done.stderr)

    return run


def test_azure_native_types(tmp_path: Path, pulumi: Callable[..., Run]) -> None:
    """A program with azure-native alone deploys, an unchanged preview says so, and destroy leaves nothing."""
    (tmp_path / "Pulumi.yaml").write_text(PROGRAM)
    runs = [pulumi("stack", "init", "test"), pulumi("up", "--yes", "--skip-preview"), pulumi("preview", "--expect-no-changes")]
    store = Store(workspace.azure_file(tmp_path / "home"))
    made = [resource["id"] for resource in store.resources()]
    runs.append(pulumi("destroy", "--yes", "--skip-preview"))

    group = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/yaml"
    assert [run.code for run in runs] == [0, 0, 0, 0], runs
    assert made == [group, f"{group}/providers/Microsoft.Network/virtualNetworks/vnet"]
    assert store.resources() == []


def test_components_as_a_plugin(tmp_path: Path, pulumi: Callable[..., Run]) -> None:
    """Through the plugin a script that fails stops the rollout in `up`, the mended one reaches all, and a preview refuses what Azure would."""
    (tmp_path / "Pulumi.yaml").write_text(COMPONENTS)
    (tmp_path / "install.sh").write_text("#!/bin/sh\necho one\n")
    assert pulumi("stack", "init", "test").code == 0
    first = pulumi("up", "--yes", "--skip-preview")
    assert (first.code, "3 of 3 instances run the model, 3 of 3 serve" in first.output) == (0, True), first.output
    assert pulumi("preview", "--expect-no-changes").code == 0

    store = Store(workspace.azure_file(tmp_path / "home"))
    with store.transaction():
        faults.add(store, "extensionFails", instances=["1"], output="cannot stat the archive", times=1)
    (tmp_path / "install.sh").write_text("#!/bin/sh\necho two\n")
    told = pulumi("preview")
    failed = pulumi("up", "--yes", "--skip-preview")
    assert "runs it again with the new settings, at most 1 at a time, in this update" in told.output
    assert (failed.code == 0, "cannot stat the archive" in failed.output, "2 of 3 serve" in failed.output) == (False, True, True), (
        failed.output
    )

    (tmp_path / "install.sh").write_text("#!/bin/sh\necho three\n")
    assert pulumi("up", "--yes", "--skip-preview").code == 0
    last = {event["subject"]: event["data"]["forceUpdateTag"] for event in store.events("extensionRun")}
    assert (len(last), len(set(last.values()))) == (3, 1)

    (tmp_path / "Pulumi.yaml").write_text(COMPONENTS.replace("Standard_D2s_v5\n", "Standard_D2s_v5\n      computerNamePrefix: other\n"))
    refused = pulumi("preview")
    assert (refused.code == 0, "computerNamePrefix web -> other: Azure refuses it on a set that exists" in refused.output) == (False, True)
