"""Azure's own Python SDK, unmodified, makes machines and images on the offline Azure over https."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError, ResourceExistsError
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.compute import ComputeManagementClient
from azure.mgmt.imagebuilder import ImageBuilderClient
from azure.mgmt.msi import ManagedServiceIdentityClient
from azure.mgmt.network import NetworkManagementClient
from azure.mgmt.resource.resources import ResourceManagementClient

from tests.contract.conftest import SUBSCRIPTION

PUBLISHER = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/85a2d0d9-2eba-4c9c-b355-11c2cc0788ab"
REGION = "westeurope"
UBUNTU = {"publisher": "Canonical", "offer": "ubuntu-24_04-lts", "sku": "server", "version": "latest"}
DEPROVISION = "systemd-run --on-active=20 sh -c 'waagent -deprovision+user -force && poweroff'"


@pytest.fixture
def group(client_options: dict[str, Any]) -> Iterator[str]:
    """A resource group that is deleted with everything in it."""
    groups = ResourceManagementClient(subscription_id=SUBSCRIPTION, **client_options).resource_groups
    name = f"images-{uuid.uuid4().hex[:8]}"
    groups.create_or_update(name, {"location": REGION})
    yield name
    groups.begin_delete(name).result()


@pytest.fixture
def compute(client_options: dict[str, Any]) -> ComputeManagementClient:
    """The compute client."""
    return ComputeManagementClient(subscription_id=SUBSCRIPTION, **client_options)


@pytest.fixture
def machine(client_options: dict[str, Any], compute: ComputeManagementClient, group: str) -> str:
    """A machine that runs; gives its id."""
    network = NetworkManagementClient(subscription_id=SUBSCRIPTION, **client_options)
    space = {"addressPrefixes": ["10.0.0.0/16"]}
    subnets = [{"name": "build", "properties": {"addressPrefix": "10.0.0.0/24"}}]
    net: Any = {"location": REGION, "properties": {"addressSpace": space, "subnets": subnets}}
    subnet = network.virtual_networks.begin_create_or_update(group, "net", net).result().subnets[0].id
    nic: Any = {"location": REGION, "properties": {"ipConfigurations": [{"name": "ip", "properties": {"subnet": {"id": subnet}}}]}}
    interface = network.network_interfaces.begin_create_or_update(group, "nic", nic).result().id
    body: Any = {
        "location": REGION,
        "properties": {
            "hardwareProfile": {"vmSize": "Standard_D2s_v5"},
            "storageProfile": {"imageReference": UBUNTU, "osDisk": {"createOption": "FromImage"}},
            "osProfile": {"computerName": "build", "adminUsername": "azureuser", "adminPassword": "Long-Enough-1"},
            "networkProfile": {"networkInterfaces": [{"id": interface}]},
        },
    }
    return str(compute.virtual_machines.begin_create_or_update(group, "build", body).result().id)


def test_machine_becomes_a_version(compute: ComputeManagementClient, group: str, machine: str) -> None:
    """Run-command gives its output, the machine turns itself off, is generalized and captured; the version has arrived, and its definition can't go before it."""
    asked: Any = {"commandId": "RunShellScript", "script": [DEPROVISION]}
    output: Any = compute.virtual_machines.begin_run_command(group, "build", asked).result()
    while "PowerState/stopped" not in _states(compute, group):
        pass
    compute.virtual_machines.begin_deallocate(group, "build").result()
    compute.virtual_machines.generalize(group, "build")
    gallery: Any = {"location": REGION}
    compute.galleries.begin_create_or_update(group, "golden", gallery).result()
    definition: Any = {
        "location": REGION,
        "properties": {
            "osType": "Linux",
            "osState": "Generalized",
            "hyperVGeneration": "V2",
            "features": [{"name": "SecurityType", "value": "TrustedLaunch"}],
            "identifier": {"publisher": "contoso", "offer": "web", "sku": "web"},
        },
    }
    compute.gallery_images.begin_create_or_update(group, "golden", "web", definition).result()
    version: Any = {"location": REGION, "properties": {"storageProfile": {"source": {"virtualMachineId": machine}}}}
    made: Any = compute.gallery_image_versions.begin_create_or_update(group, "golden", "web", "1.0.0", version).result()
    shown: Any = compute.gallery_image_versions.get(group, "golden", "web", "1.0.0", expand="ReplicationStatus")
    with pytest.raises(ResourceExistsError, match="CannotDeleteResource"):
        compute.gallery_images.begin_delete(group, "golden", "web").result()
    assert (output.value[0].code, _states(compute, group)[1], made.provisioning_state, shown.replication_status.aggregated_state) == (
        "ProvisioningState/succeeded",
        "OSState/generalized",
        "Succeeded",
        "Completed",
    )


