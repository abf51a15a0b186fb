"""Rules of Custom Script for Windows."""

import re
from collections.abc import Iterator
from typing import Any

from azure_scaleset.rules.custom_script import base_name, base_names_twice, credentials_wrong, given_twice, identity_missing, uris
from azure_scaleset.rules.facts import CUSTOM_SCRIPT_WINDOWS
from azure_scaleset.rules.rule import Found, Subject, Target
from azure_scaleset.rules.settings import PROTECTED, settings_of
from azure_scaleset.rules.value import UNKNOWN

_rules = Subject("Custom Script for Windows", Target.EXTENSION)

_SOURCE = "acd:virtual-machines/extensions/custom-script-windows.md"
_KEYS = ("commandToExecute", "fileUris", "timestamp", "storageAccountName", "storageAccountKey", "managedIdentity")
_BY_SMALL_LETTERS = {key.casefold(): key for key in _KEYS}
_COMMAND_LINE_LIMIT = 8_191
_TYPOGRAPHIC = re.compile("[“”„‘’‚«»–—]")
_RUNS_FILE = re.compile(r"\b(?:powershell|pwsh)(?:\.exe)?\b[^|&;]*?\s[-/]f(?:i(?:le?)?)?\s", re.IGNORECASE)
_SETS_POLICY = re.compile(r"\s[-/](?:ex\w*|ep)\s+\S", re.IGNORECASE)
_RELATIVE_SCRIPT = re.compile(r"(?<![\\/\w:.$%}-])(?:\.[\\/])?([\w-][\w.-]*\.ps1)\b", re.IGNORECASE)
_MAKES_FILES = re.compile(
    r"https?:|outfile|copy|curl|set-content|out-file|new-item|move|rename|expand-archive|>|\bcd\b|set-location", re.IGNORECASE
)


@_rules.error("CW1", "commandToExecute is given.", source=_SOURCE)
def windows_command_missing(extension: Any) -> Iterator[Found]:
    """In public or in protected settings."""
    settings = settings_of(extension, CUSTOM_SCRIPT_WINDOWS)
    if settings and not settings.may_hold("commandToExecute") and not _other_case(settings.maps(), "commandToExecute"):
        yield Found("", "commandToExecute is absent. Expected it in settings or in protectedSettings.", "Add commandToExecute.")


def _other_case(maps: Iterator[tuple[str, Any]], key: str) -> bool:
    """Whether the key is there in other letter case, of which CW4 speaks."""
    return any(each.casefold() == key.casefold() for _, values in maps for each in values)


@_rules.error("CW1", "commandToExecute and fileUris are each in public or in protected settings.", source=_SOURCE)
def windows_given_twice(extension: Any) -> Iterator[Found]:
    """One of the two would be ignored."""
    yield from given_twice(settings_of(extension, CUSTOM_SCRIPT_WINDOWS), ("commandToExecute", "fileUris"))


@_rules.error("CW2", "script and skipDos2Unix are of Linux only.", source=_SOURCE)
def windows_script(extension: Any) -> Iterator[Found]:
    """Windows has no inline script."""
    settings = settings_of(extension, CUSTOM_SCRIPT_WINDOWS)
    for name, values in settings.maps() if settings else ():
        for key in ("script", "skipDos2Unix"):
            if key in values:
                yield Found(
                    f"{name}.{key}", f"{key} is given. Expected it on Linux only.", "Take fileUris, or `powershell -EncodedCommand`."
                )


@_rules.warning("CW2", "The command line has at most 8191 characters.", source="limit of cmd.exe")
def windows_command_length(extension: Any) -> Iterator[Found]:
    """cmd.exe cuts what is longer."""
    settings = settings_of(extension, CUSTOM_SCRIPT_WINDOWS)
    for path, value in settings.values("commandToExecute") if settings else ():
        if isinstance(value, str) and len(value) > _COMMAND_LINE_LIMIT:
            yield Found(
                path,
                f"commandToExecute has {len(value)} characters. Expected at most {_COMMAND_LINE_LIMIT}, the limit of cmd.exe.",
                "Put the commands into a file of fileUris.",
            )


