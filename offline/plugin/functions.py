"""The functions (invokes) that the plugin knows: a `get` for every ARM type of the table, and a few by hand."""

from __future__ import annotations

from collections.abc import Callable

from offline import tokens
from offline.arm.http import Json
from offline.arm.shapes import flatten, nest
from offline.arm.tenant import AUDIENCE, DEPLOYER, TENANT
from offline.plugin.client import AzureError, Client
from offline.plugin.first_use import ONE_IMPORT
from offline.plugin.resources import Resources
from offline.plugin.settings import Settings
from offline.plugin.tokens import TYPES, ResourceType

_ACCOUNT = TYPES["azure-native:storage:StorageAccount"]


def getter_token(of: ResourceType) -> str:
    """`azure-native:network:getSubnet` for the type of subnets."""
    module, _, name = of.token.rpartition(":")
    return f"{module}:get{name}"


GETTERS: dict[str, ResourceType] = {getter_token(of): of for of in TYPES.values() if not of.is_blob}
"""Token of the function -> the type it reads."""


def invoke(token: str, arguments: Json, client: Client, settings: Settings) -> Json:
    """Calls a function; raises LookupError that names one the plugin does not know."""
    if token in GETTERS:
        of = GETTERS[token]
        resource_id = of.id_of(settings.subscription, arguments)
        try:
            return {"id": resource_id, **Resources(client, of, settings.subscription).get(arguments)}
        except AzureError as error:
            raise LookupError(f"request failed {resource_id}: {error}") from error
    if token not in _FUNCTIONS:
        raise LookupError(
            f"Invoke type {token} not found: the offline Azure does not know it. `docs/offline-azure.md` lists what it knows."
        )
    return _FUNCTIONS[token](arguments, client, settings)


def _client_config(arguments: Json, client: Client, settings: Settings) -> Json:
    return {
        "clientId": settings.client or DEPLOYER,
        "objectId": DEPLOYER,
        "subscriptionId": settings.subscription,
        "tenantId": settings.tenant or TENANT,
    }


def _client_token(arguments: Json, client: Client, settings: Settings) -> Json:
    query = {"api-version": "2019-08-01", "resource": arguments.get("endpoint") or AUDIENCE}
    return {"token": tokens.issue(client.store, query)["access_token"]}


def _account_keys(arguments: Json, client: Client, settings: Settings) -> Json:
    answer = client.post(_ACCOUNT.id_of(settings.subscription, arguments) + "/listKeys", _ACCOUNT.api_version, {})
    with ONE_IMPORT:
        from azure.mgmt.storage.models import StorageAccountListKeysResult

    return flatten(answer, StorageAccountListKeysResult)


def _service_sas(arguments: Json, client: Client, settings: Settings) -> Json:
    with ONE_IMPORT:
        from azure.mgmt.storage.models import ServiceSasParameters

    values = {name: value for name, value in arguments.items() if name not in _ACCOUNT.parameters}
    return client.post(
        _ACCOUNT.id_of(settings.subscription, arguments) + "/ListServiceSas", _ACCOUNT.api_version, nest(values, ServiceSasParameters)
    )


_FUNCTIONS: dict[str, Callable[[Json, Client, Settings], Json]] = {
    "azure-native:authorization:getClientConfig": _client_config,
    "azure-native:authorization:getClientToken": _client_token,
    "azure-native:storage:listStorageAccountKeys": _account_keys,
    "azure-native:storage:listStorageAccountServiceSAS": _service_sas,
}
