"""The shape of azure-native's `storage:Blob`, which no model of Azure's SDK describes."""

from __future__ import annotations

from offline.arm.shapes import Field, Kind, Shape

_TEXT = Kind("string")


def _field(name: str, kind: Kind = _TEXT, **more: bool) -> tuple[str, Field]:
    return name, Field(name, name, kind, **more)


BLOB = Shape(
    "Blob",
    dict(
        [
            _field("accessTier", Kind("string", ("Hot", "Cool", "Archive"))),
            _field("contentMd5", create_only=True),
            _field("contentType"),
            _field("metadata", Kind("map", item=_TEXT)),
            _field("name", read_only=True),
            _field("source", Kind("any"), create_only=True),
            _field("type", Kind("string", ("Block", "Append")), create_only=True),
            _field("url", read_only=True),
        ]
    ),
)
"""Inputs and outputs in one; `source` is an asset and is not given back."""
