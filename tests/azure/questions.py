"""What nobody has seen Azure do, as questions. Each gives what happens; `QUESTIONS` holds what the offline Azure does, which the library builds on."""

import copy
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import requests
from azure.mgmt.storage.models import BlobContainer

from tests.azure.capture import capture_of_a_machine
from tests.azure.cloud import STORAGE_SCOPE, Body, Cloud, health, outcome, profile, scale_set, script

Finding = dict[str, Any]

_BLOB_READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"
"""Storage Blob Data Reader, the same in every tenant."""
_PATIENCE_MINUTES = 15
"""How long the bootstrap retries a 403 (payload/bootstrap.sh)."""


@dataclass(frozen=True)
class Question:
    """A question to Azure."""

    ask: Callable[[Cloud], Finding]
    believed: Finding
    """What the offline Azure answers."""


def capacity_left_out(cloud: Cloud) -> Finding:
    """Does a PUT without `sku.capacity` leave the number of instances alone?"""
    body = scale_set(cloud, 2)
    assert cloud.put(body) == "accepted"
    del body["sku"]["capacity"]
    written = cloud.put(body)
    found: Any = cloud.compute.virtual_machine_scale_sets.get(cloud.group, "web")
    return {"put": written, "capacity": found.sku.capacity}


def rule_under_a_sets_probe(cloud: Cloud) -> Finding:
    """May the rule whose probe is a set's health probe be pointed at another pool, at another probe, and be removed?"""
    address: Body = {
        "location": cloud.access.region,
        "sku": {"name": "Standard"},
        "properties": {"publicIPAllocationMethod": "Static"},
    }
    address_id = cloud.network.public_ip_addresses.begin_create_or_update(cloud.group, "front", address).result().id
    balancers = cloud.network.load_balancers
    base = f"/subscriptions/{cloud.access.subscription}/resourceGroups/{cloud.group}/providers/Microsoft.Network/loadBalancers/balancer"

    def balancer(*rules: tuple[str, str]) -> Body:
        """With a rule for each pair of pool and probe."""
        front = {"id": f"{base}/frontendIPConfigurations/front"}
        written = [
            {
                "name": f"rule{number}",
                "properties": {
                    "protocol": "Tcp",
                    "frontendPort": 80 + number,
                    "backendPort": 80 + number,
                    "frontendIPConfiguration": front,
                    "backendAddressPool": {"id": f"{base}/backendAddressPools/{pool}"},
                    "probe": {"id": f"{base}/probes/{probe}"},
                },
            }
            for number, (pool, probe) in enumerate(rules)
        ]
        probes = [{"name": name, "properties": {"protocol": "Tcp", "port": 22, "intervalInSeconds": 5}} for name in ("one", "two")]
        properties = {
            "frontendIPConfigurations": [{"name": "front", "properties": {"publicIPAddress": {"id": address_id}}}],
            "backendAddressPools": [{"name": "one"}, {"name": "two"}],
            "probes": probes,
            "loadBalancingRules": written,
        }
        return {"location": cloud.access.region, "sku": {"name": "Standard"}, "properties": properties}

    def put(*rules: tuple[str, str]) -> str:
        return outcome(lambda: balancers.begin_create_or_update(cloud.group, "balancer", balancer(*rules)).result())

    assert put(("one", "one")) == "accepted"
    body = scale_set(cloud, 0)
    network = profile(body)["networkProfile"]
    network["healthProbe"] = {"id": f"{base}/probes/one"}
    pools = [{"id": f"{base}/backendAddressPools/one"}]
    network["networkInterfaceConfigurations"][0]["properties"]["ipConfigurations"][0]["properties"]["loadBalancerBackendAddressPools"] = (
        pools
    )
    assert cloud.put(body) == "accepted"
    return {"removed": put(), "pool": put(("two", "one")), "probe": put(("two", "two"))}


def put_during_a_rolling_upgrade(cloud: Cloud) -> Finding:
    """Is a model that is written while a rolling upgrade runs taken, and do all instances get it?"""
    body = scale_set(cloud, 3, "Rolling", script("true"), health())
    body["properties"]["upgradePolicy"]["rollingUpgradePolicy"] = {"maxBatchInstancePercent": 34, "pauseTimeBetweenBatches": "PT1M"}
    assert cloud.put(body) == "accepted"
    second = copy.deepcopy(body)
    profile(second)["extensionProfile"]["extensions"][0] = script("true", "2")
    assert cloud.put(second) == "accepted"
    upgrades = cloud.compute.virtual_machine_scale_set_rolling_upgrades
    running: Any = upgrades.get_latest(cloud.group, "web")
    third = copy.deepcopy(body)
    profile(third)["extensionProfile"]["extensions"][0] = script("true", "3")
    written = cloud.put(third)
    latest: Any = upgrades.get_latest(cloud.group, "web")
    while latest.running_status.code == "RollingForward":
        cloud.access.wait(15)
        latest = upgrades.get_latest(cloud.group, "web")
    return {
        "before": running.running_status.code,
        "put": written,
        "end": latest.running_status.code,
        "latest model": sorted({bool(each.latest_model_applied) for each in cloud.instances().values()}),
    }


