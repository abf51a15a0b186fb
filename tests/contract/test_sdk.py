"""Azure's own Python SDK, unmodified, reads and changes the offline Azure over https."""

import uuid
from collections.abc import Iterator
from contextlib import closing
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError, ResourceNotFoundError
from azure.identity import ManagedIdentityCredential
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.compute import ComputeManagementClient
from azure.mgmt.msi import ManagedServiceIdentityClient
from azure.mgmt.network import NetworkManagementClient
from azure.mgmt.resource.resources import ResourceManagementClient
from azure.mgmt.storage import StorageManagementClient
from azure.mgmt.storage.models import BlobContainer

from offline.arm import faults
from offline.arm.store import Store
from offline.workspace import azure_file
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


@pytest.fixture
def home(served: dict[str, str]) -> Path:
    """The folder of the server's state: its certificate authority is in it."""
    return Path(served["REQUESTS_CA_BUNDLE"]).parents[1]


@pytest.fixture
def sets(client_options: dict[str, Any]) -> ComputeManagementClient:
    """The compute client."""
    return ComputeManagementClient(subscription_id=SUBSCRIPTION, **client_options)


def _deploy(sets: ComputeManagementClient, network: NetworkManagementClient, group: str, mode: str, capacity: int) -> Any:
    """A set with a script and a health extension, and its body."""
    body = _scale_set(_network_of(network, group))
    body["sku"]["capacity"] = capacity
    body["properties"]["upgradePolicy"] = {"mode": mode}
    body["properties"]["virtualMachineProfile"]["extensionProfile"] = {"extensions": [_script("1"), _health()]}
    sets.virtual_machine_scale_sets.begin_create_or_update(group, "web", body).result()
    return body


def _script(tag: str) -> Any:
    own = {"publisher": "Microsoft.Azure.Extensions", "type": "CustomScript", "typeHandlerVersion": "2.1", "forceUpdateTag": tag}
    return {"name": "script", "properties": {**own, "settings": {"commandToExecute": "true"}}}


def _health() -> Any:
    own = {"publisher": "Microsoft.ManagedServices", "type": "ApplicationHealthLinux", "typeHandlerVersion": "1.0"}
    return {"name": "health", "properties": {**own, "settings": {"protocol": "tcp", "port": 80}}}


def _changed(body: Any) -> Any:
    """The body with another script."""
    profile = {**body["properties"]["virtualMachineProfile"], "extensionProfile": {"extensions": [_script("2"), _health()]}}
    return {**body, "properties": {**body["properties"], "virtualMachineProfile": profile}}


def _latest(sets: ComputeManagementClient, group: str) -> dict[str, Any]:
    """Instance -> whether it has the latest model."""
    found = sets.virtual_machine_scale_set_vms.list(group, "web")
    return {str(each.instance_id): each.latest_model_applied for each in found}


def test_instances_are_updated_and_reimaged_by_pollers(sets: ComputeManagementClient, network: NetworkManagementClient, group: str) -> None:
    """Mode Manual: only the instances that are named get the model; a reimage gives a new disk, whose time says so."""
    sets.virtual_machine_scale_sets.begin_create_or_update(group, "web", _changed(_deploy(sets, network, group, "Manual", 2))).result()
    instances: Any = {"instanceIds": ["1"]}
    sets.virtual_machine_scale_sets.begin_update_instances(group, "web", instances).result()
    assert _latest(sets, group) == {"0": False, "1": True}
    before = {each.managed_by: each.time_created for each in sets.disks.list_by_resource_group(group)}
    sets.virtual_machine_scale_set_vms.begin_reimage(group, "web", "1").result()
    after = {each.managed_by: each.time_created for each in sets.disks.list_by_resource_group(group)}
    assert [before[each] == after[each] for each in sorted(after, key=str)] == [True, False]


def test_an_instance_is_watched_through_its_view(sets: ComputeManagementClient, network: NetworkManagementClient, group: str) -> None:
    """Not healthy right after a restart, healthy some looks later."""
    _deploy(sets, network, group, "Manual", 1)
    sets.virtual_machine_scale_set_vms.begin_restart(group, "web", "0").result()
    states: list[str] = []
    while not states or states[-1] != "HealthState/healthy":
        view: Any = sets.virtual_machine_scale_set_vms.get_instance_view(group, "web", "0")
        states.append(view.vm_health.status.code)
        assert len(states) < 10
    assert set(states[:-1]) <= {"HealthState/unknown"}


def test_a_rolling_upgrade_is_cancelled_and_begun_again(
    sets: ComputeManagementClient, network: NetworkManagementClient, group: str
) -> None:
    """The PUT ends first; cancel leaves the rest on the old model, an empty update brings them on."""
    body = _deploy(sets, network, group, "Rolling", 3)
    sets.virtual_machine_scale_sets.begin_create_or_update(group, "web", _changed(body)).result()
    upgrades = sets.virtual_machine_scale_set_rolling_upgrades
    first: Any = upgrades.get_latest(group, "web")
    upgrades.begin_cancel(group, "web").result()
    cancelled: Any = upgrades.get_latest(group, "web")
    assert (first.running_status.code, cancelled.running_status.code) == ("RollingForward", "Cancelled")
    assert False in _latest(sets, group).values()
    nothing: Any = {}
    sets.virtual_machine_scale_sets.begin_update(group, "web", nothing).result()
    again: Any = upgrades.get_latest(group, "web")
    while again.running_status.code == "RollingForward":
        again = upgrades.get_latest(group, "web")
    assert (again.running_status.code, set(_latest(sets, group).values())) == ("Completed", {True})


