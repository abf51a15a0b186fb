"""`ScaleSetExtension`: an extension for a scale set that Azure's own SDK made, in a YAML program (row 6)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from azure.identity import ManagedIdentityCredential
from azure.mgmt.compute import ComputeManagementClient
from azure.mgmt.network import NetworkManagementClient
from azure.mgmt.resource.resources import ResourceManagementClient

from offline import workspace
from offline.arm.store import Store
from tests.engine.project import KEY
from tests.engine.test_yaml_program import Run
from tests.engine.test_yaml_program import pulumi as pulumi  # the fixture

SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
SET_ID = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/theirs/providers/Microsoft.Compute/virtualMachineScaleSets/web"
PROGRAM = f"""
name: adds-an-extension
runtime: yaml
resources:
  script:
    type: azure-scaleset:index:ScaleSetExtension
    properties:
      scaleSetId: {SET_ID}
      os: Linux
      extension:
        customScript:
          script: install.sh
outputs:
  extensionId: ${{script.extensionId}}
"""


@dataclass
class Theirs:
    """A scale set of somebody else: mode Manual, three instances, a tag, an extension of its own."""

    client: ComputeManagementClient
    body: dict[str, Any]

    def show(self) -> dict[str, Any]:
        """The set without its extensions, as Azure shows it, and without what every write changes."""
        shown: dict[str, Any] = self.client.virtual_machine_scale_sets.get("theirs", "web").as_dict()
        shown["properties"]["virtualMachineProfile"].pop("extensionProfile")
        return {key: value for key, value in shown.items() if key != "etag"}

    def extensions(self) -> list[str]:
        """The names of the extensions of its model."""
        return [str(each.name) for each in self.client.virtual_machine_scale_set_extensions.list("theirs", "web")]

    def ran(self, home: Path) -> dict[str, int]:
        """Instance -> how often CustomScript ran on it."""
        store = Store(workspace.azure_file(home))
        runs: dict[str, int] = {}
        for event in store.events("extensionRun"):
            if event["data"]["extension"] == "CustomScript":
                instance = event["subject"].rpartition("/")[2]
                runs[instance] = runs.get(instance, 0) + 1
        store.close()
        return runs


@pytest.fixture
def theirs(pulumi: Callable[..., Run], tmp_path: Path, server: dict[str, str]) -> Iterator[Theirs]:
    """The scale set, made by Azure's SDK."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in server.items():
            patch.setenv(name, value)
        options: dict[str, Any] = {
            "credential": ManagedIdentityCredential(),
            "subscription_id": SUBSCRIPTION,
            "base_url": server["OFFLINE_ARM_ENDPOINT"],
            "credential_scopes": [server["OFFLINE_AUDIENCE"] + ".default"],
        }
        ResourceManagementClient(**options).resource_groups.create_or_update("theirs", {"location": "westeurope"})
        network: Any = {
            "location": "westeurope",
            "properties": {
                "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
                "subnets": [{"name": "instances", "properties": {"addressPrefix": "10.0.0.0/24"}}],
            },
        }
        subnet = NetworkManagementClient(**options).virtual_networks.begin_create_or_update("theirs", "net", network).result().subnets
        assert subnet
        client = ComputeManagementClient(**options)
        body: Any = _body(str(subnet[0].id))
        client.virtual_machine_scale_sets.begin_create_or_update("theirs", "web", body).result()
        yield Theirs(client, body)


def _body(subnet_id: str) -> dict[str, Any]:
    address = {"name": "primary", "properties": {"primary": True, "subnet": {"id": subnet_id}}}
    own = {"publisher": "Microsoft.ManagedServices", "type": "ApplicationHealthLinux", "typeHandlerVersion": "1.0"}
    health = {"name": "health", "properties": {**own, "settings": {"protocol": "tcp", "port": 80}}}
    return {
        "location": "westeurope",
        "tags": {"owner": "somebody"},
        "sku": {"name": "Standard_D2s_v5", "tier": "Standard", "capacity": 3},
        "properties": {
            "overprovision": False,
            "upgradePolicy": {"mode": "Manual"},
            "virtualMachineProfile": {
                "osProfile": {
                    "computerNamePrefix": "web",
                    "adminUsername": "azureuser",
                    "linuxConfiguration": {
                        "disablePasswordAuthentication": True,
                        "ssh": {"publicKeys": [{"path": "/home/azureuser/.ssh/authorized_keys", "keyData": KEY}]},
                    },
                },
                "storageProfile": {
                    "imageReference": {
                        "publisher": "Canonical",
                        "offer": "0001-com-ubuntu-server-jammy",
                        "sku": "22_04-lts",
                        "version": "latest",
                    },
                    "osDisk": {"createOption": "FromImage", "caching": "ReadWrite", "managedDisk": {"storageAccountType": "Premium_LRS"}},
                },
                "networkProfile": {
                    "networkInterfaceConfigurations": [{"name": "nic", "properties": {"primary": True, "ipConfigurations": [address]}}]
                },
                "extensionProfile": {"extensions": [health]},
            },
        },
    }


