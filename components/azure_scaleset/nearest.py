"""The known name that a mistyped one probably means."""

import difflib
from collections.abc import Iterable


def nearest(given: str, known: Iterable[str], likeness: float = 0.6) -> str | None:
    """The known name nearest to *given*, whatever its case; None when none is near. *likeness*: what counts as near, 0 to 1 (the same)."""
    names = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(given.casefold(), names, n=1, cutoff=likeness)
    return names[near[0]] if near else None


def did_you_mean(given: str, known: Iterable[str], otherwise: str = "") -> str:
    """` Did you mean 'x'?`, to be put behind a sentence; a blank and *otherwise*, or nothing, when no known name is near."""
    meant = nearest(given, known)
    return f" Did you mean '{meant}'?" if meant is not None else f" {otherwise}" if otherwise else ""
