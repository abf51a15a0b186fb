"""Where commands print: what was found on standard output, how it goes and what is wrong on standard error."""

import json
import os
import sys
from typing import Any

from rich.console import Console, RenderableType

_PLAIN_WIDTH = 200


def say(what: RenderableType) -> None:
    """Prints on standard output, cut to no width where that is no terminal."""
    Console(soft_wrap=True, highlight=False, width=None if sys.stdout.isatty() or "COLUMNS" in os.environ else _PLAIN_WIDTH).print(what, markup=False)


def complain(message: str) -> None:
    """Prints a line on standard error."""
    print(message, file=sys.stderr, flush=True)


def document(body: Any) -> None:
    """Prints JSON on standard output."""
    print(json.dumps(body, indent=2))