def _states(compute: ComputeManagementClient, group: str) -> list[str]:
    view: Any = compute.virtual_machines.instance_view(group, "build")
    return [each.code for each in view.statuses]


def test_managed_image_of_trusted_launch_is_refused(compute: ComputeManagementClient, group: str, machine: str) -> None:
    """The refusal comes as the SDK's own exception."""
    body: Any = {"location": REGION, "properties": {"sourceVirtualMachine": {"id": machine}, "hyperVGeneration": "V2"}}
    with pytest.raises(HttpResponseError, match="TrustedLaunch security type"):
        compute.images.begin_create_or_update(group, "golden", body)


def test_extension_of_a_machine(compute: ComputeManagementClient, group: str, machine: str) -> None:
    """It is listed with its state, shows in the machine's view, and is gone when it is removed."""
    body: Any = {
        "location": REGION,
        "properties": {
            "publisher": "Microsoft.Azure.Extensions",
            "type": "CustomScript",
            "typeHandlerVersion": "2.1",
            "settings": {"commandToExecute": "echo"},
            "protectedSettings": {},
        },
    }
    made: Any = compute.virtual_machine_extensions.begin_create_or_update(group, "build", "script", body).result()
    view: Any = compute.virtual_machines.instance_view(group, "build")
    compute.virtual_machine_extensions.begin_delete(group, "build", "script").result()
    left: Any = compute.virtual_machines.get(group, "build")
    assert (made.provisioning_state, [each.name for each in view.extensions], left.resources) == ("Succeeded", ["script"], None)


def test_image_builder(client_options: dict[str, Any], compute: ComputeManagementClient, group: str) -> None:
    """A template is taken in, run, and has the version that it made as its output."""
    identities = ManagedServiceIdentityClient(subscription_id=SUBSCRIPTION, **client_options)
    roles = AuthorizationManagementClient(subscription_id=SUBSCRIPTION, **client_options)
    builder = ImageBuilderClient(subscription_id=SUBSCRIPTION, **client_options)
    identity = identities.user_assigned_identities.create_or_update(group, "builder", {"location": REGION})
    gallery: Any = {"location": REGION}
    home: Any = compute.galleries.begin_create_or_update(group, "built", gallery).result()
    role: Any = {"properties": {"principalId": identity.principal_id, "roleDefinitionId": PUBLISHER, "principalType": "ServicePrincipal"}}
    roles.role_assignments.create(home.id, str(uuid.uuid4()), role)
    definition: Any = {
        "location": REGION,
        "properties": {
            "osType": "Linux",
            "osState": "Generalized",
            "hyperVGeneration": "V2",
            "identifier": {"publisher": "contoso", "offer": "web", "sku": "web"},
        },
    }
    image: Any = compute.gallery_images.begin_create_or_update(group, "built", "web", definition).result()
    target = {"type": "SharedImage", "runOutputName": "gallery", "galleryImageId": image.id, "targetRegions": [{"name": REGION}]}
    template: Any = {
        "location": REGION,
        "identity": {"type": "UserAssigned", "userAssignedIdentities": {identity.id: {}}},
        "properties": {
            "source": {"type": "PlatformImage", **UBUNTU},
            "customize": [{"type": "Shell", "name": "install", "inline": ["apt-get install -y nginx"]}],
            "distribute": [target],
        },
    }
    builder.virtual_machine_image_templates.begin_create_or_update(group, "web", template).result()
    builder.virtual_machine_image_templates.begin_run(group, "web").result()
    done: Any = builder.virtual_machine_image_templates.get(group, "web")
    output: Any = builder.virtual_machine_image_templates.get_run_output(group, "web", "gallery")
    versions = [each.id for each in compute.gallery_image_versions.list_by_gallery_image(group, "built", "web")]
    assert (done.properties.last_run_status.run_state, [output.properties.artifact_id]) == ("Succeeded", versions)
