"""A machine is made, captured by the library's own steps, and asked what became of it."""

import uuid
from typing import Any

from azure_scaleset.capture.drive import Capture
from azure_scaleset.capture.wanted import Wanted
from azure_scaleset.rollout.arm import Arm
from tests.azure.cloud import Body, Cloud, script

_PATIENCE_MINUTES = 30


def capture_of_a_machine(cloud: Cloud) -> dict[str, Any]:
    """Does a machine with an extension prepare itself by run-command, become a version of trusted launch, and take its disk and interface along when it is deleted?"""
    machine_id = _machine(cloud)
    extension: Body = {"location": cloud.access.region, "properties": script("true")["properties"]}
    cloud.compute.virtual_machine_extensions.begin_create_or_update(cloud.group, "build", "script", extension).result()
    endpoint = str(cloud.access.client_options.get("base_url", "https://management.azure.com"))
    scope = cloud.access.client_options.get("credential_scopes", ["https://management.azure.com/.default"])[0]
    said: list[str] = []
    capture = Capture(
        Arm(endpoint, scope, cloud.access.credential),
        machine_id,
        Wanted(gallery="smoke", definition="web", delete_vm=True),
        lambda progress: said.append(progress.message),
        _PATIENCE_MINUTES,
    )
    done = capture.run()
    print("\n".join(said))
    version: Any = cloud.compute.gallery_image_versions.get(cloud.group, "smoke", "web", done.image_id.rpartition("/")[2])
    definition: Any = cloud.compute.gallery_images.get(cloud.group, "smoke", "web")
    disks = [each.name for each in cloud.compute.disks.list_by_resource_group(cloud.group)]
    interfaces = [each.name for each in cloud.network.network_interfaces.list(cloud.group)]
    return {
        "version": version.provisioning_state,
        "features": {each.name: each.value for each in definition.features or []},
        "left": [*disks, *interfaces],
    }


def _machine(cloud: Cloud) -> str:
    address = {"name": "ip", "properties": {"subnet": {"id": cloud.subnet()}}}
    nic: Body = {"location": cloud.access.region, "properties": {"ipConfigurations": [address]}}
    interface = cloud.network.network_interfaces.begin_create_or_update(cloud.group, "nic", nic).result().id
    body: Body = {
        "location": cloud.access.region,
        "properties": {
            "hardwareProfile": {"vmSize": "Standard_D2s_v5"},
            "securityProfile": {"securityType": "TrustedLaunch", "uefiSettings": {"secureBootEnabled": True, "vTpmEnabled": True}},
            "storageProfile": {
                "imageReference": {"publisher": "Canonical", "offer": "ubuntu-24_04-lts", "sku": "server", "version": "latest"},
                "osDisk": {"createOption": "FromImage"},
            },
            "osProfile": {"computerName": "build", "adminUsername": "azureuser", "adminPassword": f"Smoke-{uuid.uuid4().hex}"},
            "networkProfile": {"networkInterfaces": [{"id": interface}]},
        },
    }
    return str(cloud.compute.virtual_machines.begin_create_or_update(cloud.group, "build", body).result().id)
