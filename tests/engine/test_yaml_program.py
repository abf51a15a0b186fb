"""A YAML program on the offline Azure: the stand-in tells its types, so the YAML host can check and run it."""

import subprocess
from pathlib import Path

from offline import workspace
from offline.arm.store import Store

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


def pulumi(folder: Path, *words: str) -> str:
    """Runs pulumi in the folder, with a home below it; its output."""
    done = subprocess.run(
        ["pulumi", *words, "--non-interactive"],
        cwd=folder,
        env=workspace.environment(folder / "home"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_up_no_change_destroy(tmp_path: Path) -> None:
    """The program deploys, an unchanged preview says so, and destroy leaves nothing."""
    (tmp_path / "Pulumi.yaml").write_text(PROGRAM)
    pulumi(tmp_path, "stack", "init", "test")

    pulumi(tmp_path, "up", "--yes", "--skip-preview")
    pulumi(tmp_path, "preview", "--expect-no-changes")
    store = Store(workspace.azure_file(tmp_path / "home"))
    made = [resource["id"] for resource in store.resources()]
    pulumi(tmp_path, "destroy", "--yes", "--skip-preview")

    group = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/yaml"
    assert made == [group, f"{group}/providers/Microsoft.Network/virtualNetworks/vnet"]
    assert store.resources() == []
