"""The commands of the source document, and those that go with them, by the real Azure CLI."""

import base64
import json
import shutil
import uuid
from pathlib import Path
from typing import Any

import pytest

from offline.arm import faults
from offline.arm.compute import publishing
from offline.workspace import CHECKOUT
from tests.az.conftest import Cli

pytestmark = pytest.mark.az

IMAGE = "Canonical:UbuntuServer:14.04.4-LTS:latest"
SET = "myScaleSet"


@pytest.fixture
def group(az: Cli) -> str:
    """A resource group, by `az group create`."""
    name = f"group-{uuid.uuid4().hex[:8]}"
    az("group", "create", "--name", name, "--location", "westeurope")
    return name


def created(az: Cli, group: str, *more: str, mode: str = "automatic") -> Any:
    """The document's `az vmss create`, with `more` words; gives the output of its deployment."""
    shutil.copy(CHECKOUT / "apps/linux-cloud-init/cloud-init.yaml", az.folder / "cloud-init.txt")
    words = ["--image", IMAGE, "--upgrade-policy-mode", mode, "--custom-data", "cloud-init.txt", "--admin-username", "azureuser"]
    return az("vmss", "create", "--resource-group", group, "--name", SET, *words, "--generate-ssh-keys", *more)["vmss"]


def events(az: Cli, group: str, kind: str) -> list[Any]:
    """(instance, data) of the events of a kind in a group."""
    found = [each for each in az.store.events(kind) if f"/{group.lower()}/" in each["subject"].lower()]
    return [(each["subject"].rpartition("/")[2], each["data"]) for each in found]


def of(group: str) -> list[str]:
    """The words that name the set in most commands."""
    return ["--resource-group", group, "--name", SET]


def extension_set(az: Cli, group: str, command: str = "bash installserver.sh") -> Any:
    """The document's `az vmss extension set`."""
    urls = ["https://raw.githubusercontent.com/Azure/azure-quickstart-templates/master/201-vmss-bottle-autoscale/installserver.sh"]
    (az.folder / "settings.json").write_text(json.dumps({"fileUris": urls, "commandToExecute": command}))
    words = ["--publisher", "Microsoft.Azure.Extensions", "--version", "2.0", "--name", "CustomScript", "--vmss-name", SET]
    return az("vmss", "extension", "set", "--resource-group", group, *words, "--settings", "@settings.json")


@pytest.mark.parametrize("orchestration", ["Uniform", "Flexible"])
def test_vmss_create_with_cloud_init(az: Cli, group: str, orchestration: str) -> None:
    """Row 5: two instances of the newest version of that image behind a balancer, with the file as their customData."""
    output = created(az, group, *(["--orchestration-mode", orchestration] if orchestration == "Uniform" else []))
    made = [data for _, data in events(az, group, "instanceCreated")]
    instances = az("vmss", "list-instances", *of(group))
    balancers = [each["name"] for each in az("network", "lb", "list", "--resource-group", group)]
    document = (CHECKOUT / "apps/linux-cloud-init/cloud-init.yaml").read_text()
    assert (output["provisioningState"], output["upgradePolicy"]["mode"], output["orchestrationMode"]) == (
        "Succeeded",
        "Automatic",
        orchestration,
    )
    assert output["virtualMachineProfile"]["osProfile"]["adminUsername"] == "azureuser"
    assert {data["imageReference"]["exactVersion"] for data in made} == {"14.04.201605091"}
    assert {base64.b64decode(data["customData"]).decode() for data in made} == {document}
    assert ([each["provisioningState"] for each in instances if each["provisioningState"] != "Deleting"], balancers) == (
        ["Succeeded", "Succeeded"],
        [f"{SET}LB"],
    )


