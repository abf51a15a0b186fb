"""Storage accounts: names, keys, endpoints, signatures."""

from __future__ import annotations

import re

from azure.mgmt.storage import models

from offline.arm import sas, shapes
from offline.arm.blob_service import account_named
from offline.arm.errors import bad_request, conflict, not_implemented
from offline.arm.http import Json
from offline.arm.registry import Context, ResourceType, register
from offline.arm.storage_keys import NAMES, keys, regenerate

_NAME = re.compile(r"^[a-z0-9]{3,24}$")
_LOCAL = re.compile(r"^(localhost|127\.0\.0\.1):\d+$")
_SAS_VERSION = "2015-04-05"
_LETTERS = {"signedPermission", "signedServices", "signedResourceTypes"}


def _put(context: Context, new: Json, old: Json | None) -> Json:
    name = context.id.name
    if not _NAME.match(name):
        raise bad_request(
            "AccountNameInvalid",
            f"{name} is not a valid storage account name. Storage account name must be between 3 and 24 characters in length and use numbers and lower-case letters only.",
        )
    if old is None and account_named(context.store, name) is not None:
        raise conflict("StorageAccountAlreadyTaken", f"The storage account named {name} is already taken.")
    given = new.get("properties") or {}
    if (given.get("networkAcls") or {}).get("defaultAction", "Allow") != "Allow":
        raise not_implemented("a firewall of a storage account (`networkAcls.defaultAction: Deny`)")
    before = (old or {}).get("properties", {})
    created = before.get("creationTime") or context.store.now().isoformat()
    # A property that an update leaves out keeps its value: the storage service treats a PUT on an account that exists like a PATCH.
    properties = {
        "supportsHttpsTrafficOnly": True,
        "allowBlobPublicAccess": False,
        **before,
        **given,
        "provisioningState": "Succeeded",
        "creationTime": created,
        "primaryLocation": new["location"],
        "statusOfPrimary": "available",
        "primaryEndpoints": {kind: f"https://{name}.{kind}.core.windows.net/" for kind in ("blob", "dfs", "file", "queue", "table")},
    }
    sku = {**new["sku"], "tier": str(new["sku"]["name"]).partition("_")[0].removesuffix("V2")}
    return {**new, "sku": sku, "properties": properties}


def _get(context: Context, account: Json) -> Json:
    """To a client of the server on this machine, whose names no resolver knows, the blobs are at paths of the server."""
    host = context.request.headers.get("host", "")
    if not _LOCAL.match(host):
        return account
    endpoints = {**account["properties"]["primaryEndpoints"], "blob": f"https://{host}/_blob/{context.id.name.lower()}/"}
    return {**account, "properties": {**account["properties"], "primaryEndpoints": endpoints}}


def _delete(context: Context, old: Json) -> None:
    context.store.delete_blobs(f"https://{context.id.name.lower()}.blob.core.windows.net/")


def _list_keys(context: Context, account: Json) -> Json:
    created = account["properties"]["creationTime"]
    return {
        "keys": [
            {"keyName": name, "value": value, "permissions": "FULL", "creationTime": created}
            for name, value in keys(context.store, account).items()
        ]
    }


def _regenerate_key(context: Context, account: Json) -> Json:
    name = (context.request.body or {}).get("keyName")
    if name not in NAMES:
        raise bad_request("InvalidKeyName", f"The key name '{name}' is not one of {', '.join(NAMES)}.", "keyName")
    regenerate(context.store, account, name)
    return _list_keys(context, account)


def _list_service_sas(context: Context, account: Json) -> Json:
    body = _sas_body(context, models.ServiceSasParameters)
    if body.get("signedIdentifier"):
        raise not_implemented("stored access policies (`signedIdentifier`)")
    if body.get("signedResource") not in ("b", "c"):
        raise not_implemented(f"a service SAS for resource '{body.get('signedResource')}': only blobs (b) and containers (c)")
    fields = {"sv": _SAS_VERSION, "sr": body["signedResource"], "spr": body.get("signedProtocol", ""), **_common(body)}
    fields |= {name: body.get(name, "") for name in ("rscc", "rscd", "rsce", "rscl", "rsct")}
    return {
        "serviceSasToken": sas.token(
            fields, sas.sign(_key(context, account, body), sas.service_string(fields, body["canonicalizedResource"]))
        )
    }


def _list_account_sas(context: Context, account: Json) -> Json:
    body = _sas_body(context, models.AccountSasParameters)
    fields = {
        "sv": _SAS_VERSION,
        "ss": body["signedServices"],
        "srt": body["signedResourceTypes"],
        "spr": body.get("signedProtocol", ""),
        **_common(body),
    }
    return {"accountSasToken": sas.token(fields, sas.sign(_key(context, account, body), sas.account_string(fields, account["name"])))}


def _sas_body(context: Context, model: type) -> Json:
    body = context.request.body or {}
    # The SDK describes one letter; Azure takes any number of them in one text.
    one = {name: value[:1] if name in _LETTERS and isinstance(value, str) else value for name, value in body.items()}
    for text in sorted(_LETTERS & body.keys()):
        for letter in str(body[text]):
            shapes.check({**one, text: letter}, model)
    shapes.check(one, model)
    if not body.get("signedExpiry"):
        raise bad_request("InvalidValuesForRequestParameters", "Values for request parameters are invalid: signedExpiry.", "signedExpiry")
    return body


def _common(body: Json) -> dict[str, str]:
    names = {"sip": "signedIp", "st": "signedStart", "se": "signedExpiry", "sp": "signedPermission"}
    return {name: str(body.get(parameter) or "") for name, parameter in names.items()}


def _key(context: Context, account: Json, body: Json) -> str:
    return keys(context.store, account)[body.get("keyToSign") or NAMES[0]]


register(
    ResourceType(
        "Microsoft.Storage/storageAccounts",
        models.StorageAccountCreateParameters,
        on_put=_put,
        on_get=_get,
        on_delete=_delete,
        actions={
            "listKeys": _list_keys,
            "regenerateKey": _regenerate_key,
            "ListServiceSas": _list_service_sas,
            "ListAccountSas": _list_account_sas,
        },
        created=200,
        patch_model=models.StorageAccountUpdateParameters,
    )
)
