"""How this package reports what it cannot build."""

from collections.abc import Sequence


class PayloadError(ValueError):
    """A payload cannot be built. `problems` holds one sentence each: what was given, what is expected, what to do."""

    problems: list[str]

    def __init__(self, problems: Sequence[str]) -> None:
        """*problems*: everything that is wrong, not only the first."""
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))
