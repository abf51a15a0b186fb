"""An offline Azure with a network, an identity and a storage account, and the bodies that tests change."""

from __future__ import annotations

import base64
import copy
from pathlib import Path
from typing import Any

from offline.arm.app import Azure
from offline.arm.http import Json, Request, Response
from offline.arm.store import Store

GROUP = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/group"
SET = f"{GROUP}/providers/Microsoft.Compute/virtualMachineScaleSets/web"
SUBNET = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/net/subnets/web"
IDENTITY = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/reader"
ACCOUNT = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/payloads"
CONTAINER = f"{ACCOUNT}/blobServices/default/containers/files"
BLOB = "https://payloads.blob.core.windows.net/files/install.sh"
BLOB_READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"
ROLES = "/subscriptions/00000000-0000-0000-0000-000000000001/providers/Microsoft.Authorization/roleDefinitions"


def encoded(text: str) -> str:
    """Base64 of a text."""
    return base64.b64encode(text.encode()).decode()


def extension(name: str = "script", **properties: Any) -> Json:
    """A Custom Script for Linux; `properties` replace its own."""
    own = {
        "publisher": "Microsoft.Azure.Extensions",
        "type": "CustomScript",
        "typeHandlerVersion": "2.1",
        "settings": {"commandToExecute": "echo"},
    }
    return {"name": name, "properties": {**own, **properties}}


def health(**properties: Any) -> Json:
    """An application health extension."""
    own = {
        "publisher": "Microsoft.ManagedServices",
        "type": "ApplicationHealthLinux",
        "typeHandlerVersion": "1.0",
        "settings": {"protocol": "tcp", "port": 80},
    }
    return {"name": "health", "properties": {**own, **properties}}


def body(capacity: int = 2, mode: str = "Automatic", extensions: list[Json] | None = None) -> Json:
    """A Linux scale set that Azure accepts."""
    return {
        "location": "westeurope",
        "sku": {"name": "Standard_D2s_v5", "capacity": capacity},
        "properties": {
            "upgradePolicy": {"mode": mode},
            "overprovision": False,
            "virtualMachineProfile": {
                "storageProfile": {
                    "imageReference": {"publisher": "Canonical", "offer": "ubuntu-24_04-lts", "sku": "server", "version": "latest"},
                    "osDisk": {"createOption": "FromImage"},
                },
                "osProfile": {
                    "computerNamePrefix": "web",
                    "adminUsername": "azure",
                    "adminPassword": "Correct1horse",
                    "customData": encoded("#cloud-config\n"),
                },
                "networkProfile": {
                    "networkInterfaceConfigurations": [
                        {
                            "name": "nic",
                            "properties": {
                                "primary": True,
                                "ipConfigurations": [{"name": "ip", "properties": {"subnet": {"id": SUBNET}}}],
                            },
                        }
                    ]
                },
                "extensionProfile": {"extensions": extensions if extensions is not None else [extension()]},
            },
        },
    }


def windows(capacity: int = 1, extensions: list[Json] | None = None) -> Json:
    """A Windows scale set that Azure accepts."""
    new = body(capacity, extensions=extensions or [])
    new["properties"]["virtualMachineProfile"]["storageProfile"]["imageReference"] = {
        "publisher": "MicrosoftWindowsServer",
        "offer": "WindowsServer",
        "sku": "2022-datacenter-azure-edition",
        "version": "latest",
    }
    return new


def changed(base: Json, path: str, value: Any) -> Json:
    """A copy of `base` with another value at a dotted path."""
    copied = copy.deepcopy(base)
    *way, last = path.split(".")
    here = copied
    for key in way:
        here = here.setdefault(key, {})
    here[last] = value
    return copied


def profile(base: Json, path: str, value: Any) -> Json:
    """`changed` below the virtual machine profile."""
    return changed(base, f"properties.virtualMachineProfile.{path}", value)


