"""Sphinx: the Markdown files of this folder as a site. `make docs` builds it."""

import re
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

project = "azure-scaleset"
author = "The authors of azure-scaleset"
extensions = ["myst_parser"]
exclude_patterns: list[str] = []
html_theme = "furo"
html_title = "azure-scaleset"
myst_heading_anchors = 3
suppress_warnings = ["misc.highlighting_failure"]  # `mermaid` is drawn by GitHub, and is text here

_OUTSIDE = re.compile(r"\]\((\.\./[^)#\s]+)(#[^)\s]*)?(\s+\"[^\"]*\")?\)")


def _links_out_of_the_folder(app: Sphinx, name: str, source: list[str]) -> None:
    """A link to a file of the repository is text on the site, which has none of them; that the file exists is checked here."""

    def text(found: re.Match[str]) -> str:
        target = (Path(app.srcdir) / name).parent / found[1]
        if not target.exists():
            raise FileNotFoundError(f"docs/{name}.md links to {found[1]}, which doesn't exist.")
        return f"] (`{found[1].removeprefix('../')}`)"

    source[0] = _OUTSIDE.sub(text, source[0])


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx."""
    app.connect("source-read", _links_out_of_the_folder)
    return {"parallel_read_safe": True}
