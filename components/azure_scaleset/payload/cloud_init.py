"""Composes what cloud-init reads at an instance's first boot, and packs it for `osProfile.customData` (rules D1, D7)."""

import base64
import gzip
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from azure_scaleset.payload import cloud_config
from azure_scaleset.payload.digest import digest, short
from azure_scaleset.payload.problems import PayloadError
from azure_scaleset.payload.user_data import UserDataPart, read_part

CUSTOM_DATA_BYTES = 65_535
"""The most that `customData` holds before base64 (87 380 characters after it): rule D1."""


def compose(parts: Sequence[Mapping[str, Any]], base: Path, name: str = "cloudInit") -> bytes:
    """The user data made of *parts*; relative paths in them start at *base*, errors call them `name[0]`, `name[1]`….

    A part has exactly one of `cloudConfig` (a map), `file` (any format of cloud-init, told by its header), `script` (shell text, `#!/bin/sh` when it
    names no interpreter) and `template` (`file` with `${name}` placeholders and their `values`). A file alone goes as it is, comments included. All
    cloud-config parts are merged: lists appended, maps merged, a value set twice must be the same. Other formats join them in a MIME message.

    The result is gzip-compressed only when it would not fit otherwise (what deflate makes may differ between builds of zlib, plain text does not).
    Raises `PayloadError` with the problems of all parts.
    """
    read: list[UserDataPart] = []
    problems: list[str] = []
    for index, part in enumerate(parts):
        try:
            read.append(read_part(part, base, f"{name}[{index}]"))
        except PayloadError as error:
            problems += error.problems
    if not parts:
        problems.append(f"{name} has no parts. Give one, or leave {name} out.")
    if problems:
        raise PayloadError(problems)
    plain = _joined(_merged(read)).encode()
    return plain if len(plain) <= CUSTOM_DATA_BYTES else _compressed(plain)


def encode_custom_data(data: bytes) -> str:
    """*data* in base64, as `customData` takes it. Raises `PayloadError` when Azure would refuse its size (rule D1)."""
    if len(data) > CUSTOM_DATA_BYTES:
        over = len(data) - CUSTOM_DATA_BYTES
        compressed = " after compression" if data.startswith(b"\x1f\x8b") else ""
        raise PayloadError(
            [
                f"customData is {len(data):,} bytes{compressed}; Azure takes at most {CUSTOM_DATA_BYTES:,}: {over:,} too many. "
                "Move large files out of cloud-init: into a Custom Script extension, or into the image."
            ]
        )
    return base64.b64encode(data).decode()


def _merged(parts: Sequence[UserDataPart]) -> list[UserDataPart]:
    documents = [(part.name, part.document) for part in parts if part.document is not None]
    if len(documents) < 2:
        return list(parts)
    document = cloud_config.merge(documents)
    merged = UserDataPart("cloud-config", "text/cloud-config", cloud_config.render(document), document)
    return [merged, *(part for part in parts if part.document is None)]


def _joined(parts: Sequence[UserDataPart]) -> str:
    if len(parts) == 1:
        return parts[0].text
    sections = [_section(part, number) for number, part in enumerate(parts, 1)]
    boundary = f"part-{short(digest(*sections), 32)}"
    header = f'Content-Type: multipart/mixed; boundary="{boundary}"\nMIME-Version: 1.0\n\n'
    return header + "".join(f"--{boundary}\n{section}\n" for section in sections) + f"--{boundary}--\n"


def _section(part: UserDataPart, number: int) -> str:
    if part.content_type == "multipart/mixed":
        return part.text  # a MIME message in itself, headers included
    # cloud-init decodes 8-bit parts by way of Latin-1, which spoils everything beyond ASCII.
    encoding, body = ("7bit", part.text) if part.text.isascii() else ("base64", base64.encodebytes(part.text.encode()).decode())
    return (
        f'Content-Type: {part.content_type}; charset="utf-8"\n'
        "MIME-Version: 1.0\n"
        f"Content-Transfer-Encoding: {encoding}\n"
        # cloud-init runs scripts in the order of their file names.
        f'Content-Disposition: attachment; filename="part-{number:03}"\n'
        f"\n{body}"
    )


def _compressed(data: bytes) -> bytes:
    # gzip.compress with mtime 0 writes no name; the byte for the operating system depends on Python's version, so it is set.
    packed = bytearray(gzip.compress(data, compresslevel=9, mtime=0))
    packed[9] = 255
    return bytes(packed)