def test_the_sdk_follows_the_pages_of_a_list(sets: ComputeManagementClient, network: NetworkManagementClient, group: str) -> None:
    """60 instances come in two pages."""
    _deploy(sets, network, group, "Manual", 60)
    pages = [len(list(page)) for page in sets.virtual_machine_scale_set_vms.list(group, "web", expand="instanceView").by_page()]
    assert pages == [50, 10]


def test_a_protection_policy_is_set_through_the_instance(
    sets: ComputeManagementClient, network: NetworkManagementClient, group: str
) -> None:
    """`begin_update` of the instance as it was read, with the policy."""
    _deploy(sets, network, group, "Manual", 1)
    instance: Any = sets.virtual_machine_scale_set_vms.get(group, "web", "0")
    instance.protection_policy = {"protectFromScaleSetActions": True}
    sets.virtual_machine_scale_set_vms.begin_update(group, "web", "0", instance).result()
    again: Any = sets.virtual_machine_scale_set_vms.get(group, "web", "0")
    assert again.protection_policy.protect_from_scale_set_actions is True


def test_a_failed_operation_is_the_exception_of_the_sdk(
    sets: ComputeManagementClient, network: NetworkManagementClient, group: str
) -> None:
    """The poller raises with the extension's own message."""
    body = _deploy(sets, network, group, "Automatic", 1)
    broken = _changed(body)
    broken["properties"]["virtualMachineProfile"]["extensionProfile"]["extensions"][0]["properties"]["settings"] = {"typo": 1}
    with pytest.raises(HttpResponseError, match="Additional property typo is not allowed"):
        sets.virtual_machine_scale_sets.begin_create_or_update(group, "web", broken).result()


def test_a_broken_connection_is_tried_again(
    sets: ComputeManagementClient, network: NetworkManagementClient, group: str, home: Path
) -> None:
    """The call had been carried out; the SDK sends it again, and no more instances come of it."""
    body = _deploy(sets, network, group, "Manual", 1)
    body["sku"]["capacity"] = 3
    with closing(Store(azure_file(home))) as store:
        faults.add(store, "loseAnswer", method="PUT", path=f"/{group}/")
        sets.virtual_machine_scale_sets.begin_create_or_update(group, "web", body).result()
        assert faults.ordered(store) == []
    assert len(_latest(sets, group)) == 3


def test_answers_carry_the_virtual_time(served: dict[str, str], home: Path) -> None:
    """`Date` is the time by which the resources' own times are to be read."""
    answer = requests.get(served["OFFLINE_ARM_ENDPOINT"] + "/metadata/endpoints", timeout=10)
    with closing(Store(azure_file(home))) as store:
        assert parsedate_to_datetime(answer.headers["Date"]) == store.now().replace(microsecond=0)


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


def test_the_power_and_the_disks_of_instances(sets: ComputeManagementClient, network: NetworkManagementClient, group: str) -> None:
    """`deallocate`, `start`, `restart`, `reimage`, `reimageAll` and `delete` of the set's instances, and the set's instance view, by their pollers."""
    _deploy(sets, network, group, "Manual", 3)
    api = sets.virtual_machine_scale_sets
    one: Any = {"instanceIds": ["0"]}
    api.begin_deallocate(group, "web", one).result()
    view: Any = api.get_instance_view(group, "web")
    stopped = {each.code: each.count for each in view.virtual_machine.statuses_summary}
    api.begin_start(group, "web", one).result()
    api.begin_restart(group, "web", one).result()
    before = {each.name for each in sets.disks.list_by_resource_group(group)}
    api.begin_reimage(group, "web", one).result()
    api.begin_reimage_all(group, "web", one).result()
    after = {each.name for each in sets.disks.list_by_resource_group(group)}
    api.begin_delete_instances(group, "web", one).result()
    assert stopped == {"PowerState/deallocated": 1, "PowerState/running": 2, "ProvisioningState/succeeded": 3}
    assert (len(before - after), len(after), list(_latest(sets, group))) == (1, 3, ["1", "2"])


def test_upgrades_are_started_and_repairs_suspended(sets: ComputeManagementClient, network: NetworkManagementClient, group: str) -> None:
    """`extensionRollingUpgrade`, `osRollingUpgrade` and `setOrchestrationServiceState`."""
    body = _deploy(sets, network, group, "Manual", 1)
    upgrades = sets.virtual_machine_scale_set_rolling_upgrades
    upgrades.begin_start_extension_upgrade(group, "web").result()
    while (latest := upgrades.get_latest(group, "web")).running_status.code == "RollingForward":
        pass
    upgrades.begin_start_os_upgrade(group, "web").result()
    assert list(sets.virtual_machine_scale_sets.get_os_upgrade_history(group, "web")) == []
    body["properties"]["automaticRepairsPolicy"] = {"enabled": True, "gracePeriod": "PT10M"}
    sets.virtual_machine_scale_sets.begin_create_or_update(group, "web", body).result()
    order: Any = {"serviceName": "AutomaticRepairs", "action": "Suspend"}
    sets.virtual_machine_scale_sets.begin_set_orchestration_service_state(group, "web", order).result()
    view: Any = sets.virtual_machine_scale_sets.get_instance_view(group, "web")
    assert (latest.running_status.code, [each.service_state for each in view.orchestration_services]) == ("Completed", ["Suspended"])
