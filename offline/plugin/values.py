"""Property values as they cross the engine's protocol, and as plain Python.

Unknowns and assets come as marked values. Secrets don't: like azure-native, the plugin does not tell the engine that it takes
secrets, so the engine sends plain values and marks what comes back by what it sent.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from google.protobuf.struct_pb2 import NULL_VALUE, Struct, Value

from offline.arm.http import Json

_UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"
_ASSET = "c44067f5952c0a294b673a41bacd8c17"


class Unknown:
    """A value that is known after the deployment only. There is one: `UNKNOWN`."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = Unknown()


@dataclass(frozen=True)
class Asset:
    """Content for a blob. Two assets are equal when their content is: the engine sends its digest."""

    hash: str
    text: str | None = field(default=None, compare=False)
    path: str | None = field(default=None, compare=False)

    def read(self) -> bytes:
        """The content; raises ValueError for an asset at a URL, which the offline Azure does not fetch."""
        if self.text is not None:
            return self.text.encode()
        if self.path is not None:
            return Path(self.path).read_bytes()
        raise ValueError("an asset at a URL can't be read offline: give it as a FileAsset or a StringAsset")


def read(struct: Struct) -> Json:
    """Plain values of a message. Nulls are left out; whole numbers are integers."""
    return {name: _read(value) for name, value in struct.fields.items() if not value.HasField("null_value")}


def _read(value: Value) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        found = read(value.struct_value)
        if found.get(_SIGNATURE) == _ASSET:
            return Asset(found.get("hash", ""), found.get("text"), found.get("path"))
        return found["value"] if found.get(_SIGNATURE) == _SECRET else found
    if kind == "list_value":
        return [_read(item) for item in value.list_value.values]
    if kind == "number_value":
        return int(value.number_value) if value.number_value.is_integer() else value.number_value
    if kind == "string_value":
        return UNKNOWN if value.string_value == _UNKNOWN else value.string_value
    return value.bool_value if kind == "bool_value" else None


def write(values: Json) -> Struct:
    """A message of plain values. Nones are left out."""
    return Struct(fields={name: _write(value) for name, value in values.items() if value is not None})


def _write(value: Any) -> Value:
    if isinstance(value, dict):
        return Value(struct_value=write(value))
    if isinstance(value, list):
        items = Value()
        items.list_value.values.extend(_write(item) for item in value)
        return items
    if isinstance(value, Asset):
        return Value(struct_value=write({_SIGNATURE: _ASSET, "hash": value.hash, "text": value.text, "path": value.path}))
    if isinstance(value, bool):
        return Value(bool_value=value)
    if isinstance(value, (int, float)):
        return Value(number_value=value)
    if value is None:
        return Value(null_value=NULL_VALUE)
    return Value(string_value=_UNKNOWN if value is UNKNOWN else value)


def has_unknowns(value: Any) -> bool:
    """Whether a value is unknown, wholly or in part."""
    if isinstance(value, dict):
        return any(has_unknowns(item) for item in value.values())
    if isinstance(value, list):
        return any(has_unknowns(item) for item in value)
    return value is UNKNOWN
