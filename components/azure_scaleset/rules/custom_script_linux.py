"""Rules of Custom Script for Linux. The handler itself enforces little of this: it reports success for settings that it ignores (CL8)."""

import gzip
import re
from collections.abc import Callable, Iterator
from typing import Any

from azure_scaleset.rules.custom_script import base_names_twice, credentials_wrong, given_twice, identity_missing
from azure_scaleset.rules.data import decoded
from azure_scaleset.rules.facts import CUSTOM_SCRIPT_LINUX
from azure_scaleset.rules.rule import Found, Subject, Target
from azure_scaleset.rules.settings import PROTECTED, PUBLIC, settings_of
from azure_scaleset.rules.value import UNKNOWN, integer

_rules = Subject("Custom Script for Linux", Target.EXTENSION)

_SOURCE = "CSE-L main/handlersettings.go"
_SCHEMA = "CSE-L main/schema.go"
_PUBLIC_KEYS = ("commandToExecute", "script", "skipDos2Unix", "fileUris", "timestamp")
_PROTECTED_KEYS = ("commandToExecute", "script", "fileUris", "storageAccountName", "storageAccountKey", "managedIdentity")
_CREDENTIALS = ("storageAccountName", "storageAccountKey", "managedIdentity")
_ACCOUNT_NAME = re.compile(r"[a-z0-9]{3,24}")
_SCRIPT_LIMIT = 262_144


@_rules.error("CL1", "Settings have only the keys that the handler knows.", source=_SCHEMA)
def linux_keys(extension: Any) -> Iterator[Found]:
    """The schema is closed, and letter case counts. Credentials in public settings are left to CL6 and CL7."""
    settings = settings_of(extension, CUSTOM_SCRIPT_LINUX)
    for name, values in settings.maps() if settings else ():
        allowed = _PUBLIC_KEYS if name == PUBLIC else _PROTECTED_KEYS
        for key in values:
            if key not in allowed and not (name == PUBLIC and key in _CREDENTIALS):
                yield Found(
                    f"{name}.{key}", f"{name} has the key {key!r}. Expected only {', '.join(allowed)}.", "Correct the key, or remove it."
                )


@_rules.error("CL1", "Settings have the types that the handler expects.", source=_SCHEMA)
def linux_types(extension: Any) -> Iterator[Found]:
    """No message shows a value: they may be protected."""
    settings = settings_of(extension, CUSTOM_SCRIPT_LINUX)
    for key, (expected, fits) in _TYPES.items():
        for path, value in settings.values(key) if settings else ():
            if not fits(value):
                yield Found(path, f"{key} is of type {type(value).__name__}. Expected {expected}.", f"Give {expected}.")


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_list_of_texts(value: Any) -> bool:
    return isinstance(value, list) and all(item is UNKNOWN or isinstance(item, str) for item in value)


def _is_integer(value: Any) -> bool:
    return integer(value) is not None


def _is_boolean(value: Any) -> bool:
    return isinstance(value, bool)


_TYPES: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "commandToExecute": ("a text", _is_text),
    "script": ("a text", _is_text),
    "fileUris": ("a list of texts", _is_list_of_texts),
    "timestamp": ("a whole number", _is_integer),
    "skipDos2Unix": ("true or false", _is_boolean),
}


@_rules.error("CL2", "commandToExecute, script and fileUris are each in public or in protected settings.", source=_SOURCE)
def linux_given_twice(extension: Any) -> Iterator[Found]:
    """The handler silently takes the public one."""
    yield from given_twice(settings_of(extension, CUSTOM_SCRIPT_LINUX), ("commandToExecute", "script", "fileUris"))


@_rules.error("CL3", "One of commandToExecute and script is given.", source=_SOURCE)
def linux_command_or_script(extension: Any) -> Iterator[Found]:
    """The handler silently runs the command."""
    settings = settings_of(extension, CUSTOM_SCRIPT_LINUX)
    if settings and settings.places("commandToExecute") and (places := settings.places("script")):
        yield Found(
            f"{places[0]}.script",
            "script and commandToExecute are given. Expected one of the two: the script would not run.",
            "Remove one of the two.",
        )


