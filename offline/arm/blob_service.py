"""The data plane of Azure Storage: blobs by URL, and who may read and write them.

A URL outside the storage domain is an internet address: it is not simulated, and nothing here answers for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import parse_qsl, unquote, urlsplit

from offline.arm import roles, sas
from offline.arm.http import Json
from offline.arm.polling import ARRIVAL
from offline.arm.storage_keys import keys
from offline.arm.store import Store

PROPAGATION = ARRIVAL
"""How long a role assignment takes to reach the data plane."""

_HOST = re.compile(r"^(?P<account>[a-z0-9]{3,24})\.blob\.core\.windows\.net(:443)?$", re.IGNORECASE)
_ACTIONS = {"r": "read", "l": "read", "w": "write", "c": "write", "d": "delete"}
"""Permission letter of a SAS -> the last word of the role's data action."""


class BlobError(Exception):
    """A refusal of the data plane: HTTP status, Azure's error code, its message."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.status = status
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Blob:
    """What a URL names. `query` is the SAS, empty without one."""

    scheme: str
    account: str
    container: str
    name: str
    query: dict[str, str]

    @property
    def url(self) -> str:
        """Where the store keeps it: decoded, without query."""
        return f"https://{self.account}.blob.core.windows.net/{self.container}/{self.name}"


@dataclass(frozen=True)
class Credential:
    """Who asks: with an account key, as identities, or (empty) as anybody. A SAS is in the URL."""

    key: str | None = None
    principal_ids: tuple[str, ...] = field(default=())


def blob_of(url: str) -> Blob | None:
    """Takes a blob's URL apart; None for a URL outside the storage domain."""
    parts = urlsplit(url)
    host = _HOST.match(parts.netloc)
    if host is None:
        return None
    container, _, name = unquote(parts.path).lstrip("/").partition("/")
    return Blob(parts.scheme.lower(), host["account"].lower(), container, name, dict(parse_qsl(parts.query)))


def fetch(store: Store, url: str, principal_ids: Iterable[str], at: datetime) -> bytes | None:
    """The content of a blob, read by anybody with the URL or as one of the identities at a moment of the virtual clock.

    None for an internet address. Raises BlobError as the service answers.
    """
    blob = blob_of(url)
    return None if blob is None else read(store, blob, Credential(principal_ids=tuple(principal_ids)), at)[0]


def read_as(store: Store, principal_id: str, url: str, at: datetime) -> bytes | None:
    """`fetch` as one identity."""
    return fetch(store, url, [principal_id], at)


def read(store: Store, blob: Blob, credential: Credential, at: datetime) -> tuple[bytes, Json]:
    """Content and headers of a blob."""
    _authorise(store, blob, "r", credential, at)
    found = store.blob(blob.url)
    if found is None:
        raise BlobError(404, "BlobNotFound", "The specified blob does not exist.")
    return found


def write(store: Store, blob: Blob, content: bytes, headers: Json, credential: Credential, at: datetime) -> bool:
    """Writes a blob whole; True if it is new. `headers` are kept for GET (`content-type`, `content-md5`, `x-ms-meta-…`)."""
    new = store.blob(blob.url) is None
    _authorise(store, blob, "c" if new else "w", credential, at)
    store.put_blob(blob.url, content, {"last-modified": format_datetime(at, usegmt=True), **headers})
    store.advance(1)
    store.log("PUT", blob.url, size=len(content))
    return new


def delete(store: Store, blob: Blob, credential: Credential, at: datetime) -> None:
    """Removes a blob."""
    _authorise(store, blob, "d", credential, at)
    if store.blob(blob.url) is None:
        raise BlobError(404, "BlobNotFound", "The specified blob does not exist.")
    store.delete_blob(blob.url)
    store.advance(1)
    store.log("DELETE", blob.url)


def listed(store: Store, container: Blob, credential: Credential, at: datetime) -> list[tuple[str, bytes, Json]]:
    """Name, content and headers of the blobs of a container (a `Blob` without a name), in order of name, those with the `prefix` of the query."""
    _authorise(store, container, "l", credential, at)
    if "sig" in container.query and "srt" not in container.query and container.query.get("sr") != "c":
        raise BlobError(
            403, "AuthorizationResourceTypeMismatch", "This request is not authorized to perform this operation using this resource type."
        )
    found = []
    for url in store.blobs(f"{container.url}{container.query.get('prefix', '')}"):
        content, headers = store.blob(url) or (b"", {})
        found.append((url.removeprefix(container.url), content, headers))
    return found


