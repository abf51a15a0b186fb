"""Asks before something is changed."""

import sys


def agreed(question: str) -> bool:
    """Whether the person at the terminal says yes; without a terminal there is nobody to say it."""
    return sys.stdin.isatty() and input(f"{question} [y/N] ").strip().lower() in ("y", "yes")