@pytest.fixture
def program(tmp_path: Path, pulumi: Callable[..., Run]) -> Callable[[str], None]:
    """Writes the program and its script; makes the stack."""
    (tmp_path / "Pulumi.yaml").write_text(PROGRAM)
    (tmp_path / "install.sh").write_text("#!/bin/sh\necho one\n")
    assert pulumi("stack", "init", "test").code == 0

    def write(text: str) -> None:
        (tmp_path / "Pulumi.yaml").write_text(text)

    return write


def test_added_changed_and_removed(theirs: Theirs, program: Callable[[str], None], pulumi: Callable[..., Run], tmp_path: Path) -> None:
    """All three instances run it, at most one out at a time; nothing else of the set changes; an unchanged preview says so; destroy takes it out again."""
    home, before = tmp_path / "home", theirs.show()
    told, made = pulumi("preview"), pulumi("up", "--yes", "--skip-preview")
    assert (
        "[CustomScript] set: each of 3 instances installs and runs it, without a restart, at most 1 at a time, in this update"
        in told.output
    ), told.output
    assert (made.code, "3 of 3 instances run the model, 3 of 3 serve" in made.output) == (0, True), made.output
    assert (theirs.extensions(), theirs.ran(home), theirs.show()) == (["health", "CustomScript"], {"0": 1, "1": 1, "2": 1}, before)
    assert pulumi("preview", "--expect-no-changes").code == 0

    (tmp_path / "install.sh").write_text("#!/bin/sh\necho two\n")
    changed = pulumi("up", "--yes", "--skip-preview")
    assert (changed.code, theirs.ran(home), theirs.show()) == (0, {"0": 2, "1": 2, "2": 2}, before), changed.output

    assert pulumi("destroy", "--yes", "--skip-preview").code == 0
    assert (theirs.extensions(), theirs.show()) == (["health"], before)


def test_what_stands_against_it_is_refused(theirs: Theirs, program: Callable[[str], None], pulumi: Callable[..., Run]) -> None:
    """A name that is taken, a handler that is there already under another name, and a system that the set doesn't have, at preview."""
    program(
        PROGRAM.replace("customScript:\n          script: install.sh", "name: health\n        applicationHealth: {protocol: tcp, port: 80}")
    )
    taken = pulumi("preview")
    program(
        PROGRAM.replace("customScript:\n          script: install.sh", "name: mine\n        applicationHealth: {protocol: tcp, port: 80}")
    )
    twice = pulumi("preview")
    assert (taken.code != 0, "The scale set has an extension 'health' already" in taken.output) == (True, True), taken.output
    assert (twice.code != 0, "X1:" in twice.output) == (True, True), twice.output


def test_set_of_the_component_is_refused(theirs: Theirs, program: Callable[[str], None], pulumi: Callable[..., Run]) -> None:
    """One with the mark of `ScaleSet` has its extensions in its own model."""
    tagged: Any = {"tags": {"azure-scaleset-change": "0123456789ab"}}
    theirs.client.virtual_machine_scale_sets.begin_update("theirs", "web", tagged).result()
    refused = pulumi("preview")
    assert (refused.code != 0, "Put the extension into its `extensions`." in refused.output) == (True, True), refused.output


def test_gate_that_was_left_without_its_extension(
    theirs: Theirs, program: Callable[[str], None], pulumi: Callable[..., Run], tmp_path: Path
) -> None:
    """`--target` of the gate alone fails: the set hasn't got the changed extension (E1). So does a set whose owner wrote it whole."""
    assert pulumi("up", "--yes", "--skip-preview").code == 0
    (tmp_path / "install.sh").write_text("#!/bin/sh\necho two\n")
    alone = pulumi("up", "--yes", "--skip-preview", "--target", "**script-rollout", "--target", "**script-model")
    assert (alone.code != 0, "has another extension CustomScript than this update's" in alone.output) == (True, True), alone.output
