"""How instances read blobs: with which identity, and what a refusal means to who asked."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from urllib.parse import urlsplit

from offline.arm.blob_service import BlobError, blob_of, fetch
from offline.arm.compute.handlers.run import HandlerError, Run
from offline.arm.compute.tree import dig
from offline.arm.http import Json

_URL = re.compile(r"https?://[^\s'\"`<>|;,(){}\\]+")
_RETRY_EVERY = 30
_RETRY_FOR = 15 * 60


def principals(run: Run) -> list[str]:
    """Principal ids of all identities of the machine."""
    identity = run.identity
    assigned = (identity.get("userAssignedIdentities") or {}).values()
    return [each["principalId"] for each in [identity, *assigned] if each.get("principalId")]


def named_principal(run: Run, managed_identity: Json) -> str:
    """The principal that `managedIdentity` names by `clientId` or `objectId`; `{}` is the system-assigned one, or the only one there is."""
    identity = run.identity
    assigned = list((identity.get("userAssignedIdentities") or {}).values())
    for ours, theirs in (("clientId", "clientId"), ("objectId", "principalId")):
        if managed_identity.get(ours):
            found = [each for each in assigned if each.get(theirs, "").lower() == managed_identity[ours].lower()]
            if not found:
                raise HandlerError(f"failed to get a token: no identity with {ours} '{managed_identity[ours]}' is assigned to the machine")
            return str(found[0]["principalId"])
    if identity.get("principalId"):
        return str(identity["principalId"])
    if len(assigned) == 1 and assigned[0].get("principalId"):
        return str(assigned[0]["principalId"])
    raise HandlerError("failed to get a token: the machine has no system-assigned identity, and not exactly one user-assigned identity")


def download_all(run: Run, uris: list[str], principal_ids: list[str]) -> dict[str, str | None]:
    """Downloads as the handlers do: into one folder by base name, 403 and 404 are final (only 408, 429 and 5xx are retried)."""
    files: dict[str, str | None] = {}
    for uri in uris:
        name = urlsplit(uri).path.rsplit("/", 1)[-1]
        try:
            files[name] = _sha256(fetch(run.store, uri, principal_ids, run.at))
        except BlobError as error:
            raise HandlerError(
                f"failed to download file '{uri.partition('?')[0]}': unexpected status code: actual={error.status} ({error.code}) expected=200",
                files=files,
            ) from error
    return files


def fetched_by_script(run: Run, text: str) -> tuple[dict[str, str | None], float]:
    """What a script reads from the storage URLs in it, with the identities of the machine, and how long it waited.

    Scripts are not executed: only a URL that is written out whole is read. One that mentions 403 is taken to try again for 15 minutes while it is refused; for any other a refusal is final.
    """
    files: dict[str, str | None] = {}
    waited = 0.0
    for url in _blob_urls(text):
        while True:
            try:
                content = fetch(run.store, url, principals(run), run.at + timedelta(seconds=waited))
            except BlobError as error:
                if error.status == 403 and "403" in text and waited < _RETRY_FOR:
                    waited += _RETRY_EVERY
                    continue
                raise HandlerError(
                    f"the script could not read {url.partition('?')[0]}: {error.status} {error.code}", files=files, seconds=waited
                ) from error
            break
        files[url.partition("?")[0]] = _sha256(content)
    return files, waited


def _blob_urls(text: str) -> list[str]:
    """The URLs of blobs in a script, each once; not those that a variable completes."""
    urls = [url for url in _URL.findall(text) if "$" not in url]
    return [url for url in dict.fromkeys(urls) if (blob := blob_of(url)) is not None and blob.name]


def managed_identity(run: Run) -> list[str]:
    """The principals that a Custom Script handler downloads with: none unless protected settings have `managedIdentity`."""
    wanted = dig(run.protected, "managedIdentity")
    return [] if wanted is None else [named_principal(run, wanted)]


def _sha256(content: bytes | None) -> str | None:
    return None if content is None else hashlib.sha256(content).hexdigest()
