"""Reads CHANGELOG.md, and what a release needs in it. Standard library only: the release runs it before anything is installed. Pure but for `read`."""

import re
from pathlib import Path

FILE = Path(__file__).resolve().parent.parent / "CHANGELOG.md"


def read() -> str:
    """The file's text."""
    return FILE.read_text()


def section(text: str, version: str) -> str | None:
    """What stands under the heading of a version, without the heading; None when there is none."""
    found = re.search(rf"^## {re.escape(version)}\b.*?\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return found[1].strip() if found else None


def breaking(text: str, version: str) -> str:
    """What stands under `Breaking changes` of a version; empty when there is nothing."""
    found = re.search(r"^### Breaking changes\n(.*?)(?=^### |\Z)", section(text, version) or "", re.MULTILINE | re.DOTALL)
    return found[1].strip() if found else ""


def untold(text: str, version: str, paths: list[str]) -> list[str]:
    """The paths of breaking changes that the version's changelog doesn't name."""
    return [path for path in paths if f"`{path}`" not in breaking(text, version)]
