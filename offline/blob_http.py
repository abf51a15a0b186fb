"""Azure Storage's REST protocol for blobs, in front of `offline.arm.blob_service`."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import parse_qsl, urlsplit
from xml.sax.saxutils import escape

from offline.arm import blob_service, sas
from offline.arm.blob_service import Blob, BlobError, Credential
from offline.arm.http import Json
from offline.arm.storage_keys import keys
from offline.arm.store import Store
from offline.tokens import STORAGE_AUDIENCES, principal_of

_PATH_STYLE = re.compile(r"^/_blob/(?P<account>[a-z0-9]+)(?P<rest>/[^?]*)")
_KEPT = re.compile(r"^(content-type|content-encoding|content-language|cache-control|content-disposition|x-ms-meta-.*)$")
_RANGE = re.compile(r"^bytes=(\d+)-(\d*)$")


@dataclass(frozen=True)
class Call:
    """One call of the data plane; header names in lower case, `target` is path and query as they are on the wire."""

    method: str
    target: str
    headers: Mapping[str, str]
    content: bytes = b""


@dataclass(frozen=True)
class Answer:
    """What goes back."""

    status: int
    content: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


def url_of(call: Call) -> str | None:
    """The blob's URL, by host name or by path (`/_blob/<account>/<container>/<blob>`); None when the call is not for a blob."""
    path, _, query = call.target.partition("?")
    by_path = _PATH_STYLE.match(path)
    host = f"{by_path['account']}.blob.core.windows.net" if by_path else call.headers.get("host", "").partition(":")[0]
    url = f"https://{host}{by_path['rest'] if by_path else path}" + (f"?{query}" if query else "")
    return url if blob_service.blob_of(url) else None


def handle(store: Store, call: Call, url: str) -> Answer:
    """Answers one call, in a transaction of its own."""
    blob = blob_service.blob_of(url)
    assert blob is not None, "the caller asked `url_of`"
    try:
        with store.transaction():
            return _answer(store, call, blob)
    except BlobError as error:
        text = f'<?xml version="1.0" encoding="utf-8"?><Error><Code>{error.code}</Code><Message>{escape(error.message)}</Message></Error>'
        return Answer(error.status, text.encode(), {"x-ms-error-code": error.code, "content-type": "application/xml"})


def _answer(store: Store, call: Call, blob: Blob) -> Answer:
    credential = _credential(store, call, blob)
    now = store.now()
    if (call.method, blob.query.get("restype"), blob.query.get("comp"), blob.name) == ("GET", "container", "list", ""):
        return _list(store, blob, credential, now)
    if "comp" in blob.query or "restype" in blob.query or not blob.name:
        raise BlobError(
            501, "NotImplemented", "The offline Azure knows PUT, GET, HEAD and DELETE of whole blobs, and the list of a container's."
        )
    if call.method == "PUT":
        return _put(store, call, blob, credential, now)
    if call.method == "DELETE":
        blob_service.delete(store, blob, credential, now)
        return Answer(202)
    if call.method not in ("GET", "HEAD"):
        raise BlobError(405, "UnsupportedHttpVerb", "The resource doesn't support specified Http Verb.")
    content, headers = blob_service.read(store, blob, credential, now)
    return _ranged(call, content, headers)


def _list(store: Store, container: Blob, credential: Credential, now: datetime) -> Answer:
    """All on one page."""
    included = container.query.get("include")
    if "delimiter" in container.query or included not in (None, "metadata"):
        raise BlobError(501, "NotImplemented", "The offline Azure lists blobs without folders, and with metadata at most.")
    entries = "".join(
        f"<Blob><Name>{escape(name)}</Name><Properties><Last-Modified>{headers.get('last-modified', format_datetime(now, usegmt=True))}</Last-Modified>"
        f"<Etag>{escape(headers.get('etag', ''))}</Etag><Content-Length>{len(content)}</Content-Length><BlobType>BlockBlob</BlobType></Properties>"
        f"{_metadata(headers) if included else ''}</Blob>"
        for name, content, headers in blob_service.listed(store, container, credential, now)
    )
    text = (
        '<?xml version="1.0" encoding="utf-8"?>'
        f'<EnumerationResults ServiceEndpoint="https://{container.account}.blob.core.windows.net/" ContainerName="{escape(container.container)}">'
        f"<Blobs>{entries}</Blobs><NextMarker/></EnumerationResults>"
    )
    return Answer(200, text.encode(), {"content-type": "application/xml"})


def _metadata(headers: dict[str, str]) -> str:
    prefix = "x-ms-meta-"
    names = [name.removeprefix(prefix) for name in headers if name.startswith(prefix)]
    return "<Metadata>" + "".join(f"<{name}>{escape(headers[prefix + name])}</{name}>" for name in names) + "</Metadata>"


def _put(store: Store, call: Call, blob: Blob, credential: Credential, now: datetime) -> Answer:
    if call.headers.get("x-ms-blob-type") != "BlockBlob":
        raise BlobError(
            400, "MissingRequiredHeader", "An HTTP header that's mandatory for this request is not specified: x-ms-blob-type: BlockBlob."
        )
    stated = call.headers.get("content-md5")
    digest = base64.b64encode(hashlib.md5(call.content, usedforsecurity=False).digest()).decode()
    if stated is not None and stated != digest:
        raise BlobError(
            400, "Md5Mismatch", "The MD5 value specified in the request did not match with the MD5 value calculated by the server."
        )
    if call.headers.get("if-none-match") == "*" and store.blob(blob.url) is not None:
        raise BlobError(409, "BlobAlreadyExists", "The specified blob already exists.")
    kept = {name: value for name, value in call.headers.items() if _KEPT.match(name)}
    kept |= {name.removeprefix("x-ms-blob-"): value for name, value in call.headers.items() if name.startswith("x-ms-blob-content-")}
    kept |= {
        "content-md5": digest,
        "etag": f'"0x{hashlib.sha256(call.content).hexdigest()[:16].upper()}"',
        "last-modified": format_datetime(now, usegmt=True),
    }
    blob_service.write(store, blob, call.content, kept, credential, now)
    return Answer(201, headers={name: kept[name] for name in ("content-md5", "etag", "last-modified")})


def _ranged(call: Call, content: bytes, headers: Json) -> Answer:
    wanted = _RANGE.match(call.headers.get("x-ms-range", call.headers.get("range", "")))
    shown = {**headers, "x-ms-blob-type": "BlockBlob", "accept-ranges": "bytes"}
    if wanted is None:
        return Answer(200, content, shown)
    start, end = int(wanted[1]), min(int(wanted[2] or len(content)), len(content) - 1)
    if start >= len(content):
        raise BlobError(416, "InvalidRange", "The range specified is invalid for the current size of the resource.")
    shown.pop("content-md5", None)  # it is of the whole
    return Answer(206, content[start : end + 1], {**shown, "content-range": f"bytes {start}-{end}/{len(content)}"})


def _credential(store: Store, call: Call, blob: Blob) -> Credential:
    scheme, _, text = call.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return Credential(principal_ids=(principal_of(store, call.headers, STORAGE_AUDIENCES),))
    if scheme.lower() != "sharedkey":
        return Credential()
    account = blob_service.account_named(store, blob.account)
    parts = urlsplit(call.target)
    expected = sas.shared_key_string(call.method, blob.account, parts.path, dict(parse_qsl(parts.query)), call.headers)
    found = [key for key in (keys(store, account).values() if account else ()) if text == f"{blob.account}:{sas.sign(key, expected)}"]
    return Credential(key=found[0] if found else "")
