"""Shared access signatures of Azure Storage and shared-key authorisation: the real strings-to-sign, signed with HMAC-SHA256. Pure."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote

_OVERRIDES = ("rscc", "rscd", "rsce", "rscl", "rsct")


def sign(key: str, text: str) -> str:
    """Base64 of the HMAC of a text; `key` is an account key in base64."""
    return base64.b64encode(hmac.new(base64.b64decode(key), text.encode(), hashlib.sha256).digest()).decode()


def service_string(query: Mapping[str, str], resource: str) -> str:
    """String-to-sign of a service SAS for a blob or container; `resource` is `/blob/<account>/<container>[/<blob>]`.

    Newer versions sign more: the resource type and snapshot since 2018-11-09, the encryption scope since 2020-12-06.
    """
    version = query.get("sv", "")
    fields = [query.get(name, "") for name in ("sp", "st", "se")] + [resource]
    fields += [query.get(name, "") for name in ("si", "sip", "spr", "sv")]
    if version >= "2018-11-09":
        fields += [query.get("sr", ""), query.get("snapshot", "")]
    if version >= "2020-12-06":
        fields += [query.get("ses", "")]
    return "\n".join(fields + [query.get(name, "") for name in _OVERRIDES])


def account_string(query: Mapping[str, str], account: str) -> str:
    """String-to-sign of an account SAS; it ends with a line break."""
    names = ["sp", "ss", "srt", "st", "se", "sip", "spr", "sv"] + (["ses"] if query.get("sv", "") >= "2020-12-06" else [])
    return "\n".join([account, *(query.get(name, "") for name in names)]) + "\n"


def token(fields: Mapping[str, str], signature: str) -> str:
    """The query of a signed URL, without `?`: the fields that have a value, then the signature."""
    return "&".join(f"{name}={quote(value, safe='')}" for name, value in {**fields, "sig": signature}.items() if value)


def shared_key_string(method: str, account: str, path: str, query: Mapping[str, str], headers: Mapping[str, str]) -> str:
    """String-to-sign of `Authorization: SharedKey <account>:<signature>`; header names in lower case, `path` as it is on the wire."""
    length = headers.get("content-length", "")
    standard = [headers.get(name, "") for name in ("content-encoding", "content-language")] + ["" if length == "0" else length]
    standard += [
        headers.get(name, "")
        for name in (
            "content-md5",
            "content-type",
            "date",
            "if-modified-since",
            "if-match",
            "if-none-match",
            "if-unmodified-since",
            "range",
        )
    ]
    own = [f"{name}:{' '.join(value.split())}" for name, value in sorted(headers.items()) if name.startswith("x-ms-")]
    resource = [f"/{account}{path}", *(f"{name.lower()}:{value}" for name, value in sorted(query.items()))]
    return "\n".join([method, *standard, *own, *resource])


def moment(text: str) -> datetime:
    """A time of a SAS (`2026-01-01`, `2026-01-01T00:00Z`, with or without fractions) in UTC; raises ValueError for anything else."""
    head, dot, fraction = text.removesuffix("Z").partition(".")
    found = datetime.fromisoformat(head + (dot + fraction[:6].ljust(6, "0") if dot else ""))
    return found if found.tzinfo else found.replace(tzinfo=UTC)
