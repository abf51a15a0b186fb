"""The plugin, called as the engine calls it."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pulumi.runtime.proto import provider_pb2

from offline.arm.http import Json
from offline.arm.store import Store
from offline.plugin import values
from offline.plugin.client import AzureError, Client
from offline.plugin.service import AzureNative
from offline.plugin.values import UNKNOWN
from tests.unit.offline.plugin.engine import SUBSCRIPTION, Context, Engine, Refused

GROUP = "azure-native:resources:ResourceGroup"
NETWORK = "azure-native:network:VirtualNetwork"
SUBNET = "azure-native:network:Subnet"
GROUP_ID = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg"
NETWORK_ID = f"{GROUP_ID}/providers/Microsoft.Network/virtualNetworks/net"
NET: Json = {"resourceGroupName": "rg", "virtualNetworkName": "net", "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}}


def stored(engine: Engine, resource_id: str) -> Json:
    """The ARM body in the state."""
    body = Store(engine.plugin._client.store.path).get(resource_id)
    assert body is not None
    return body


def test_a_subscription_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a subscription in configuration or environment the plugin says where to set it."""
    monkeypatch.delenv("ARM_SUBSCRIPTION_ID", raising=False)
    with pytest.raises(Refused, match=r"azure-native:subscriptionId <id>\) or the environment variable ARM_SUBSCRIPTION_ID"):
        AzureNative("3.29.0", tmp_path / "azure.db").Configure(provider_pb2.ConfigureRequest(), Context())


def test_the_capabilities_are_azure_natives(tmp_path: Path) -> None:
    """Previews and auto-naming configuration are supported; secrets are left to the engine."""
    answer = Engine(tmp_path / "azure.db").plugin.Configure(
        provider_pb2.ConfigureRequest(variables={"azure-native:config:subscriptionId": SUBSCRIPTION}), Context()
    )
    assert answer == provider_pb2.ConfigureResponse(supportsPreview=True, supports_autonaming_configuration=True)


def test_failures_of_check_have_paths(engine: Engine) -> None:
    """Wrong inputs are reported before anything is created."""
    _, failures = engine.check(NETWORK, {"addressSpace": {"addressPrefixes": "10.0.0.0/16"}, "location": "x"})
    assert failures == [
        "missing required property 'resourceGroupName'",
        "'addressSpace.addressPrefixes' should be of type 'array' but got a string",
    ]


def test_a_resource_is_created(engine: Engine) -> None:
    """The id, the outputs and the body in Azure are what the inputs say, with the location of the resource group."""
    resource_id, outputs, inputs = engine.make(NETWORK, NET)
    assert (resource_id, inputs) == (NETWORK_ID, {**NET, "location": "westeurope", "azureApiVersion": "2024-05-01"})
    assert {name: outputs[name] for name in ("name", "location", "addressSpace", "subnets", "azureApiVersion", "provisioningState")} == {
        "name": "net",
        "location": "westeurope",
        "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
        "subnets": [],
        "azureApiVersion": "2024-05-01",
        "provisioningState": "Succeeded",
    }
    assert stored(engine, NETWORK_ID)["properties"]["addressSpace"] == {"addressPrefixes": ["10.0.0.0/16"]}


def test_a_preview_changes_nothing(engine: Engine) -> None:
    """A previewed creation gives inputs and unknowns and no id; Azure is not touched."""
    resource_id, outputs = engine.create(NETWORK, {**NET, "location": UNKNOWN}, preview=True)
    assert (resource_id, outputs["location"], outputs["name"], outputs["addressSpace"]["addressPrefixes"]) == (
        "",
        UNKNOWN,
        UNKNOWN,
        ["10.0.0.0/16"],
    )
    assert engine.read(NETWORK, NETWORK_ID) == ("", {}, {})


def test_an_existing_resource_is_not_created_again(engine: Engine) -> None:
    """What exists is refused by its id."""
    *_, inputs = engine.make(NETWORK, NET)
    with pytest.raises(Refused, match=f"^cannot create already existing resource '{NETWORK_ID}'$"):
        engine.create(NETWORK, inputs)


def test_azures_refusal_is_printed_as_azure_native_does(engine: Engine) -> None:
    """Status, code and message of Azure are in the error; nothing is recorded."""
    with pytest.raises(Refused, match=r'^Status=400 Code="InvalidRequestContent" Message="The request content was invalid') as refused:
        engine.create(NETWORK, {**NET, "location": "westeurope", "adressSpace": {}})
    assert refused.value.detail is None


def test_an_unknown_type_is_refused_by_name(engine: Engine) -> None:
    """A type the plugin does not know is named."""
    with pytest.raises(Refused, match=r"^Resource type azure-native:sql:Server not found: the offline Azure does not know it"):
        engine.check("azure-native:sql:Server", {})


