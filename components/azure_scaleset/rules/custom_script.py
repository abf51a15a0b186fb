"""What the rules of Custom Script for Linux and for Windows share. Nothing here is a rule."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from azure_scaleset.rules.facts import extensions
from azure_scaleset.rules.rule import Found
from azure_scaleset.rules.settings import PROTECTED, PUBLIC, Settings, settings_of
from azure_scaleset.rules.value import UNKNOWN, get, mapping, text

_BASE_NAME = re.compile(r"([^/?#]+)(?:[?#].*)?\Z", re.DOTALL)


def given_twice(settings: Settings | None, keys: tuple[str, ...]) -> Iterator[Found]:
    """Keys that public and protected settings both have."""
    for key in keys if settings else ():
        if settings and len(settings.places(key)) == 2:
            yield Found(
                f"{PROTECTED}.{key}",
                f"{key} is given in settings and in protectedSettings. Expected it in one of the two: the protected one would be ignored.",
                "Keep it in protectedSettings if any of it is secret, otherwise in settings.",
            )


def credentials_wrong(settings: Settings, keys: tuple[str, ...]) -> Iterator[Found]:
    """What is wrong with the credentials of a download: storage name and key, or the managed identity. Shows no value."""
    for key in keys:
        if PUBLIC in settings.places(key):
            yield Found(
                f"{PUBLIC}.{key}", f"{key} is given in settings. Expected it in protectedSettings only.", "Move it to protectedSettings."
            )
    if settings.protected is UNKNOWN:
        return
    given = [key for key in ("storageAccountName", "storageAccountKey") if PROTECTED in settings.places(key)]
    if "storageAccountName" in keys:
        missing = [key for key in keys if not settings.may_hold(key)]
        if given and missing:
            yield Found(
                f"{PROTECTED}.{missing[0]}",
                f"{missing[0]} is absent, and {given[0]} is given. Expected both or neither.",
                f"Add {missing[0]}, or remove {given[0]}.",
            )
    identity = settings.protected.get("managedIdentity")
    if "managedIdentity" not in keys or identity is None:
        return
    if given:
        yield Found(
            f"{PROTECTED}.managedIdentity",
            f"managedIdentity and {given[0]} are given. Expected one way to sign in.",
            f"Remove {' and '.join(given)}.",
        )
    if text(mapping(identity).get("clientId")) and text(mapping(identity).get("objectId")):
        yield Found(
            f"{PROTECTED}.managedIdentity", "managedIdentity has clientId and objectId. Expected one of the two.", "Remove one of the two."
        )


def identity_missing(inputs: Any, expected: str) -> Iterator[Found]:
    """Extensions of the handler *expected* that download with an identity which the scale set doesn't have. Public files come without one."""
    kind = get(inputs, "identity.type")
    if kind is UNKNOWN or get(inputs, "identity") is UNKNOWN or (kind is not None and not isinstance(kind, str)):
        return
    for path, extension in extensions(inputs, expected):
        settings = settings_of(extension, expected)
        identity = settings.protected.get("managedIdentity") if settings and settings.protected is not UNKNOWN else None
        if not isinstance(identity, Mapping) or UNKNOWN in identity.values() or next(uris(settings), None) is None:
            continue
        needed = "UserAssigned" if identity.get("clientId") or identity.get("objectId") else "SystemAssigned"
        if needed.casefold() not in (kind or "").casefold():
            yield Found(
                "identity.type",
                f"identity.type is {kind or 'absent'}, and {path.rpartition('.')[2]} signs in with a {needed} identity. Expected it to include {needed}.",
                f"Add the {needed} identity to the scale set.",
            )


def base_name(uri: str) -> str:
    """The name under which Custom Script saves the file at *uri*."""
    match = _BASE_NAME.search(uri)
    return unquote(match[1]) if match else ""


def uris(settings: Settings | None) -> Iterator[tuple[str, str]]:
    """The addresses of fileUris that are known, each with its path."""
    for path, value in settings.values("fileUris") if settings else ():
        if isinstance(value, list):
            for index, uri in enumerate(value):
                if isinstance(uri, str):
                    yield f"{path}[{index}]", uri


def base_names_twice(settings: Settings | None) -> Iterator[Found]:
    """Addresses that are saved under a name which another has."""
    seen: set[str] = set()
    for path, uri in uris(settings):
        name = base_name(uri)
        told = "" if path.startswith(PROTECTED) else f", {name!r}"
        if name and name in seen:
            yield Found(
                path,
                f"fileUris has two files of one name{told}. Expected different names: one overwrites the other.",
                "Rename one of the files.",
            )
        seen.add(name)
