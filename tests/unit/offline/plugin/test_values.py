"""Property values between the engine's messages and plain Python."""

from pathlib import Path

import pytest
from google.protobuf import json_format
from google.protobuf.struct_pb2 import Struct

from offline.plugin.values import UNKNOWN, Asset, has_unknowns, read, write

_MARK = "4dabf18193072939515e22adb298388d"
_UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


def message(**values: object) -> Struct:
    """A message from JSON values."""
    return json_format.ParseDict(values, Struct())


def test_plain_values_are_read() -> None:
    """Whole numbers become integers, nulls at properties are left out, nested values stay."""
    found = read(message(n=2, f=2.5, s="x", b=False, none=None, list=[1, {"a": None, "b": [True]}], map={}))
    assert found == {"n": 2, "f": 2.5, "s": "x", "b": False, "list": [1, {"b": [True]}], "map": {}}
    assert isinstance(found["n"], int)


def test_marked_values_are_read() -> None:
    """Unknowns, secrets and assets become what they stand for."""
    asset = {_MARK: "c44067f5952c0a294b673a41bacd8c17", "hash": "h", "path": "a.sh"}
    secret = {_MARK: "1b47061264138c4ac30d75fd1eb44270", "value": {"a": 1}}
    assert read(message(u=_UNKNOWN, a=asset, s=secret)) == {"u": UNKNOWN, "a": Asset("h", path="a.sh"), "s": {"a": 1}}


def test_what_is_written_is_read_again() -> None:
    """Every kind of value survives."""
    values = {"n": 2, "f": 2.5, "s": "x", "b": True, "l": [1, UNKNOWN, {"a": []}], "m": {"x": Asset("h", text="t")}, "none": None}
    assert read(write(values)) == {name: value for name, value in values.items() if name != "none"}


def test_assets_are_equal_by_content(tmp_path: Path) -> None:
    """The digest decides, not where the content is; the content is read from text or file."""
    (tmp_path / "a").write_bytes(b"one")
    file, text = Asset("h", path=str(tmp_path / "a")), Asset("h", text="one")
    assert (file == text, file == Asset("g", path=file.path), file.read(), text.read()) == (True, False, b"one", b"one")


def test_an_asset_at_a_url_is_refused() -> None:
    """Nothing is fetched from the internet."""
    with pytest.raises(ValueError, match="give it as a FileAsset or a StringAsset"):
        Asset("h").read()


def test_unknowns_are_found_at_any_depth() -> None:
    """A value with an unknown part counts as unknown."""
    assert (has_unknowns({"a": [{"b": UNKNOWN}]}), has_unknowns({"a": [{"b": 1}]})) == (True, False)
