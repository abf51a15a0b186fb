"""What a version may change after the one before, which was recorded when it was released."""

import json
import re

from tools import changelog, package_schema
from tools.record_release import RECORDED
from tools.release_check import problems
from tools.schema_changes import changes, refusal


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in version.split("."))


BEFORE = max((folder.name for folder in RECORDED.iterdir() if folder.name != package_schema.version()), key=_numbers)
"""The last version before this one."""
FOUND = changes(json.loads((RECORDED / BEFORE / "schema.json").read_text()), json.loads(package_schema.FILE.read_text()))


def test_the_version_may_break_what_it_breaks() -> None:
    """A breaking change of the schema needs another major version (below 1.0 another minor one)."""
    assert refusal(FOUND, BEFORE, package_schema.version()) is None, refusal(FOUND, BEFORE, package_schema.version())


def test_the_changelog_names_what_breaks() -> None:
    """Each breaking change of this version stands under `Breaking changes`, by its path."""
    paths = [change.path for change in FOUND if change.breaking]
    assert changelog.untold(changelog.read(), package_schema.version(), paths) == []


def test_every_version_is_in_the_changelog() -> None:
    """The current one and each that was recorded, newest first."""
    told = re.findall(r"^## (\S+)", changelog.read(), re.MULTILINE)
    assert told == sorted({package_schema.version(), *(folder.name for folder in RECORDED.iterdir())}, key=_numbers, reverse=True)


def test_a_tag_of_another_version_is_not_released() -> None:
    """The message says which version the package has."""
    assert any(f"components/pyproject.toml has version {package_schema.version()}" in problem for problem in problems("v99.0.0"))
