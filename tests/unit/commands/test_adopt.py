"""The words of `scaleset adopt`: what is written, what is told, what is refused."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from azure_scaleset.cli import main
from azure_scaleset.commands import adopt as command
from stacks import settings

ID = "/subscriptions/s/resourceGroups/shop/providers/Microsoft.Compute/virtualMachineScaleSets/web"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPf7ZrWOSGv2pW6PFv1uyVPMT0SmOne3hL1s1uY7mFmr test"
BODY: dict[str, Any] = {
    "id": ID,
    "location": "westeurope",
    "tags": {"team": "shop"},
    "sku": {"name": "Standard_D2s_v5", "tier": "Standard", "capacity": 2},
    "properties": {
        "orchestrationMode": "Uniform",
        "overprovision": True,
        "singlePlacementGroup": False,
        "upgradePolicy": {"mode": "Manual"},
        "virtualMachineProfile": {
            "osProfile": {
                "computerNamePrefix": "web",
                "adminUsername": "azureuser",
                "linuxConfiguration": {
                    "disablePasswordAuthentication": True,
                    "provisionVMAgent": True,
                    "ssh": {"publicKeys": [{"path": "/home/azureuser/.ssh/authorized_keys", "keyData": KEY}]},
                },
            },
            "storageProfile": {
                "imageReference": {
                    "publisher": "Canonical",
                    "offer": "ubuntu-24_04-lts",
                    "sku": "server",
                    "version": "latest",
                    "exactVersion": "24.04.202501010",
                },
                "osDisk": {
                    "createOption": "FromImage",
                    "caching": "ReadWrite",
                    "managedDisk": {"storageAccountType": "StandardSSD_LRS"},
                },
            },
            "networkProfile": {
                "networkInterfaceConfigurations": [
                    {
                        "name": "web-nic",
                        "properties": {
                            "primary": True,
                            "ipConfigurations": [{"name": "primary", "properties": {"primary": True, "subnet": {"id": "/subnet"}}}],
                        },
                    }
                ]
            },
            "diagnosticsProfile": {"bootDiagnostics": {"enabled": True}},
        },
        "provisioningState": "Succeeded",
    },
}
CONFIG = {
    "azure-scaleset:location": "westeurope",
    "azure-scaleset:name": "web",
    "azure-scaleset:tags": {"team": "shop"},
    "azure-scaleset:adopt": {"scaleSetId": ID, "asFound": True, "unread": ["customData"]},
    "azure-scaleset:os": "Linux",
    "azure-scaleset:image": "Canonical:ubuntu-24_04-lts:server:latest",
    "azure-scaleset:size": "Standard_D2s_v5",
    "azure-scaleset:admin": {"username": "azureuser", "sshPublicKeys": [KEY]},
    "azure-scaleset:computerNamePrefix": "web",
    "azure-scaleset:upgrade": {"mode": "Manual"},
    "azure-scaleset:network": {"subnetId": "/subnet"},
    "azure-scaleset:security": {"type": "Standard"},
    "azure-scaleset:osDisk": {"storageAccountType": "StandardSSD_LRS"},
    "azure-scaleset:bootDiagnostics": {"enabled": True},
    "azure-scaleset:overrides": {
        "overprovision": True,
        "virtualMachineProfile": {"networkProfile": {"networkInterfaceConfigurations": {"nic": {"name": "web-nic"}}}},
    },
}
NIC = "virtualMachineProfile.networkProfile.networkInterfaceConfigurations.nic.name"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the stack file goes: a project in the current folder, and a scale set in Azure."""
    (tmp_path / "Pulumi.yaml").write_text("name: azure-scaleset\nruntime: python\nstackConfigDir: stacks\n")
    monkeypatch.chdir(tmp_path)
    live = SimpleNamespace(id=ID, name="web", arm=SimpleNamespace(get=lambda *_, **__: BODY))
    monkeypatch.setattr(command, "connect", lambda _: live)
    return tmp_path / "stacks" / "Pulumi.web.yaml"


def test_the_stack_file(file: Path) -> None:
    """Arguments, and what no argument says in the overrides."""
    assert main(["adopt", ID]) == 0
    assert yaml.safe_load(file.read_text()) == {"config": CONFIG}


def test_the_stack_takes_it(file: Path) -> None:
    """The program reads it without a problem, and knows whose group it is."""
    main(["adopt", ID])
    given = {key.partition(":")[2]: value for key, value in yaml.safe_load(file.read_text())["config"].items()}

    read = settings.read(given, "azure-scaleset", "web")

    assert (read.adopted_group, read.name, read.tags, read.network) == ("shop", "web", {"team": "shop"}, {"subnet_id": "/subnet"})


def test_the_story_ends_with_the_next_command(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was written, overridden and not read."""
    main(["adopt", ID])

    assert capsys.readouterr().out.splitlines() == [
        f"{file} is written: its first `pulumi up` imports web and changes nothing.",
        "In overrides, because no other argument says it:",
        "  overprovision",
        f"  {NIC}",
        "Azure doesn't show, and changes are refused until it is given or taken off adopt.unread:",
        "  customData",
        "Next: pulumi stack init web && pulumi preview --stack web",
    ]


def test_the_document(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What docs/commands.md describes, for a program of one's own."""
    main(["adopt", ID, "--output", "json", "--stack", "web"])

    own = ("azure-scaleset:location", "azure-scaleset:name", "azure-scaleset:tags")
    assert json.loads(capsys.readouterr().out) == {
        "scaleSet": ID,
        "stack": "web",
        "stackFile": str(file),
        "location": "westeurope",
        "tags": {"team": "shop"},
        "arguments": {key.partition(":")[2]: value for key, value in CONFIG.items() if key not in own},
        "overridden": ["overprovision", NIC],
        "unread": ["customData"],
    }


def test_nothing_is_overwritten_without_a_yes(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody is at a terminal: exit code 2, the file as it was, and the command that overwrites it."""
    file.parent.mkdir()
    file.write_text("mine")

    assert main(["adopt", ID]) == 2
    assert capsys.readouterr().err == (
        f"{file} exists, and nothing was written. To overwrite it: scaleset adopt {ID} --stack-file {file} --yes. Or take another one with --stack.\n"
    )
    assert file.read_text() == "mine"
    assert main(["adopt", ID, "--yes"]) == 0
    assert file.read_text() != "mine"


def test_what_stops_it(file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A set that can't be described: the reason in one line, and no file."""
    empty = {**BODY, "properties": {"orchestrationMode": "Flexible"}}
    live = SimpleNamespace(id=ID, name="web", arm=SimpleNamespace(get=lambda *_, **__: empty))
    monkeypatch.setattr(command, "connect", lambda _: live)

    assert main(["adopt", ID]) == 2
    assert capsys.readouterr().err == (
        "The scale set web can't be adopted: The scale set has no model (virtualMachineProfile): its machines were made one by one, and there is nothing to "
        "update them by.\n"
    )
    assert not file.exists()
