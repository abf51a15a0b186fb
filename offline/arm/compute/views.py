"""What ARM shows of instances: the instance, its instance view, the summary of all, the sizes."""

from __future__ import annotations

from collections import Counter
from typing import Any

from offline.arm.compute import repairs
from offline.arm.compute.instances import INSTANCE, instances, resource_id
from offline.arm.compute.model import SCALE_SET, ScaleSet
from offline.arm.compute.statuses import extension_view, handlers_view, status
from offline.arm.compute.tree import dig
from offline.arm.http import Json

_NOT_OF_INSTANCES = ("computerNamePrefix", "adminPassword", "customData")


def instance(scale_set: ScaleSet, document: Json, with_view: bool = False) -> Json:
    """GET of an instance (`VirtualMachineScaleSetVM`)."""
    os_profile = {name: value for name, value in (scale_set.profile.get("osProfile") or {}).items() if name not in _NOT_OF_INSTANCES}
    properties: dict[str, Any] = {
        "latestModelApplied": document["model"] == scale_set.model_fingerprint,
        "modelDefinitionApplied": "VirtualMachineScaleSet",
        "vmId": document["vmId"],
        "provisioningState": document["provisioningState"],
        "timeCreated": document["timeCreated"],
        "hardwareProfile": {"vmSize": document["size"]},
        "osProfile": {**os_profile, "computerName": document["computerName"]},
        "storageProfile": {"imageReference": document["imageReference"], "osDisk": _os_disk(document), "dataDisks": []},
        "networkProfile": {"networkInterfaces": []},
    }
    if document["protection"]:
        properties["protectionPolicy"] = document["protection"]
    if with_view:
        properties["instanceView"] = instance_view(scale_set, document)
    body: Json = {
        "id": resource_id(scale_set.id, document["instanceId"]),
        "name": document["name"],
        "type": INSTANCE,
        "instanceId": document["instanceId"],
        "location": scale_set.body.get("location"),
        "tags": scale_set.body.get("tags") or {},
        "sku": {name: value for name, value in scale_set.body["sku"].items() if name != "capacity"} | {"name": document["size"]},
        "properties": properties,
        "resources": [_extension_resource(scale_set, document, name, ran) for name, ran in document["extensions"].items()],
    }
    if document["zone"] is not None:
        body["zones"] = [document["zone"]]
    return body


def _os_disk(document: Json) -> Json:
    disk = document["osDisk"]["id"]
    return {
        "name": disk.rpartition("/")[2],
        "osType": document["os"],
        "createOption": "FromImage",
        "managedDisk": {"id": disk},
    }


def _extension_resource(scale_set: ScaleSet, document: Json, name: str, ran: Json) -> Json:
    return {
        "id": f"{resource_id(scale_set.id, document['instanceId'])}/extensions/{name}",
        "name": name,
        "type": f"{INSTANCE}/extensions",
        "location": scale_set.body.get("location"),
        "properties": {
            "publisher": ran["publisher"],
            "type": ran["type"],
            "typeHandlerVersion": ran["typeHandlerVersion"],
            "provisioningState": ran["status"].capitalize(),
        },
    }


def instance_view(scale_set: ScaleSet, document: Json) -> Json:
    """The instance view of an instance (`VirtualMachineScaleSetVMInstanceView`)."""
    now = scale_set.store.now().isoformat()
    running = document["powerState"] == "running"
    view: Json = {
        "platformFaultDomain": document["faultDomain"],
        "computerName": document["computerName"],
        "statuses": _statuses(document),
        "disks": [
            {
                "name": document["osDisk"]["id"].rpartition("/")[2],
                "statuses": [status("ProvisioningState/succeeded", "Provisioning succeeded", None) | {"time": document["osDisk"]["time"]}],
            }
        ],
        "extensions": [extension_view(name, ran) for name, ran in document["extensions"].items()],
    }
    if document["updateDomain"] is not None:
        view["platformUpdateDomain"] = document["updateDomain"]
    if document["health"] is not None:
        code = f"HealthState/{document['health']}"
        view["vmHealth"] = {
            "status": status(code, f"The VM is reporting itself as {document['health']}", None) | {"time": document["healthTime"]}
        }
    if running:
        view["vmAgent"] = {
            "vmAgentVersion": "2.14.0.1",
            "statuses": [status("ProvisioningState/succeeded", "Ready", "Guest Agent is running") | {"time": now}],
            "extensionHandlers": handlers_view(list(document["extensions"].values())),
        }
    return view


def _statuses(document: Json) -> list[Json]:
    state = document["provisioningState"].lower()
    power = document["powerState"]
    return [
        status(f"ProvisioningState/{state}", f"Provisioning {state}", None) | {"time": document["timeCreated"]},
        status(f"PowerState/{power}", f"VM {power}", None),
    ]


def summary(scale_set: ScaleSet) -> Json:
    """The instance view of a set (`VirtualMachineScaleSetInstanceView`): how many are in which state."""
    present = instances(scale_set.store, scale_set.id)
    names = sorted({name for each in present for name in each["extensions"]})
    state = scale_set.properties["provisioningState"].lower()
    services = repairs.services(scale_set)
    return ({"orchestrationServices": services} if services else {}) | {
        "virtualMachine": {"statusesSummary": _counts([each_status["code"] for each in present for each_status in _statuses(each)])},
        "extensions": [
            {
                "name": name,
                "statusesSummary": _counts(
                    [f"ProvisioningState/{each['extensions'][name]['status']}" for each in present if name in each["extensions"]]
                ),
            }
            for name in names
        ],
        "statuses": [status(f"ProvisioningState/{state}", f"Provisioning {state}", None)],
    }


def _counts(codes: list[str]) -> list[Json]:
    return [{"code": code, "count": count} for code, count in sorted(Counter(codes).items())]


def skus(scale_set: ScaleSet) -> Json:
    """The sizes a set may take. The offline Azure names the one it has."""
    most = 100 if scale_set.properties.get("singlePlacementGroup") else 1000
    sku = {"name": dig(scale_set.body, "sku.name"), "tier": dig(scale_set.body, "sku.tier") or "Standard"}
    return {
        "value": [
            {
                "resourceType": SCALE_SET,
                "sku": sku,
                "capacity": {"minimum": 0, "maximum": most, "defaultCapacity": 1, "scaleType": "Automatic"},
            }
        ]
    }
