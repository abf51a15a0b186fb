"""The page that says what the offline Azure knows."""

from pathlib import Path

from offline.arm import coverage


def test_page_has_the_table_of_the_registry() -> None:
    """The table in the documentation is the one the registry gives."""
    page = (Path(__file__).parents[3] / "docs" / "offline-azure.md").read_text()
    assert [line for line in page.splitlines() if line.startswith("|")] == coverage.table()