class World:
    """The Azure and short ways to call it."""

    def __init__(self, folder: Path) -> None:
        self.store = Store(folder / "azure.db")
        self.azure = Azure(self.store)
        self.expect(201, "PUT", GROUP, {"location": "westeurope"})
        network = {
            "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
            "subnets": [{"name": "web", "properties": {"addressPrefix": "10.0.0.0/26"}}],
        }
        self.expect(201, "PUT", SUBNET.rpartition("/subnets/")[0], {"location": "westeurope", "properties": network})

    @classmethod
    def on(cls, store: Store) -> World:
        """The same Azure, as another process finds it."""
        world = cls.__new__(cls)
        world.store, world.azure = store, Azure(store)
        return world

    def call(self, method: str, path: str, sent: Json | None = None) -> Response:
        """One call."""
        return self.azure.handle(Request.to(method, f"{path}{'&' if '?' in path else '?'}api-version=2024-11-01", sent))

    def expect(self, status: int, method: str, path: str, sent: Json | None = None) -> Json:
        """One call that must be answered so; waits for its operation, which must succeed, and gives the body."""
        response = self.call(method, path, sent)
        assert response.status == status, response.body
        assert self.outcome(response) == {}
        return response.body or {}

    def put(self, sent: Json) -> Json:
        """PUT of the scale set; gives the error of its operation, or {}."""
        response = self.call("PUT", SET, sent)
        assert response.status in (200, 201), response.body
        return self.outcome(response)

    def outcome(self, response: Response) -> Json:
        """The error that an accepted call ends with, or {}: its operation is polled till then."""
        url = response.headers.get("Azure-AsyncOperation")
        while url is not None:
            answer = self.azure.handle(Request.to("GET", url)).body or {}
            if answer["status"] != "InProgress":
                error: Json = answer.get("error", {})
                return error
        return {}

    def later(self, seconds: float) -> None:
        """Time goes by, and what is due happens."""
        self.store.advance(seconds)
        self.call("GET", GROUP)

    def rolled(self) -> Json:
        """`rollingUpgrades/latest`, polled until the upgrade has ended: its `properties`."""
        while True:
            properties: Json = self.expect(200, "GET", f"{SET}/rollingUpgrades/latest")["properties"]
            if not properties["runningStatus"]["code"].startswith("Rolling"):
                return properties

    def refusal(self, sent: Json) -> tuple[int, str, str | None]:
        """Status, code and target of a refused PUT."""
        response = self.call("PUT", SET, sent)
        error = (response.body or {}).get("error")
        assert error is not None, f"accepted: {response.body}"
        return response.status, error["code"], error.get("target")

    def instances(self) -> list[Json]:
        """GET virtualMachines."""
        values: list[Json] = self.expect(200, "GET", f"{SET}/virtualMachines")["value"]
        return values

    def names(self) -> list[str]:
        """Names of the instances."""
        return [each["name"] for each in self.instances()]

    def events(self, kind: str) -> list[tuple[str, Json]]:
        """(instance id or set name, data) of the events of a kind."""
        return [(each["subject"].rsplit("/", 1)[-1], each["data"]) for each in self.store.events(kind)]

    def runs(self) -> list[tuple[str, str, str]]:
        """(instance, extension, status) of each run so far."""
        return [(instance, data["extension"], data["status"]) for instance, data in self.events("extensionRun")]

    def add_storage(self) -> str:
        """An account with a blob and an identity that may read it from now on; gives the identity's client id."""
        account = {"location": "westeurope", "sku": {"name": "Standard_LRS"}, "kind": "StorageV2", "properties": {}}
        self.call("PUT", ACCOUNT, account)
        self.call("PUT", CONTAINER, {"properties": {}})
        self.store.put_blob(BLOB, b"echo hello", {})
        identity = self.call("PUT", IDENTITY, {"location": "westeurope"}).body or {}
        assignment = {
            "properties": {
                "roleDefinitionId": f"{ROLES}/{BLOB_READER}",
                "principalId": identity["properties"]["principalId"],
                "principalType": "ServicePrincipal",
            }
        }
        path = f"{ACCOUNT}/providers/Microsoft.Authorization/roleAssignments/11111111-1111-1111-1111-111111111111"
        self.expect(201, "PUT", path, assignment)
        return str(identity["properties"]["clientId"])
