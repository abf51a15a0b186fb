"""JSON as Azure's reader takes it."""

from typing import Any

import pytest

from offline import lenient_json


@pytest.mark.parametrize(
    ("content", "value"),
    [
        ('{"a": 1}', {"a": 1}),
        ('{"a": {template: {"b": "x: 1"}}}', {"a": {"template": {"b": "x: 1"}}}),
        ('{ // why: so\n "a": "http://x/*y*/" /* more */, }', {"a": "http://x/*y*/"}),
        ("[1, 2, // last\n]", [1, 2]),
        (r'{a: "say \"b: 1\", }"}', {"a": 'say "b: 1", }'}),
    ],
)
def test_what_azure_reads_is_read(content: str, value: Any) -> None:
    """Comments, bare names, a comma at the end; nothing inside of texts is touched."""
    assert lenient_json.read(content.encode()) == value


@pytest.mark.parametrize("content", ["{", "{'a': 1}", "", "{a b: 1}"])
def test_what_is_no_json_is_refused(content: str) -> None:
    """With a ValueError, as by `json`."""
    with pytest.raises(ValueError, match="line 1"):
        lenient_json.read(content.encode())
