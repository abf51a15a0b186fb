"""Where commands print: what was found on standard output, how it goes and what is wrong on standard error."""

import json
import os
import sys
from typing import Any

from rich.console import Console
from rich.table import Table

_WIDTH_WITHOUT_TERMINAL = 200


def line(text: str) -> None:
    """Prints text on standard output, as it is."""
    print(text, flush=True)


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
