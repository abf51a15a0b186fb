"""Blobs, functions and the schema, called as the engine calls them."""

import base64
import hashlib
import json
from pathlib import Path

import pytest
from pulumi.runtime.proto import provider_pb2

from offline.arm.store import Store
from offline.plugin.values import Asset
from tests.unit.offline.plugin.engine import SUBSCRIPTION, Context, Engine, Refused

ACCOUNT = "azure-native:storage:StorageAccount"
CONTAINER = "azure-native:storage:BlobContainer"
BLOB = "azure-native:storage:Blob"
GROUP_ID = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg"


def test_a_blob_lives(engine: Engine, tmp_path: Path) -> None:
    """A blob is uploaded from an asset, found by URL and digest, not made twice, changed in metadata, imported, deleted."""
    engine.make(ACCOUNT, {"resourceGroupName": "rg", "accountName": "account", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}})
    place = {"resourceGroupName": "rg", "accountName": "account", "containerName": "scripts"}
    engine.make(CONTAINER, place)
    (tmp_path / "a.sh").write_text("echo one")
    resource_id, outputs, inputs = engine.make(BLOB, {**place, "source": Asset("h", path=str(tmp_path / "a.sh")), "type": "Block"})
    url = "https://account.blob.core.windows.net/scripts/it"
    assert resource_id == f"{GROUP_ID}/providers/Microsoft.Storage/storageAccounts/account/blobServices/default/containers/scripts/blobs/it"
    assert outputs == {
        **place,
        "blobName": "it",
        "name": "it",
        "url": url,
        "type": "Block",
        "accessTier": "Hot",
        "contentType": "application/octet-stream",
        "contentMd5": base64.b64encode(hashlib.md5(b"echo one").digest()).decode(),
        "metadata": {},
    }
    with pytest.raises(Refused, match=f'^cannot create already existing resource "{resource_id}"$'):
        engine.create(BLOB, inputs)
    assert engine.update(BLOB, resource_id, outputs, {**inputs, "metadata": {"a": "b"}}) == {**outputs, "metadata": {"a": "b"}}
    found = Store(tmp_path / "azure.db").blob(url)
    assert found is not None
    assert found[0] == b"echo one"
    assert engine.read(BLOB, resource_id)[1]["metadata"] == {"a": "b"}
    engine.delete(BLOB, resource_id)
    assert engine.read(BLOB, resource_id)[0] == ""


def test_an_account_without_shared_keys_refuses_blobs(engine: Engine) -> None:
    """azure-native writes blobs with the account's key, which the account can forbid."""
    account = {"resourceGroupName": "rg", "accountName": "account", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
    engine.make(ACCOUNT, {**account, "allowSharedKeyAccess": False})
    place = {"resourceGroupName": "rg", "accountName": "account", "containerName": "scripts"}
    engine.make(CONTAINER, place)
    with pytest.raises(Refused, match=r'^Status=403 Code="KeyBasedAuthenticationNotPermitted"'):
        engine.make(BLOB, {**place, "source": Asset("h", text="t"), "type": "Block"})


def test_functions_answer(engine: Engine) -> None:
    """Getters, the client's configuration and the account's keys can be asked for; what is not there or not known is refused."""
    engine.make(ACCOUNT, {"resourceGroupName": "rg", "accountName": "account", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}})
    arguments = {"resourceGroupName": "rg", "accountName": "account"}
    assert engine.invoke("azure-native:storage:getStorageAccount", arguments)["name"] == "account"
    assert [key["keyName"] for key in engine.invoke("azure-native:storage:listStorageAccountKeys", arguments)["keys"]] == ["key1", "key2"]
    assert engine.invoke("azure-native:authorization:getClientConfig", {})["subscriptionId"] == SUBSCRIPTION
    payload = engine.invoke("azure-native:authorization:getClientToken", {})["token"].split(".")[1]
    assert json.loads(base64.urlsafe_b64decode(payload + "=="))["aud"] == "https://localhost/"
    with pytest.raises(
        Refused, match=rf'^request failed {GROUP_ID}/providers/Microsoft.Network/virtualNetworks/net: Status=404 Code="ResourceNotFound"'
    ):
        engine.invoke("azure-native:network:getVirtualNetwork", {"resourceGroupName": "rg", "virtualNetworkName": "net"})
    with pytest.raises(Refused, match=r"^Invoke type azure-native:sql:getServer not found"):
        engine.invoke("azure-native:sql:getServer", {})


def test_the_schema_refers_to_types_it_has(engine: Engine) -> None:
    """Every reference of the schema leads somewhere, and the known types and functions are in it."""
    schema = json.loads(engine.plugin.GetSchema(provider_pb2.GetSchemaRequest(), Context()).schema)

    def references(value: object) -> set[str]:
        if isinstance(value, dict):
            own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
            return own.union(*(references(item) for item in value.values()))
        return set().union(*(references(item) for item in value)) if isinstance(value, list) else set()

    types = {f"#/types/{token}" for token in schema["types"]}
    assert references(schema) - types == {"pulumi.json#/Any", "pulumi.json#/Asset"}
    assert schema["resources"]["azure-native:network:Subnet"]["requiredInputs"] == ["resourceGroupName", "virtualNetworkName"]
    assert "azure-native:compute:getVirtualMachineScaleSet" in schema["functions"]
