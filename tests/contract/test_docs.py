"""The documentation against the repository: links, tests that it names, messages that it explains."""

import re
from pathlib import Path

import pytest

from offline.workspace import CHECKOUT

PAGES = sorted(
    file
    for folder in (".", "docs", "components", "examples", "policy", "tests/azure", "apps")
    for file in (CHECKOUT / folder).glob("**/*.md" if folder == "apps" else "*.md")
)
LINK = re.compile(r"(?<!`)\[([^\]]*)\]\(([^)\s]+)\)")
COVERAGE = CHECKOUT / "docs" / "coverage.md"
TROUBLESHOOTING = CHECKOUT / "docs" / "troubleshooting.md"


def links(page: Path) -> list[tuple[str, str]]:
    """Text and target of the links of a page that lead to files of the repository."""
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    return [(words, target) for words, target in LINK.findall(text) if not re.match(r"[a-z]+:", target)]


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(CHECKOUT)))
def test_links_lead_somewhere(page: Path) -> None:
    """To a file or a folder that exists, and to a heading that it has."""
    dead = []
    for _, target in links(page):
        file, _, anchor = target.partition("#")
        at = (page.parent / file).resolve() if file else page
        if not at.exists() or (anchor and at.suffix == ".md" and anchor not in anchors(at)):
            dead.append(target)
    assert dead == []


def test_every_yes_has_a_test() -> None:
    """A row of the coverage that says yes or part names a test, which exists in the file that it links to."""
    rows = [line for line in COVERAGE.read_text().splitlines() if re.match(r"\| \d+ \|", line)]
    assert len(rows) == 87
    for row in rows:
        cells = [cell.strip() for cell in row.strip("|").split(" | ")]
        if cells[7].startswith("no"):
            continue
        ((name, target),) = LINK.findall(cells[8].strip("| "))
        assert f"def {name}(" in (COVERAGE.parent / target).read_text(), row


def test_the_sum_of_the_coverage() -> None:
    """The last line counts the rows."""
    text = COVERAGE.read_text()
    words = [re.split(r"[:\s]", row.split(" | ")[7])[0] for row in text.splitlines() if re.match(r"\| \d+ \|", row)]
    counts = {word: words.count(word) for word in ("yes", "part", "no")}
    assert f"Of 87 rows: {counts['yes']} yes, {counts['part']} part, {counts['no']} no." in text


def test_every_message_is_one_of_ours() -> None:
    """The fixed parts of each message that is explained stand in the code, but for those of Pulumi and Azure."""
    sources = [*(CHECKOUT / "components").rglob("*.py"), *(CHECKOUT / "stacks").glob("*.py"), *(CHECKOUT / "tools").glob("*.py")]
    # Texts over several lines of source are one text, and what is filled in cuts them.
    code = "\n".join(re.sub(r"\"\s*\n\s*f?\"", "", source.read_text()) for source in sources)
    headings = re.findall(r"^### `(.+)`", TROUBLESHOOTING.read_text(), re.MULTILINE)
    parts = [part.strip() for heading in headings for part in heading.split("…") if len(part.strip()) > 3]
    assert len(parts) > 10
    assert [part for part in parts if part not in code] == []
