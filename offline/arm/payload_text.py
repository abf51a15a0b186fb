"""What an instance gets, as text that a fault can look into: scripts and customData are decoded."""

from __future__ import annotations

import base64
import binascii
import json
from contextlib import suppress

from offline.arm.compute.handlers import custom_script_linux, custom_script_windows
from offline.arm.compute.handlers.run import HandlerError
from offline.arm.compute.tree import dig
from offline.arm.http import Json


def text_of(profile: Json) -> str:
    """All extensions of a virtual machine profile."""
    return "\n".join(text_of_extension(each.get("properties") or {}) for each in dig(profile, "extensionProfile.extensions") or [])


def text_of_extension(definition: Json) -> str:
    """An extension's `forceUpdateTag`, settings and protected settings, with the inline script and the encoded command decoded."""
    settings, protected = definition.get("settings") or {}, definition.get("protectedSettings") or {}
    texts = [str(definition.get("forceUpdateTag") or ""), json.dumps(settings), json.dumps(protected)]
    for each in (settings, protected):
        texts.append(custom_script_linux.decoded(str(each.get("script") or "")))
        # A command that the handler itself refuses as badly encoded has no other text than its own.
        with suppress(HandlerError):
            texts.append(custom_script_windows.decoded(str(each.get("commandToExecute") or "")))
    return "\n".join(texts)


def text_of_custom_data(custom_data: str | None) -> str:
    """The text in a customData."""
    try:
        return base64.b64decode(custom_data or "", validate=True).decode(errors="replace")
    except binascii.Error:
        return custom_data or ""
