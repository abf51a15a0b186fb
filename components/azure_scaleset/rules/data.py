"""Rules of custom data and user data. No message shows their content."""

import base64
import binascii
from collections.abc import Iterator
from typing import Any

from azure_scaleset.rules.facts import CUSTOM_SCRIPT_WINDOWS, DSC, IMAGE, OS_PROFILE, PROFILE, has_extension, present, windows
from azure_scaleset.rules.rule import Found, Subject
from azure_scaleset.rules.value import get, same, text

_rules = Subject("Custom data and user data")

_CUSTOM_DATA = f"{OS_PROFILE}.customData"
_USER_DATA = f"{PROFILE}.userData"
_CLOUD_INIT = (
    b"#cloud-config",
    b"#!",
    b"#include",
    b"#cloud-boothook",
    b"#part-handler",
    b"#upstart-job",
    b"## template: jinja",
    b"#template: jinja",
    b"\x1f\x8b",
)
_MIME = (b"content-type:", b"mime-version:")


def decoded(value: str) -> bytes | None:
    """The bytes of the base64 *value*, line breaks aside; None where it isn't base64."""
    try:
        return base64.b64decode("".join(value.split()).encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        return None


@_rules.error("D1", "customData is base64 of at most 65 535 bytes.", source="Azure/aks-engine#1663; Azure/aks-engine-azurestack#211; SDK34")
def custom_data_size(inputs: Any) -> Iterator[Found]:
    """Azure counts the bytes after decoding."""
    given = text(get(inputs, _CUSTOM_DATA))
    if given is None:
        return
    content = decoded(given)
    if content is None:
        yield Found(_CUSTOM_DATA, f"customData has {len(given)} characters that aren't base64. Expected base64.", "Encode it with base64.")
    elif len(content) > 65_535:
        yield Found(
            _CUSTOM_DATA,
            f"customData has {len(content)} bytes after decoding. Expected at most 65535.",
            "Compress it with gzip before base64, or fetch the rest at boot.",
        )


@_rules.warning("D2", "customData is encoded once.", source="own deduction from D1")
def custom_data_twice(inputs: Any) -> Iterator[Found]:
    """A program that encodes what already is encoded gives instances a document that nothing reads."""
    given = text(get(inputs, _CUSTOM_DATA))
    inner = decoded(given) if given is not None and len(given) <= 87_380 else None
    again = decoded(inner.decode("ascii")) if inner is not None and len(inner) >= 8 and inner.isascii() else None
    if again is not None and _for_cloud_init(again):
        yield Found(
            _CUSTOM_DATA, "customData is base64 of base64. Expected the document encoded once.", "Pass the document's text once encoded."
        )


@_rules.warning("D5", "customData of a Windows set has an extension that runs it.", source="acd:virtual-machines/custom-data.md")
def custom_data_never_runs(inputs: Any) -> Iterator[Found]:
    """Windows stores it as a file and runs nothing."""
    if windows(inputs) is True and present(inputs, _CUSTOM_DATA) is True and has_extension(inputs, CUSTOM_SCRIPT_WINDOWS, DSC) is False:
        yield Found(
            _CUSTOM_DATA,
            "customData is given, and no Custom Script or DSC extension. Expected one: Windows stores customData in C:\\AzureData\\CustomData.bin and never runs it.",
            "Add a Custom Script extension that runs it.",
        )


@_rules.warning("D7", "customData of a Linux set begins as cloud-init's formats do.", source="cloud-init: user-data formats")
def custom_data_header(inputs: Any) -> Iterator[Found]:
    """cloud-init ignores everything else without a word. Flatcar reads Ignition's documents instead."""
    given = text(get(inputs, _CUSTOM_DATA))
    if given is None or windows(inputs) is not False or same(get(inputs, f"{IMAGE}.publisher"), "kinvolk"):
        return
    content = decoded(given)
    if content and not _for_cloud_init(content) and b'"ignition"' not in content[:500] and not _looks_encoded(content):
        yield Found(
            _CUSTOM_DATA,
            f"customData has {len(content)} bytes that don't begin as a document of cloud-init. Expected #cloud-config, #!, MIME or gzip at the start: cloud-init ignores the rest.",
            "Begin with #cloud-config, or with #! for a script.",
        )


def _for_cloud_init(content: bytes) -> bool:
    return content.startswith(_CLOUD_INIT) or content[:200].lower().startswith(_MIME)


def _looks_encoded(content: bytes) -> bool:
    """Whether D2 speaks of *content*."""
    inner = decoded(content.decode("ascii")) if content.isascii() and len(content) >= 8 else None
    return inner is not None and _for_cloud_init(inner)


@_rules.error("D9", "userData is base64 of at most 64 KiB.", source="acd:virtual-machines/user-data.md; SDK34")
def user_data_size(inputs: Any) -> Iterator[Found]:
    """The limit is counted after decoding, the milder reading."""
    given = text(get(inputs, _USER_DATA))
    if given is None:
        return
    content = decoded(given)
    if content is None:
        yield Found(_USER_DATA, f"userData has {len(given)} characters that aren't base64. Expected base64.", "Encode it with base64.")
    elif len(content) > 65_536:
        yield Found(_USER_DATA, f"userData has {len(content)} bytes after decoding. Expected at most 65536.", "Shorten it.")


@_rules.warning("D10", "A Linux set has one of customData and userData.", source="cloud-init: Azure data source")
def data_twice(inputs: Any) -> Iterator[Found]:
    """cloud-init leaves open which of the two it uses."""
    if windows(inputs) is False and text(get(inputs, _CUSTOM_DATA)) and text(get(inputs, _USER_DATA)):
        yield Found(
            _USER_DATA,
            "userData and customData are given. Expected one of the two: cloud-init leaves open which it uses.",
            "Remove one of the two.",
        )
