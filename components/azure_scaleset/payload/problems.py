"""How this package reports what it cannot build."""

import difflib
from collections.abc import Iterable, Sequence


class PayloadError(ValueError):
    """A payload cannot be built. `problems` holds one sentence each: what was given, what is expected, what to do."""

    problems: list[str]

    def __init__(self, problems: Sequence[str]) -> None:
        """*problems*: everything that is wrong, not only the first."""
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """` Did you mean 'x'?` for the known name nearest to *given*, whatever its case; empty when none is near."""
    names = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(given.casefold(), names, n=1)
    return f" Did you mean '{names[near[0]]}'?" if near else ""
