"""Where commands print: what was found on standard output, how it goes and what is wrong on standard error."""

import json
import os
import shutil
import sys
import textwrap
from typing import Any

from rich.console import Console
from rich.table import Table

_WIDTH_WITHOUT_TERMINAL = 200


def line(text: str) -> None:
    """Prints text on standard output, as it is."""
    print(text, flush=True)


def paragraphs(text: str) -> None:
    """Prints text on standard output, each line broken at the terminal's width; what follows of it is indented. Without a terminal it is 80 columns wide."""
    width = shutil.get_terminal_size().columns
    for each in text.splitlines():
        indent = " " * (len(each) - len(each.lstrip()))
        print("\n".join(textwrap.wrap(each, width, subsequent_indent=f"{indent}  ", break_long_words=False, break_on_hyphens=False)))
    sys.stdout.flush()


def table(drawn: Table) -> None:
    """Prints a table on standard output."""
    known = sys.stdout.isatty() or "COLUMNS" in os.environ
    Console(highlight=False, width=None if known else _WIDTH_WITHOUT_TERMINAL).print(drawn)


def complain(message: str) -> None:
    """Prints a line on standard error."""
    print(message, file=sys.stderr, flush=True)


def document(body: Any) -> None:
    """Prints JSON on standard output."""
    print(json.dumps(body, indent=2), flush=True)