@pytest.mark.parametrize("orchestration", ["Uniform", "Flexible"])
def test_vmss_extension_set(az: Cli, group: str, orchestration: str) -> None:
    """Row 6: added to a set that exists, it runs on every instance, and the instances have the latest model."""
    created(az, group, "--orchestration-mode", orchestration)
    extension_set(az, group)
    instances = {
        each["instanceId"]: each["latestModelApplied"]
        for each in az("vmss", "list-instances", *of(group))
        if each["provisioningState"] == "Succeeded"
    }
    ran = {name for name, data in events(az, group, "extensionRun") if data["status"] == "succeeded"}
    shown = az("vmss", "show", *of(group))
    (extension,) = shown["virtualMachineProfile"]["extensionProfile"]["extensions"]
    assert (set(instances) <= ran, set(instances.values()), len(instances)) == (True, {True}, 2)
    assert (extension["typeHandlerVersion"], extension["settings"]["commandToExecute"]) == ("2.0", "bash installserver.sh")
    assert shown["virtualMachineProfile"]["storageProfile"]["imageReference"]["offer"] == "UbuntuServer"


def test_update_instances(az: Cli, group: str) -> None:
    """Mode Manual: the extension waits for `update-instances`, and then it runs where it is told to, again after a change (row 8)."""
    created(az, group, "--orchestration-mode", "Uniform", "--disable-overprovision", mode="manual")
    extension_set(az, group)
    extension_set(az, group, "bash installserver.sh again")
    assert events(az, group, "extensionRun") == []
    az("vmss", "update-instances", *of(group), "--instance-ids", "1")
    latest = {each["instanceId"]: each["latestModelApplied"] for each in az("vmss", "list-instances", *of(group))}
    assert (latest, [name for name, _ in events(az, group, "extensionRun")]) == ({"0": False, "1": True}, ["1"])
    az("vmss", "update-instances", *of(group), "--instance-ids", "*")
    assert [name for name, _ in events(az, group, "extensionRun")] == ["1", "0"]


def test_rolling_upgrade(az: Cli, group: str) -> None:
    """Row 12: `start` brings the instances to a newer image, a batch after the other; `cancel` leaves the rest; `get-latest` tells both."""
    created(az, group, "--orchestration-mode", "Uniform", "--disable-overprovision", "--instance-count", "3", mode="manual")
    with az.store.transaction():
        publishing.publish(az.store, f"{IMAGE.rpartition(':')[0]}:14.04.{uuid.uuid4().int % 10**9 + 10**9}")
    az("vmss", "rolling-upgrade", "start", *of(group))
    going_on = az("vmss", "rolling-upgrade", "get-latest", *of(group))
    az("vmss", "rolling-upgrade", "cancel", *of(group))
    cancelled = az("vmss", "rolling-upgrade", "get-latest", *of(group))
    codes = [each["runningStatus"]["code"] for each in (going_on, cancelled)]
    assert (codes, cancelled["progress"]["pendingInstanceCount"] > 0) == (["RollingForward", "Cancelled"], True)
    az("vmss", "rolling-upgrade", "start", *of(group))
    while (upgrade := az("vmss", "rolling-upgrade", "get-latest", *of(group)))["runningStatus"]["code"] == "RollingForward":
        pass
    assert (upgrade["runningStatus"]["code"], {name for name, _ in events(az, group, "instanceReimaged")}) == ("Completed", {"0", "1", "2"})


