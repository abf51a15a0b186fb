"""Text in a table's column, whose long dotted words (paths of properties) are broken at their dots, not within a name."""

import re
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.text import Text


@dataclass(frozen=True)
class DottedText:
    """The text of a cell. A name that is longer than the column is still broken within: nothing is cut off."""

    text: str

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield Text(broken(self.text, options.max_width), overflow="fold")

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement.get(console, options, Text(self.text))


def broken(text: str, width: int) -> str:
    """*text* with a line break after a dot of each word that is longer than *width*, as late as it goes."""
    return re.sub(rf"\S{{{width + 1},}}", lambda word: "\n".join(_pieces(word[0], width)), text)


def _pieces(word: str, width: int) -> list[str]:
    pieces = [""]
    for name in re.findall(r"[^.]*\.|[^.]+", word):
        if pieces[-1] and len(pieces[-1]) + len(name) > width:
            pieces.append("")
        pieces[-1] += name
    return pieces