@_rules.error("CW3", "Credentials of the download are protected, and of one kind.", source=_SOURCE)
def windows_credentials(extension: Any) -> Iterator[Found]:
    """Storage name and key, or an identity."""
    settings = settings_of(extension, CUSTOM_SCRIPT_WINDOWS)
    if settings:
        yield from credentials_wrong(settings, ("storageAccountName", "storageAccountKey"))
        yield from credentials_wrong(settings, ("managedIdentity",))


@_rules.warning("CW3", "The identity that the extension downloads with is the scale set's.", source=_SOURCE, target=Target.SCALE_SET)
def windows_identity_assigned(inputs: Any) -> Iterator[Found]:
    """The download fails otherwise."""
    yield from identity_missing(inputs, CUSTOM_SCRIPT_WINDOWS)


@_rules.warning("CW4", "Names of settings have the letter case that the handler expects.", source=_SOURCE)
def windows_key_case(extension: Any) -> Iterator[Found]:
    """The handler compares names with letter case."""
    settings = settings_of(extension, CUSTOM_SCRIPT_WINDOWS)
    for name, values in settings.maps() if settings else ():
        for key in values:
            expected = _BY_SMALL_LETTERS.get(key.casefold(), key)
            if key != expected:
                yield Found(
                    f"{name}.{key}", f"{name} has the key {key!r}. Expected {expected!r}: letter case counts.", f"Write {expected}."
                )


@_rules.warning("CW4", "The command line has no typographic quotes and dashes.", source=_SOURCE)
def windows_quotes(extension: Any) -> Iterator[Found]:
    """They come from copied documents, and cmd.exe takes them as letters."""
    settings = settings_of(extension, CUSTOM_SCRIPT_WINDOWS)
    for path, value in settings.values("commandToExecute") if settings else ():
        if isinstance(value, str) and (found := _TYPOGRAPHIC.search(value)):
            yield Found(
                path,
                f"commandToExecute has the typographic character {_told(repr(found[0]), path)}. Expected plain quotes and hyphens.",
                "Replace it by the plain one.",
            )


@_rules.warning("CW5", "PowerShell runs a file with an execution policy.", source=_SOURCE)
def windows_execution_policy(extension: Any) -> Iterator[Found]:
    """Windows client systems refuse to run files otherwise."""
    settings = settings_of(extension, CUSTOM_SCRIPT_WINDOWS)
    for path, value in settings.values("commandToExecute") if settings else ():
        if isinstance(value, str) and len(value) <= _COMMAND_LINE_LIMIT and _RUNS_FILE.search(value) and not _SETS_POLICY.search(value):
            yield Found(
                path,
                "commandToExecute runs powershell -File without -ExecutionPolicy. Expected -ExecutionPolicy Bypass or Unrestricted.",
                "Add -ExecutionPolicy Bypass before -File.",
            )


@_rules.warning("CW5", "A script that the command names is one of fileUris.", source=_SOURCE)
def windows_script_delivered(extension: Any) -> Iterator[Found]:
    """Only a name without folder is looked for, in a command that makes no files itself, and where no archive is delivered."""
    settings = settings_of(extension, CUSTOM_SCRIPT_WINDOWS)
    if settings is None or not settings.known:
        return
    names = {base_name(uri).casefold() for _, uri in uris(settings)}
    if any(value.get("fileUris") is UNKNOWN or UNKNOWN in _list(value.get("fileUris")) for _, value in settings.maps()) or any(
        name.endswith((".zip", ".exe", ".msi", ".cmd", ".bat")) for name in names
    ):
        return
    for path, value in settings.values("commandToExecute"):
        if not isinstance(value, str) or len(value) > _COMMAND_LINE_LIMIT or _MAKES_FILES.search(value):
            continue
        for name in dict.fromkeys(_RELATIVE_SCRIPT.findall(value)):
            if name.casefold() not in names:
                yield Found(
                    path,
                    f"commandToExecute names {_told(name, path)}, and no address of fileUris ends so. Expected the file to be delivered.",
                    "Add its address to fileUris, or name the file with its folder.",
                )


def _told(part: str, path: str) -> str:
    """*part* of a value, which stays untold where the value is protected."""
    return "(protected)" if path.startswith(PROTECTED) else part


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


@_rules.warning("CL9", "The files of fileUris have different names.", source=_SOURCE)
def windows_file_names(extension: Any) -> Iterator[Found]:
    """All are saved into one folder."""
    yield from base_names_twice(settings_of(extension, CUSTOM_SCRIPT_WINDOWS))
