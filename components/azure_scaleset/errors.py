"""How bad arguments are reported: all problems at once, each naming the argument, what was given, what is expected, what to do."""

from collections.abc import Sequence

import pulumi


class ArgumentError(pulumi.RunError):
    """The arguments of a component are wrong. Raised by the constructor, before anything is sent to Azure.

    A `RunError`, because the engine prints its message alone, without a Python stack.
    """

    def __init__(self, subject: str, problems: Sequence[str]) -> None:
        """*subject*: the component's type and name, as in `ScaleSet 'web'`. *problems*: one sentence each."""
        self.problems = list(problems)
        count = "1 problem" if len(self.problems) == 1 else f"{len(self.problems)} problems"
        super().__init__(f"{subject} has {count} in its arguments:\n" + "\n".join(f"  - {problem}" for problem in self.problems))
