"""What a check finds."""

import enum
import re
from dataclasses import dataclass


class Severity(enum.StrEnum):
    """How sure it is that a deployment goes wrong."""

    ERROR = "error"
    """Azure is known to refuse it."""
    WARNING = "warning"
    """Azure takes it and it is almost surely not what was meant, or the sources about it disagree."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with the inputs of a resource."""

    rule: str
    """Id of the rule that is violated, as in docs/rules.md: `N1`."""
    severity: Severity
    """Whether Azure refuses it."""
    path: str
    """Property of azure-native's inputs that is wrong: `virtualMachineProfile.osProfile.computerNamePrefix`, `virtualMachineProfile.extensionProfile.extensions[1].settings`."""
    message: str
    """The value given and what is expected; of secrets only their size or their keys."""
    mend: str
    """What to do about it."""
    source: str
    """Where the rule comes from, in the short names of docs/rules.md."""


_INDEX = re.compile(r"\[(\d+)\]")


def in_order(problems: list[Problem]) -> list[Problem]:
    """*problems*, errors first, each severity in order of path (the elements of a list by number) and rule."""
    return sorted(problems, key=lambda each: (each.severity is not Severity.ERROR, _INDEX.sub(_padded, each.path), each.rule))


def _padded(index: re.Match[str]) -> str:
    return f"[{index[1]:>9}]"