def test_sub_resources_are_kept(engine: Engine) -> None:
    """An update of a network without subnets in its inputs keeps the subnets that are resources of their own; a refresh leaves them out."""
    resource_id, outputs, inputs = engine.make(NETWORK, NET)
    engine.make(SUBNET, {"resourceGroupName": "rg", "virtualNetworkName": "net", "subnetName": "app", "addressPrefix": "10.0.1.0/24"})
    updated = engine.update(NETWORK, resource_id, outputs, {**inputs, "tags": {"a": "b"}})
    assert ([subnet["name"] for subnet in updated["subnets"]], updated["tags"]) == (["app"], {"a": "b"})
    assert engine.read(NETWORK, resource_id, outputs, inputs)[1] == {**inputs, "tags": {"a": "b"}}


def test_a_previewed_update_keeps_name_and_location(engine: Engine) -> None:
    """Outputs that never change stay known, what Azure computes is unknown."""
    resource_id, outputs, inputs = engine.make(NETWORK, NET)
    previewed = engine.update(NETWORK, resource_id, outputs, {**inputs, "tags": {"a": "b"}}, preview=True)
    assert [previewed[name] for name in ("name", "location", "tags", "subnets", "provisioningState")] == [
        "net",
        "westeurope",
        {"a": "b"},
        UNKNOWN,
        UNKNOWN,
    ]


def test_an_import_gives_inputs(engine: Engine) -> None:
    """Without old inputs they are made from id and answer."""
    engine.make(GROUP, {"resourceGroupName": "other", "location": "westeurope", "tags": {"a": "b"}})
    _, inputs, outputs = engine.read(GROUP, GROUP_ID.replace("rg", "other"))
    assert inputs == {"resourceGroupName": "other", "location": "westeurope", "tags": {"a": "b"}, "azureApiVersion": "2024-03-01"}
    assert outputs["name"] == "other"


def test_deletion_of_what_is_gone_succeeds(engine: Engine) -> None:
    """A resource is deleted once and again."""
    engine.make(NETWORK, NET)
    engine.delete(NETWORK, NETWORK_ID)
    engine.delete(NETWORK, NETWORK_ID)
    assert engine.read(NETWORK, NETWORK_ID)[0] == ""


@pytest.mark.parametrize(("note", "expected"), [({"__createBeforeDelete": True}, False), ({}, True)], ids=["random name", "given name"])
def test_given_names_are_deleted_before_they_are_made_again(engine: Engine, note: Json, expected: bool) -> None:
    """A replacement deletes first, unless the name was made at random."""
    answer = engine.diff(
        NETWORK, {**NET, **note}, {**NET, "location": "northeurope", "virtualNetworkName": "net"}, {"location": "westeurope"}
    )
    assert (list(answer.replaces), answer.deleteBeforeReplace) == (["location"], expected)
    assert answer.detailedDiff["location"] == provider_pb2.PropertyDiff(kind=provider_pb2.PropertyDiff.ADD_REPLACE, inputDiff=True)


def test_no_difference_is_none(engine: Engine) -> None:
    """Equal inputs are no change, whatever the outputs are."""
    answer = engine.diff(NETWORK, NET, NET, {"etag": "x"})
    assert (answer.changes, dict(answer.detailedDiff)) == (provider_pb2.DiffResponse.DIFF_NONE, {})


def test_two_subscriptions_are_apart(engine: Engine, tmp_path: Path) -> None:
    """Two providers on one Azure write into their own subscriptions."""
    other = "00000000-0000-0000-0000-000000000002"
    second = Engine(tmp_path / "azure.db", other, location="northeurope")
    second.make(GROUP, {"resourceGroupName": "rg"})
    assert [stored(engine, GROUP_ID.replace(SUBSCRIPTION, each))["location"] for each in (SUBSCRIPTION, other)] == [
        "westeurope",
        "northeurope",
    ]


def test_parallel_calls_lose_nothing(engine: Engine) -> None:
    """Networks made at the same moment are all there, each with its own outputs."""
    names = [f"net{number}" for number in range(12)]
    with ThreadPoolExecutor(6) as pool:
        made = list(pool.map(lambda name: engine.make(NETWORK, {**NET, "virtualNetworkName": name})[1]["name"], names))
    assert made == names
    assert {engine.read(NETWORK, NETWORK_ID + str(number))[2]["name"] for number in range(12)} == set(names)


def test_what_azure_accepted_and_failed_is_recorded(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the operation fails after the write was accepted, the engine gets the resource, its outputs, the inputs and the reason."""
    put = Client.put

    def failing(client: Client, resource_id: str, api_version: str, body: Json) -> None:
        put(client, resource_id, api_version, body)
        raise AzureError({"code": "OperationFailed", "message": "it broke", "details": [{"code": "Why"}]}, accepted=True)

    monkeypatch.setattr(Client, "put", failing)
    inputs = {**NET, "location": "westeurope"}
    reason = 'Code="OperationFailed" Message="it broke" Details=[{"code": "Why"}]'
    with pytest.raises(Refused, match=f"^{re.escape(reason)}$") as refused:
        engine.create(NETWORK, inputs)
    detail = refused.value.detail
    assert (detail.id, list(detail.reasons), values.read(detail.inputs), values.read(detail.properties)["name"]) == (
        NETWORK_ID,
        [reason],
        inputs,
        "net",
    )
