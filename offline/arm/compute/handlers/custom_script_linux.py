"""Custom Script for Linux, version 2 (`Microsoft.Azure.Extensions`/`CustomScript`)."""

from __future__ import annotations

import base64
import binascii
import gzip
import zlib
from contextlib import suppress

from offline.arm.compute.handlers.downloads import download_all, fetched_by_script, managed_identity
from offline.arm.compute.handlers.run import HandlerError, Outcome, Run

_PUBLIC = {"commandToExecute", "script", "skipDos2Unix", "fileUris", "timestamp"}
_PROTECTED = {"commandToExecute", "script", "fileUris", "storageAccountName", "storageAccountKey", "managedIdentity"}
_SCRIPT_LIMIT = 262_144


def handle(run: Run) -> Outcome:
    """Downloads `fileUris`, then runs the command or the script.

    CL8: since 2.1.17 the checks CL2-CL4, CL6 and CL7 are in the handler and have no effect: one of the two places silently wins, nothing at all is
    run where nothing is given, and a script that can't be decoded or is too long succeeds without having run.
    """
    for given, known in ((run.settings, _PUBLIC), (run.protected, _PROTECTED)):
        unknown = sorted(given.keys() - known)
        if unknown:
            raise HandlerError(
                f"json validation error: invalid public or protected settings JSON: Additional property {unknown[0]} is not allowed"
            )
    if not _takes_wrong_settings(run):
        refuse_ambiguous(run)
    uris = run.settings.get("fileUris") or run.protected.get("fileUris") or []
    files = download_all(run, uris, managed_identity(run))
    more, waited = fetched_by_script(run, _what_runs(run))
    return Outcome("Enable succeeded: \n[stdout]\n\n[stderr]\n", {**files, **more}, waited)


def _takes_wrong_settings(run: Run) -> bool:
    """CL8. Version 2.0 without minor upgrades is older than the mistake; all else gets the newest 2.1."""
    return run.definition.get("typeHandlerVersion") != "2.0" or bool(run.definition.get("autoUpgradeMinorVersion"))


def refuse_ambiguous(run: Run) -> None:
    """CL2, CL3, CL4, CL6, CL7 as a handler that checks them."""
    public, protected = run.settings, run.protected
    for name in ("commandToExecute", "script", "fileUris"):
        if public.get(name) and protected.get(name):
            raise HandlerError(f"'{name}' was specified both in public and protected settings; it must be specified only once")
    command = public.get("commandToExecute") or protected.get("commandToExecute")
    script = public.get("script") or protected.get("script")
    if command and script:
        raise HandlerError("'commandToExecute' and 'script' were both specified, but only one is validate at a time")
    if not command and not script:
        raise HandlerError("'commandToExecute' is not specified")
    refuse_credentials(run)


def refuse_credentials(run: Run) -> None:
    """CL6, CL7, CW3: storage credentials and identities that exclude each other."""
    name, key, identity = (run.protected.get(each) for each in ("storageAccountName", "storageAccountKey", "managedIdentity"))
    if bool(name) != bool(key):
        raise HandlerError("both 'storageAccountName' and 'storageAccountKey' must be specified")
    if identity is not None and name:
        raise HandlerError("'storageAccountName' or 'storageAccountKey' must not be specified with 'managedServiceIdentity'")
    if identity and identity.get("clientId") and identity.get("objectId"):
        raise HandlerError("only one of 'clientId' or 'objectId' must be specified with 'managedServiceIdentity'")


def _what_runs(run: Run) -> str:
    """CL8's order: public command, protected command, public script, protected script."""
    command = run.settings.get("commandToExecute") or run.protected.get("commandToExecute")
    return command or decoded(run.settings.get("script") or run.protected.get("script") or "")


def decoded(script: str) -> str:
    """The text of an inline script (base64, perhaps of a gzip); "" for one that the handler fails to decode or finds too long (CL5, CL8)."""
    if len(script) > _SCRIPT_LIMIT:
        return ""
    try:
        content = base64.b64decode(script, validate=True)
    except binascii.Error:
        return ""
    # The handler, too, finds out by trying whether it is compressed.
    with suppress(OSError, EOFError, zlib.error):
        content = gzip.decompress(content)
    return content.decode(errors="replace")
