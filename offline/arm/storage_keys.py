"""The two keys of a storage account: derived from the account and from how often each was regenerated."""

from __future__ import annotations

import base64
import hashlib

from offline.arm.http import Json
from offline.arm.store import Store

NAMES = ("key1", "key2")
_KIND = "storageKey"


def keys(store: Store, account: Json) -> dict[str, str]:
    """Key name -> value (base64 of 64 bytes)."""
    return {name: _value(account, name, _generation(store, account, name)) for name in NAMES}


def regenerate(store: Store, account: Json, name: str) -> None:
    """Makes a key another one: what was signed with the old one is refused from now on."""
    store.put_document(_KIND, account["id"], name, {"generation": _generation(store, account, name) + 1})


def _generation(store: Store, account: Json, name: str) -> int:
    return int((store.document(_KIND, account["id"], name) or {"generation": 0})["generation"])


def _value(account: Json, name: str, generation: int) -> str:
    seed = f"{account['id'].lower()} {account['properties']['creationTime']} {name} {generation}"
    return base64.b64encode(hashlib.sha512(seed.encode()).digest()).decode()