def _authorise(store: Store, blob: Blob, permission: str, credential: Credential, at: datetime) -> None:
    account = account_named(store, blob.account)
    if account is None:
        raise BlobError(404, "ResourceNotFound", f"The storage account '{blob.account}' does not exist.")
    properties = account["properties"]
    if blob.scheme != "https" and properties.get("supportsHttpsTrafficOnly", True):
        raise BlobError(400, "AccountRequiresHttps", "The account being accessed does not support http.")
    if properties.get("publicNetworkAccess") == "Disabled":
        raise BlobError(403, "AuthorizationFailure", "This request is not authorized to perform this operation.")
    container = store.get(f"{account['id']}/blobServices/default/containers/{blob.container}")
    if "sig" in blob.query or credential.key is not None:
        if properties.get("allowSharedKeyAccess") is False:
            raise BlobError(403, "KeyBasedAuthenticationNotPermitted", "Key based authentication is not permitted on this storage account.")
        if "sig" in blob.query:
            _check_sas(store, account, blob, permission, at)
        elif credential.key not in keys(store, account).values():
            raise _failed("the key is none of the account's")
    elif credential.principal_ids:
        _check_roles(store, account, blob, permission, credential.principal_ids, at)
    else:
        _check_public(properties, container, permission)
    if container is None:
        raise BlobError(404, "ContainerNotFound", "The specified container does not exist.")


def account_named(store: Store, name: str) -> Json | None:
    """The storage account of a name: names are unique in the whole of Azure."""
    accounts = store.resources(resource_type="Microsoft.Storage/storageAccounts")
    return next((account for account in accounts if account["name"].lower() == name.lower()), None)


def _failed(why: str) -> BlobError:
    return BlobError(403, "AuthenticationFailed", f"Server failed to authenticate the request: {why}.")


def _check_sas(store: Store, account: Json, blob: Blob, permission: str, at: datetime) -> None:
    query = blob.query
    if query.get("si"):
        raise _failed(f"the container has no stored access policy '{query['si']}'")
    if "srt" in query:
        expected = sas.account_string(query, blob.account)
        fits = "b" in query.get("ss", "") and "o" in query["srt"]
    else:
        whole = f"/blob/{blob.account}/{blob.container}"
        expected = sas.service_string(query, whole if query.get("sr") == "c" else f"{whole}/{blob.name}")
        fits = query.get("sr") in ("b", "c")
    if query["sig"] not in [sas.sign(key, expected) for key in keys(store, account).values()]:
        raise _failed("Signature did not match")
    try:
        started = not query.get("st") or sas.moment(query["st"]) <= at
        lives = at <= sas.moment(query.get("se", ""))
    except ValueError:
        raise _failed("a time of the SAS can't be read") from None
    if not started or not lives:
        raise _failed(
            f"Signature not valid in the specified time frame: Start [{query.get('st', '')}] - Expiry [{query['se']}] - Current [{at.isoformat()}]"
        )
    if not fits:
        raise BlobError(
            403, "AuthorizationResourceTypeMismatch", "This request is not authorized to perform this operation using this resource type."
        )
    letters = query.get("sp", "")
    if permission not in letters and not (permission == "c" and "w" in letters):
        raise BlobError(
            403, "AuthorizationPermissionMismatch", "This request is not authorized to perform this operation using this permission."
        )


def _check_roles(store: Store, account: Json, blob: Blob, permission: str, principal_ids: tuple[str, ...], at: datetime) -> None:
    scope = f"{account['id']}/blobServices/default/containers/{blob.container}"
    action = f"Microsoft.Storage/storageAccounts/blobServices/containers/blobs/{_ACTIONS[permission]}"
    if not any(roles.allows(store, principal, scope, action, at - PROPAGATION) for principal in principal_ids):
        raise BlobError(
            403, "AuthorizationPermissionMismatch", "This request is not authorized to perform this operation using this permission."
        )


def _check_public(properties: Json, container: Json | None, permission: str) -> None:
    if properties.get("allowBlobPublicAccess") is not True:
        raise BlobError(409, "PublicAccessNotPermitted", "Public access is not permitted on this storage account.")
    if permission != "r" or container is None or container["properties"].get("publicAccess") not in ("Blob", "Container"):
        raise BlobError(404, "ResourceNotFound", "The specified resource does not exist.")