def test_day_two_commands(az: Cli, group: str) -> None:
    """`scale`, `reimage`, `restart`, `deallocate`, `start`, `get-instance-view`, `delete-instances`."""
    created(az, group, "--orchestration-mode", "Uniform", "--disable-overprovision")
    az("vmss", "scale", *of(group), "--new-capacity", "4")
    assert [each["instanceId"] for each in az("vmss", "list-instances", *of(group))] == ["0", "1", "2", "3"]
    az("vmss", "reimage", *of(group), "--instance-ids", "2")
    assert [name for name, _ in events(az, group, "instanceReimaged")] == ["2"]
    az("vmss", "restart", *of(group), "--instance-ids", "1")
    az("vmss", "deallocate", *of(group), "--instance-ids", "0")
    view = az("vmss", "get-instance-view", *of(group), "--instance-id", "0")
    assert [each["code"] for each in view["statuses"]] == ["ProvisioningState/succeeded", "PowerState/deallocated"]
    az("vmss", "start", *of(group), "--instance-ids", "0")
    az("vmss", "delete-instances", *of(group), "--instance-ids", "1", "3")
    summary = az("vmss", "get-instance-view", *of(group))
    states = {each["code"]: each["count"] for each in summary["virtualMachine"]["statusesSummary"]}
    assert (states, az("vmss", "show", *of(group))["sku"]["capacity"]) == ({"PowerState/running": 2, "ProvisioningState/succeeded": 2}, 2)


def test_a_failed_extension_is_told(az: Cli, group: str) -> None:
    """The command fails and prints the extension's own output."""
    created(az, group, "--orchestration-mode", "Uniform", "--disable-overprovision")
    with az.store.transaction():
        number = faults.add(az.store, "extensionFails", payload="broken.sh", output="disk is full")
    (az.folder / "settings.json").write_text('{"commandToExecute": "bash broken.sh"}')
    words = ["--publisher", "Microsoft.Azure.Extensions", "--version", "2.0", "--name", "CustomScript", "--vmss-name", SET]
    said = az.fails("vmss", "extension", "set", "--resource-group", group, *words, "--settings", "settings.json")
    with az.store.transaction():
        faults.clear(az.store, number)
    assert "disk is full" in said


def test_a_wrong_model_is_refused(az: Cli, group: str) -> None:
    """What Azure refuses comes out of the deployment with Azure's code."""
    words = ["--image", IMAGE, "--admin-username", "azureuser", "--generate-ssh-keys", "--orchestration-mode", "Uniform"]
    said = az.fails("vmss", "create", *of(group), *words, "--priority", "Spot", "--max-price", "-5")
    assert "billingProfile.maxPrice" in said


def test_a_spot_instance_is_evicted(az: Cli, group: str) -> None:
    """`simulate-eviction`: by the set's policy the instance is deallocated, and stays."""
    created(
        az, group, "--orchestration-mode", "Uniform", "--disable-overprovision", "--priority", "Spot", "--eviction-policy", "Deallocate"
    )
    az("vmss", "simulate-eviction", *of(group), "--instance-id", "0")
    for _ in range(10):
        view = az("vmss", "get-instance-view", *of(group), "--instance-id", "0")
        if view["statuses"][1]["code"] == "PowerState/deallocated":
            break
    assert view["statuses"][1]["code"] == "PowerState/deallocated"
    assert len(az("vmss", "list-instances", *of(group))) == 2


def test_a_template_is_deployed(az: Cli, group: str) -> None:
    """`az deployment group create` with a template of one's own: validated, carried out, its output printed, its operations listed."""
    network = {
        "type": "Microsoft.Network/virtualNetworks",
        "apiVersion": "2024-05-01",
        "name": "[parameters('name')]",
        "location": "[resourceGroup().location]",
        "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}},
    }
    template = {
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "parameters": {"name": {"type": "string"}},
        "resources": [network],
        "outputs": {"id": {"type": "string", "value": "[resourceId('Microsoft.Network/virtualNetworks', parameters('name'))]"}},
    }
    (az.folder / "template.json").write_text(json.dumps(template))
    words = ["--resource-group", group, "--name", "mine"]
    done = az("deployment", "group", "create", *words, "--template-file", "template.json", "--parameters", "name=net")
    operations = az("deployment", "operation", "group", "list", *words)
    ends = Path(done["properties"]["outputs"]["id"]["value"]).name
    assert (ends, [each["properties"]["provisioningState"] for each in operations]) == ("net", ["Succeeded"])
