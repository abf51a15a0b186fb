"""JSON as Azure's reader takes it: with comments, with names without quotes, with a comma after the last item. `az deployment` sends such content."""

from __future__ import annotations

import json
import re
from typing import Any

_PARTS = re.compile(
    r"""(?P<text>"(?:[^"\\]|\\.)*")"""
    r"""|(?P<comment>//[^\r\n]*|/\*.*?\*/)"""
    r"""|(?P<name>[A-Za-z_$][\w$]*)(?=\s*:)"""
    r"""|(?P<comma>,)(?=(?:\s|//[^\r\n]*|/\*.*?\*/)*[}\]])""",
    re.DOTALL,
)


def read(content: bytes) -> Any:
    """The value; raises ValueError for what is none."""
    try:
        return json.loads(content)
    except ValueError:
        return json.loads(_PARTS.sub(_strict, content.decode()))


def _strict(match: re.Match[str]) -> str:
    if match["name"] is not None:
        return f'"{match["name"]}"'
    return match["text"] or ""
