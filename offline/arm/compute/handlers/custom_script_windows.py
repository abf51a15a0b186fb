"""Custom Script for Windows (`Microsoft.Compute`/`CustomScriptExtension`)."""

from __future__ import annotations

import base64
import binascii
import re

from offline.arm.compute.handlers.custom_script_linux import refuse_credentials
from offline.arm.compute.handlers.downloads import download_all, fetched_by_script, managed_identity
from offline.arm.compute.handlers.run import HandlerError, Outcome, Run

_ENCODED = re.compile(r"[-/]e(?:nc|ncodedcommand|c)?\s+['\"]?([A-Za-z0-9+/=]+)", re.IGNORECASE)
_KNOWN = {"commandToExecute", "fileUris", "timestamp"}
_PROTECTED_ONLY = {"storageAccountName", "storageAccountKey", "managedIdentity"}


def handle(run: Run) -> Outcome:
    """Downloads `fileUris`, then runs the command; the settings are checked first (CW1-CW3)."""
    for where, given, known in (("public", run.settings, _KNOWN), ("protected", run.protected, _KNOWN | _PROTECTED_ONLY)):
        unknown = sorted(given.keys() - known)
        if unknown:
            raise HandlerError(f"Invalid handler configuration: '{unknown[0]}' is not a {where} setting of CustomScriptExtension.")
    for name in ("commandToExecute", "fileUris"):
        if run.settings.get(name) and run.protected.get(name):
            raise HandlerError(f"Invalid handler configuration: '{name}' is in both public and protected settings.")
    command = run.settings.get("commandToExecute") or run.protected.get("commandToExecute")
    if not command:
        raise HandlerError("CommandToExecute not specified in configuration sections.")
    refuse_credentials(run)
    files = download_all(run, run.settings.get("fileUris") or run.protected.get("fileUris") or [], managed_identity(run))
    more, waited = fetched_by_script(run, decoded(command))
    return Outcome("Command execution finished", {**files, **more}, waited)


def decoded(command: str) -> str:
    """The PowerShell text of an `-EncodedCommand` (UTF-16LE base64), else the command line itself."""
    match = _ENCODED.search(command)
    if match is None:
        return command
    try:
        return base64.b64decode(match[1], validate=True).decode("utf-16-le")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise HandlerError(
            "Command execution finished, but failed because it returned a non-zero exit code: the value of -EncodedCommand is not properly encoded"
        ) from error
