"""Azure's own Python SDK, unmodified, reads and changes the offline Azure over https."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError, ResourceNotFoundError
from azure.identity import ManagedIdentityCredential
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.compute import ComputeManagementClient
from azure.mgmt.msi import ManagedServiceIdentityClient
from azure.mgmt.network import NetworkManagementClient
from azure.mgmt.resource.resources import ResourceManagementClient
from azure.mgmt.storage import StorageManagementClient
from azure.mgmt.storage.models import BlobContainer

from tests.contract.conftest import SUBSCRIPTION

BLOB_READER = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"
REGION = "westeurope"


@pytest.fixture
def group(client_options: dict[str, Any]) -> Iterator[str]:
    """A resource group that is deleted with everything in it."""
    groups = ResourceManagementClient(subscription_id=SUBSCRIPTION, **client_options).resource_groups
    name = f"group-{uuid.uuid4().hex[:8]}"
    groups.create_or_update(name, {"location": REGION})
    yield name
    groups.begin_delete(name).result()


@pytest.fixture
def network(client_options: dict[str, Any]) -> NetworkManagementClient:
    """The network client."""
    return NetworkManagementClient(subscription_id=SUBSCRIPTION, **client_options)


def _network_of(network: NetworkManagementClient, group: str) -> str:
    space = {"addressPrefixes": ["10.0.0.0/16"]}
    subnets = [{"name": "instances", "properties": {"addressPrefix": "10.0.0.0/24"}}]
    body: Any = {"location": REGION, "properties": {"addressSpace": space, "subnets": subnets}}
    return str(network.virtual_networks.begin_create_or_update(group, "net", body).result().subnets[0].id)


def test_network_is_made_read_and_deleted(network: NetworkManagementClient, group: str) -> None:
    """A virtual network is created through a poller, its subnet is read as a resource of its own, and deleting it empties the list."""
    _network_of(network, group)
    read = network.subnets.get(group, "net", "instances")
    listed = [each.name for each in network.virtual_networks.list(group)]
    network.virtual_networks.begin_delete(group, "net").result()
    assert (read.address_prefix, listed, list(network.virtual_networks.list(group))) == ("10.0.0.0/24", ["net"], [])


def test_refusal_comes_as_the_exception_of_the_sdk(network: NetworkManagementClient, group: str) -> None:
    """A reference to nothing is an HttpResponseError with Azure's code and the path of the property."""
    address = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{group}/providers/Microsoft.Network/publicIPAddresses/none"
    frontend = {"name": "front", "properties": {"publicIPAddress": {"id": address}}}
    body: Any = {"location": REGION, "sku": {"name": "Standard"}, "properties": {"frontendIPConfigurations": [frontend]}}
    with pytest.raises(HttpResponseError) as refusal:
        network.load_balancers.begin_create_or_update(group, "balancer", body)
    error: Any = refusal.value.error
    assert (refusal.value.status_code, error.code, error.target) == (
        400,
        "InvalidResourceReference",
        "properties.frontendIPConfigurations[0].properties.publicIPAddress.id",
    )


def test_missing_resource_is_not_found(network: NetworkManagementClient, group: str) -> None:
    """GET of what does not exist raises ResourceNotFoundError."""
    with pytest.raises(ResourceNotFoundError, match="ResourceNotFound"):
        network.public_ip_addresses.get(group, "none")


def test_wrong_audience_is_refused(served: dict[str, str]) -> None:
    """A token for another service is a 401."""
    client = NetworkManagementClient(
        ManagedIdentityCredential(),
        SUBSCRIPTION,
        base_url=served["OFFLINE_ARM_ENDPOINT"],
        credential_scopes=["https://vault.azure.net/.default"],
    )
    with pytest.raises(ClientAuthenticationError, match="InvalidAuthenticationTokenAudience"):
        list(client.virtual_networks.list_all())


def test_storage_identity_and_role(client_options: dict[str, Any], group: str) -> None:
    """An account with a container, an identity, and its role on the account: each by the client of its service."""
    storage = StorageManagementClient(subscription_id=SUBSCRIPTION, **client_options)
    identities = ManagedServiceIdentityClient(subscription_id=SUBSCRIPTION, **client_options)
    roles = AuthorizationManagementClient(subscription_id=SUBSCRIPTION, **client_options)
    name = f"acct{uuid.uuid4().hex[:8]}"
    body: Any = {"location": REGION, "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
    account = storage.storage_accounts.begin_create(group, name, body).result()
    storage.blob_containers.create(group, name, "payload", BlobContainer())
    identity = identities.user_assigned_identities.create_or_update(group, "reader", {"location": REGION})
    assignment: Any = {
        "properties": {"principalId": identity.principal_id, "roleDefinitionId": BLOB_READER, "principalType": "ServicePrincipal"}
    }
    roles.role_assignments.create(account.id, str(uuid.uuid4()), assignment)
    found = list(roles.role_assignments.list_for_scope(account.id))
    keys = storage.storage_accounts.list_keys(group, name).keys_property
    containers = [each.name for each in storage.blob_containers.list(group, name)]
    assert ([each.principal_id for each in found], len(keys or []), containers) == ([identity.principal_id], 2, ["payload"])


def test_scale_set_is_listed_updated_and_its_instances_read(
    client_options: dict[str, Any], network: NetworkManagementClient, group: str
) -> None:
    """A scale set is created, scaled by PATCH, and lists as many instances as it has capacity."""
    sets = ComputeManagementClient(subscription_id=SUBSCRIPTION, **client_options)
    subnet = _network_of(network, group)
    sets.virtual_machine_scale_sets.begin_create_or_update(group, "web", _scale_set(subnet)).result()
    change: Any = {"sku": {"name": "Standard_D2s_v5", "capacity": 3}}
    sets.virtual_machine_scale_sets.begin_update(group, "web", change).result()
    listed = [(each.name, each.sku.capacity) for each in sets.virtual_machine_scale_sets.list(group) if each.sku]
    instances = list(sets.virtual_machine_scale_set_vms.list(group, "web"))
    assert (listed, len(instances), {each.latest_model_applied for each in instances}) == ([("web", 3)], 3, {True})


def _scale_set(subnet: str) -> Any:
    interface = {"primary": True, "ipConfigurations": [{"name": "ip", "properties": {"subnet": {"id": subnet}}}]}
    image = {"publisher": "Canonical", "offer": "ubuntu-24_04-lts", "sku": "server", "version": "latest"}
    profile = {
        "storageProfile": {"imageReference": image, "osDisk": {"createOption": "FromImage"}},
        "osProfile": {"computerNamePrefix": "web", "adminUsername": "azureuser", "adminPassword": "Long-Enough-1"},
        "networkProfile": {"networkInterfaceConfigurations": [{"name": "nic", "properties": interface}]},
    }
    properties = {"upgradePolicy": {"mode": "Manual"}, "overprovision": False, "virtualMachineProfile": profile}
    return {"location": REGION, "sku": {"name": "Standard_D2s_v5", "capacity": 2}, "properties": properties}
