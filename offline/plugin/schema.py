"""The package's schema for programs without a typed SDK (YAML): the types of the table and the functions, from their shapes."""

from __future__ import annotations

from typing import Any

from offline.arm.http import Json
from offline.arm.shapes import Kind, Shape, properties, shape
from offline.plugin.first_use import ONE_IMPORT
from offline.plugin.functions import GETTERS
from offline.plugin.tokens import TYPES, ResourceType

_ANY = {"$ref": "pulumi.json#/Any"}
_TEXT = {"type": "string"}


class _Types:
    """The object types of the schema, collected while properties refer to them. Types are named as azure-native does: by module."""

    def __init__(self) -> None:
        self.found: Json = {}

    def properties(self, module: str, of: Shape, response: bool) -> tuple[Json, list[str]]:
        """The specifications of a shape's properties, and the required ones."""
        chosen = {name: field for name, (_, field) in properties(of).items() if response or not field.read_only}
        specs = {name: self._spec(module, field.kind, response) for name, field in chosen.items()}
        return specs, sorted(name for name, field in chosen.items() if field.required and not response)

    def _spec(self, module: str, kind: Kind, response: bool) -> Json:
        if kind.is_string_set and not response:
            return {"type": "array", "items": _TEXT}
        if kind.shape:
            return self._one_of(module, kind.shape, response)
        if kind.name == "list" and kind.item:
            return {"type": "array", "items": self._spec(module, kind.item, response)}
        if kind.name == "map" and kind.item:
            return {"type": "object", "additionalProperties": self._spec(module, kind.item, response)}
        if len(kind.values) == 1:  # what tells a variant
            return {"type": kind.name, "const": kind.values[0]}
        return _ANY if kind.name in ("any", "map", "list", "object") else {"type": kind.name}

    def _one_of(self, module: str, of: Shape, response: bool) -> Json:
        if not of.variants:
            return {"$ref": f"#/types/{self._named(module, of, response)}"}
        found = {value: f"#/types/{self._named(module, load(), response)}" for value, load in of.variants.items()}
        choices = [{"type": "object", "$ref": each} for each in found.values()]
        return {"oneOf": choices, "discriminator": {"propertyName": of.discriminator, "mapping": found}}

    def _named(self, module: str, of: Shape, response: bool) -> str:
        token = f"azure-native:{module}:{of.name.replace('.', '')}{'Response' if response else ''}"
        if token not in self.found:
            self.found[token] = {"type": "object"}  # before its properties: types refer to each other in circles
            specs, required = self.properties(module, of, response)
            self.found[token] |= {"properties": specs, "required": required}
        return token


def package(version: str) -> Json:
    """The schema as the engine's `GetSchema` wants it."""
    types = _Types()
    resources = {of.token: _resource(of, types) for of in TYPES.values()}
    getters = {token: _getter(of, types) for token, of in GETTERS.items()}
    config = dict.fromkeys(("subscriptionId", "tenantId", "clientId", "location"), _TEXT)
    return {
        "name": "azure-native",
        "version": version,
        "config": {"variables": config},
        "provider": {"inputProperties": config},
        "resources": resources,
        "functions": {**getters, **_functions(types)},
        "types": types.found,
    }


def _resource(of: ResourceType, types: _Types) -> Json:
    module = of.token.split(":")[1]
    specs, required = types.properties(module, of.inputs, response=False)
    if of.is_blob:
        specs["source"] = {"$ref": "pulumi.json#/Asset"}
        specs["type"] = {"type": "string", "default": "Block"}
    answers, _ = types.properties(module, of.outputs, response=True)
    answers.pop("id", None)
    answers.pop("source", None)
    return {
        "inputProperties": {**specs, **dict.fromkeys(of.parameters, _TEXT)},
        "requiredInputs": sorted({*required, *of.parameters} - {of.name, "location"}),
        "properties": {**answers, "azureApiVersion": _TEXT} if of.api_version else answers,
    }


def _getter(of: ResourceType, types: _Types) -> Json:
    answers, _ = types.properties(of.token.split(":")[1], of.outputs, response=True)
    return _function(dict.fromkeys(of.parameters, _TEXT), of.parameters, {**answers, "id": _TEXT, "azureApiVersion": _TEXT})


def _functions(types: _Types) -> Json:
    with ONE_IMPORT:
        from azure.mgmt.storage.models import ServiceSasParameters, StorageAccountListKeysResult

    account = TYPES["azure-native:storage:StorageAccount"].parameters
    key_list, _ = types.properties("storage", shape(StorageAccountListKeysResult), response=True)
    sas, required = types.properties("storage", shape(ServiceSasParameters), response=False)
    names = dict.fromkeys(account, _TEXT)
    client = dict.fromkeys(("clientId", "objectId", "subscriptionId", "tenantId"), _TEXT)
    return {
        "azure-native:authorization:getClientConfig": _function({}, [], client),
        "azure-native:authorization:getClientToken": _function({"endpoint": _TEXT}, [], {"token": _TEXT}),
        "azure-native:storage:listStorageAccountKeys": _function({**names, "expand": _TEXT}, account, key_list),
        "azure-native:storage:listStorageAccountServiceSAS": _function({**names, **sas}, account + required, {"serviceSasToken": _TEXT}),
    }


def _function(inputs: Json, required: list[str], outputs: Json) -> Json:
    result: dict[str, Any] = {"outputs": {"type": "object", "properties": outputs, "required": sorted(outputs)}}
    return {"inputs": {"type": "object", "properties": inputs, "required": sorted(required)}, **result}