@_rules.error("CL4", "commandToExecute or script is given.", source=_SOURCE)
def linux_command_missing(extension: Any) -> Iterator[Found]:
    """The handler runs an empty command and reports success."""
    settings = settings_of(extension, CUSTOM_SCRIPT_LINUX)
    if settings and not settings.may_hold("commandToExecute") and not settings.may_hold("script"):
        yield Found(
            "",
            "commandToExecute and script are absent. Expected one of the two: nothing would run, and the deployment would succeed.",
            "Add commandToExecute, or script.",
        )


@_rules.error("CL5", "script is base64, of a gzip at will, of at most 262 144 characters.", source="CSE-L main/cmds.go; CSE-L README")
def linux_script(extension: Any) -> Iterator[Found]:
    """The handler runs nothing and reports success when it can't read the script."""
    settings = settings_of(extension, CUSTOM_SCRIPT_LINUX)
    for path, value in settings.values("script") if settings else ():
        if not isinstance(value, str) or not value:
            continue
        if len(value) > _SCRIPT_LIMIT:
            yield Found(
                path,
                f"script has {len(value)} characters. Expected at most {_SCRIPT_LIMIT}: nothing would run, and the deployment would succeed.",
                "Compress it with gzip before base64, or take fileUris.",
            )
        elif not _readable(value):
            yield Found(
                path,
                f"script has {len(value)} characters that aren't base64 of a text or of its gzip. Expected base64: nothing would run, and the deployment would succeed.",
                "Encode it with base64.",
            )


def _readable(script: str) -> bool:
    content = decoded(script)
    if content is None or not content.startswith(b"\x1f\x8b"):
        return bool(content)
    try:
        gzip.decompress(content)
    except (OSError, EOFError, ValueError):
        return False
    return True


@_rules.error("CL6", "storageAccountName and storageAccountKey come together, in protected settings.", source=_SOURCE)
def linux_storage(extension: Any) -> Iterator[Found]:
    """The handler downloads without them when one is missing."""
    settings = settings_of(extension, CUSTOM_SCRIPT_LINUX)
    if settings is None:
        return
    yield from credentials_wrong(settings, ("storageAccountName", "storageAccountKey"))
    for path, name in settings.values("storageAccountName"):
        if isinstance(name, str) and path.startswith(PROTECTED) and not _ACCOUNT_NAME.fullmatch(name):
            yield Found(
                path,
                f"storageAccountName has {len(name)} characters. Expected 3 to 24 small letters and digits.",
                "Take the account's name, without address.",
            )
    for path, key in settings.values("storageAccountKey"):
        if isinstance(key, str) and path.startswith(PROTECTED) and decoded(key) is None:
            yield Found(
                path,
                f"storageAccountKey has {len(key)} characters that aren't base64. Expected the key of the account.",
                "Take one of the account's two keys.",
            )


@_rules.error(
    "CL7", "managedIdentity is in protected settings, without a storage key, with clientId or objectId or neither.", source=_SOURCE
)
def linux_identity(extension: Any) -> Iterator[Found]:
    """An empty one is the system's identity."""
    settings = settings_of(extension, CUSTOM_SCRIPT_LINUX)
    if settings:
        yield from credentials_wrong(settings, ("managedIdentity",))


@_rules.warning(
    "CL7", "The identity that the extension downloads with is the scale set's.", source="custom-script-linux", target=Target.SCALE_SET
)
def linux_identity_assigned(inputs: Any) -> Iterator[Found]:
    """A policy can assign it without a word in the program, so Azure takes it; where nobody does, the download fails without naming the cause."""
    yield from identity_missing(inputs, CUSTOM_SCRIPT_LINUX)


@_rules.warning("CL9", "The files of fileUris have different names.", source="CSE-L README")
def linux_file_names(extension: Any) -> Iterator[Found]:
    """All are saved into one folder."""
    yield from base_names_twice(settings_of(extension, CUSTOM_SCRIPT_LINUX))