def what_a_put_leaves_out(cloud: Cloud) -> Finding:
    """Do protected settings and custom data that a PUT leaves out stay? A new instance tells: its script looks for the custom data."""
    body = scale_set(cloud, 1, "Manual", script("grep -q kept /var/lib/cloud/instance/user-data.txt", protected=True))
    profile(body)["osProfile"]["customData"] = "I2Nsb3VkLWNvbmZpZwojIGtlcHQK"  # "#cloud-config", and a comment with the word
    assert cloud.put(body) == "accepted"
    before = cloud.instances().keys()
    body["sku"]["capacity"] = 2
    del profile(body)["osProfile"]["customData"]
    del profile(body)["extensionProfile"]["extensions"][0]["properties"]["protectedSettings"]
    written = cloud.put(body)
    new = [instance for number, instance in cloud.instances().items() if number not in before]
    return {"put": written, "script": [each.instance_view.extensions[0].statuses[0].code for each in new]}


def model_of_a_reimage(cloud: Cloud) -> Finding:
    """Does a reimage alone bring the image of the latest model?"""
    old, newer = cloud.access.image_versions(cloud.compute)
    body = scale_set(cloud, 1)
    profile(body)["storageProfile"]["imageReference"]["version"] = old
    assert cloud.put(body) == "accepted"
    profile(body)["storageProfile"]["imageReference"]["version"] = newer
    assert cloud.put(body) == "accepted"
    (number,) = cloud.instances()
    cloud.compute.virtual_machine_scale_set_vms.begin_reimage(cloud.group, "web", number).result()
    (instance,) = cloud.instances().values()
    return {
        "image": "old" if instance.storage_profile.image_reference.exact_version == old else "newer",
        "latest model": bool(instance.latest_model_applied),
    }


def fresh_role(cloud: Cloud) -> Finding:
    """Does Storage Blob Data Reader on the container suffice to read a blob, and before the bootstrap gives up? Prints after how long."""
    account = f"smoke{uuid.uuid4().hex[:12]}"
    body: Body = {
        "location": cloud.access.region,
        "kind": "StorageV2",
        "sku": {"name": "Standard_LRS"},
        "properties": {"allowBlobPublicAccess": False},
    }
    account_id = cloud.storage.storage_accounts.begin_create(cloud.group, account, body).result().id
    cloud.storage.blob_containers.create(cloud.group, account, "payload", BlobContainer())
    signature: Body = {
        "canonicalizedResource": f"/blob/{account}/payload",
        "signedResource": "c",
        "signedPermission": "cw",
        "signedExpiry": "2099-01-01T00:00:00Z",
    }
    token = cloud.storage.storage_accounts.list_service_sas(cloud.group, account, signature).service_sas_token
    url = f"{cloud.access.blob_endpoint.format(account=account)}/payload/hello"
    requests.put(f"{url}?{token}", b"hello", headers={"x-ms-blob-type": "BlockBlob"}, timeout=60).raise_for_status()

    def read() -> int:
        headers = {"Authorization": f"Bearer {cloud.token(STORAGE_SCOPE)}", "x-ms-version": "2021-12-02"}
        return requests.get(url, headers=headers, timeout=60).status_code

    before = read()
    principal, kind = cloud.principal()
    role = f"/subscriptions/{cloud.access.subscription}/providers/Microsoft.Authorization/roleDefinitions/{_BLOB_READER}"
    assignment: Body = {"properties": {"principalId": principal, "principalType": kind, "roleDefinitionId": role}}
    container = f"{account_id}/blobServices/default/containers/payload"
    cloud.roles.role_assignments.create(container, str(uuid.uuid4()), assignment)
    waited, after = 0, read()
    while after == requests.codes.forbidden and waited < _PATIENCE_MINUTES * 60:
        cloud.access.wait(15)
        waited, after = waited + 15, read()
    print(f"a fresh role assignment answered 403 for {waited} to {waited + 15} seconds")
    return {"before": before, f"after at most {_PATIENCE_MINUTES} minutes": after}


QUESTIONS = {
    "capacity-left-out": Question(capacity_left_out, {"put": "InvalidParameter", "capacity": 2}),
    "rule-under-a-sets-probe": Question(
        rule_under_a_sets_probe, {"removed": "CannotRemoveRuleUsedByProbeUsedByVMSS", "pool": "accepted", "probe": "accepted"}
    ),
    "put-during-a-rolling-upgrade": Question(
        put_during_a_rolling_upgrade,
        {"before": "RollingForward", "put": "OperationNotAllowed", "end": "Completed", "latest model": [True]},
    ),
    "what-a-put-leaves-out": Question(what_a_put_leaves_out, {"put": "accepted", "script": ["ProvisioningState/succeeded"]}),
    "model-of-a-reimage": Question(model_of_a_reimage, {"image": "old", "latest model": False}),
    "capture-of-a-machine": Question(
        capture_of_a_machine, {"version": "Succeeded", "features": {"SecurityType": "TrustedLaunch"}, "left": []}
    ),
    "fresh-role": Question(fresh_role, {"before": 403, "after at most 15 minutes": 200}),
}
