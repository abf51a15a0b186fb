"""What a preview says of the instances of a scale set, read from its words."""

import re
from dataclasses import dataclass

_HEAD = "What this update does to the instances:"
_LINE = re.compile(r"^  (?P<kind>[a-z ]+): (?P<path>\S+) (?P<words>.*)$")
_AFFECTED = re.compile(r"each of (\d+) instances|the (one) instance")
_AT_A_TIME = re.compile(r"at most (\d+) at a time, in this update")
_BATCHES = re.compile(r"in at least (\d+) batch(?:es)? of at most (\d+)")
_STAY = re.compile(r"(\d+) instances? stays? on the old model until|the (\d+) running ones? (?:keeps? the old|stays? as|stays?\b)")
_MADE = re.compile(r"(\d+) instances? (?:is|are) made")
_DELETED = re.compile(r"(\d+) of \d+ instances? (?:is|are) deleted")
_RUNS = re.compile(r"extensions\[(.+)\]$")


@dataclass(frozen=True)
class Printed:
    """One effect."""

    kind: str
    path: str
    words: str
    """All behind the path."""

    @property
    def affected(self) -> int:
        """How many running instances it reaches in this update."""
        match = _AFFECTED.search(self.words)
        return 0 if match is None else 1 if match[2] else int(match[1])

    @property
    def staying(self) -> int | None:
        """How many it says stay as they are; None where it gives no number."""
        match = _STAY.search(self.words)
        return None if match is None else int(match[1] or match[2])

    @property
    def made(self) -> int:
        """Instances that are made."""
        return _number(_MADE, self.words)

    @property
    def deleted(self) -> int:
        """Instances that are deleted."""
        return _number(_DELETED, self.words)

    @property
    def at_once(self) -> int | None:
        """The most instances that are out at the same time; None where it doesn't say."""
        for pattern, group in ((_AT_A_TIME, 1), (_BATCHES, 2)):
            match = pattern.search(self.words)
            if match:
                return int(match[group])
        return self.affected if "all at once" in self.words else None

    @property
    def batches(self) -> int:
        """The fewest batches of a rolling upgrade; 0 where there is none."""
        return _number(_BATCHES, self.words)

    @property
    def runs(self) -> str | None:
        """The extension that each affected instance runs."""
        match = _RUNS.search(self.path)
        return match[1] if match and re.search(r"\bruns it\b", self.words) else None


def read(message: str) -> list[Printed]:
    """The effects in what a preview says about one scale set, in its order."""
    _, head, block = message.partition(_HEAD)
    matches = [match for line in block.splitlines()[1:] if (match := _LINE.match(line))] if head else []
    return [Printed(match["kind"], match["path"], match["words"]) for match in matches]


def _number(pattern: re.Pattern[str], words: str) -> int:
    match = pattern.search(words)
    return int(match[1]) if match else 0
