"""An Azure to ask: its clients, a resource group of the test's own, and how to let time pass there."""

import base64
import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from azure.core.credentials import TokenCredential
from azure.core.exceptions import HttpResponseError
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.compute import ComputeManagementClient
from azure.mgmt.network import NetworkManagementClient
from azure.mgmt.resource.resources import ResourceManagementClient
from azure.mgmt.storage import StorageManagementClient

Body = Any
"""A body as ARM takes it, in camelCase."""

STORAGE_SCOPE = "https://storage.azure.com/.default"


@dataclass(frozen=True)
class Access:
    """How an Azure is reached."""

    credential: TokenCredential
    subscription: str
    region: str
    blob_endpoint: str
    """Address of a storage account's blobs, with `{account}` for its name."""
    wait: Callable[[float], None]
    """Lets so many seconds pass, in that Azure's time."""
    image_versions: Callable[[ComputeManagementClient], tuple[str, str]]
    """Two versions of the image that `Cloud.scale_set` uses, the older one first."""
    client_options: dict[str, Any]
    """Further arguments of the clients: where ARM is, when it isn't the public one."""


class Cloud:
    """One resource group of an Azure, and the clients."""

    def __init__(self, access: Access, group: str) -> None:
        options = {"credential": access.credential, "subscription_id": access.subscription, **access.client_options}
        self.access = access
        self.group = group
        self.compute = ComputeManagementClient(**options)
        self.network = NetworkManagementClient(**options)
        self.storage = StorageManagementClient(**options)
        self.roles = AuthorizationManagementClient(**options)

    def subnet(self) -> str:
        """Makes a virtual network; gives the id of its subnet."""
        subnets = [{"name": "instances", "properties": {"addressPrefix": "10.0.0.0/24"}}]
        body: Body = {
            "location": self.access.region,
            "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": subnets},
        }
        return str(self.network.virtual_networks.begin_create_or_update(self.group, "net", body).result().subnets[0].id)

    def put(self, body: Body) -> str:
        """Writes the scale set and waits until Azure has ended; "accepted", or the code of the refusal."""
        return outcome(lambda: self.compute.virtual_machine_scale_sets.begin_create_or_update(self.group, "web", body).result())

    def instances(self) -> dict[str, Any]:
        """Instance id -> the instance with its view."""
        listed = self.compute.virtual_machine_scale_set_vms.list(self.group, "web", expand="instanceView")
        return {str(each.instance_id): each for each in listed}

    def token(self, scope: str) -> str:
        """An access token of who runs the tests."""
        return self.access.credential.get_token(scope).token

    def principal(self) -> tuple[str, str]:
        """Object id and type of who runs the tests."""
        payload = self.token(f"{self.access.client_options.get('credential_scopes', ['https://management.azure.com/.default'])[0]}").split(
            "."
        )[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return claims["oid"], "ServicePrincipal" if claims.get("idtyp") == "app" else "User"


@contextmanager
def cloud_of(access: Access) -> Iterator[Cloud]:
    """A cloud with a resource group of its own, which is deleted with everything in it, whatever happens."""
    groups = ResourceManagementClient(
        credential=access.credential, subscription_id=access.subscription, **access.client_options
    ).resource_groups
    name = f"azure-scaleset-smoke-{uuid.uuid4().hex[:8]}"
    groups.create_or_update(name, {"location": access.region, "tags": {"purpose": "azure-scaleset smoke test"}})
    try:
        yield Cloud(access, name)
    finally:
        groups.begin_delete(name).result()


def outcome(call: Callable[[], object]) -> str:
    """ "accepted", or the code with which Azure refuses the call."""
    try:
        call()
    except HttpResponseError as error:
        return str(error.error.code if error.error else error.status_code)
    return "accepted"


def scale_set(cloud: Cloud, capacity: int, mode: str = "Manual", *extensions: Body) -> Body:
    """The body of a small Linux set in a new network."""
    address = {"name": "ip", "properties": {"subnet": {"id": cloud.subnet()}}}
    image = {"publisher": "Canonical", "offer": "ubuntu-24_04-lts", "sku": "server", "version": "latest"}
    profile = {
        "storageProfile": {"imageReference": image, "osDisk": {"createOption": "FromImage"}},
        "osProfile": {"computerNamePrefix": "web", "adminUsername": "azureuser", "adminPassword": f"Smoke-{uuid.uuid4().hex}"},
        "networkProfile": {
            "networkInterfaceConfigurations": [{"name": "nic", "properties": {"primary": True, "ipConfigurations": [address]}}]
        },
        "extensionProfile": {"extensions": list(extensions)},
    }
    properties = {"upgradePolicy": {"mode": mode}, "overprovision": False, "virtualMachineProfile": profile}
    return {"location": cloud.access.region, "sku": {"name": "Standard_D2s_v5", "capacity": capacity}, "properties": properties}


def profile(body: Body) -> Body:
    """The virtual machine profile of a set's body."""
    return body["properties"]["virtualMachineProfile"]


def script(command: str, tag: str = "1", protected: bool = False) -> Body:
    """A Custom Script extension."""
    own = {"publisher": "Microsoft.Azure.Extensions", "type": "CustomScript", "typeHandlerVersion": "2.1", "autoUpgradeMinorVersion": True}
    place = "protectedSettings" if protected else "settings"
    return {"name": "script", "properties": {**own, "forceUpdateTag": tag, place: {"commandToExecute": command}}}


def health() -> Body:
    """An Application Health extension that looks at the SSH server, which every Ubuntu image has."""
    own = {
        "publisher": "Microsoft.ManagedServices",
        "type": "ApplicationHealthLinux",
        "typeHandlerVersion": "1.0",
        "autoUpgradeMinorVersion": True,
    }
    return {"name": "health", "properties": {**own, "settings": {"protocol": "tcp", "port": 22}}}
