"""Who holds the lock of a stack, from what pulumi says when it can't have it, and whether that process is still there."""

import os
import re
import socket
from dataclasses import dataclass

_HELD = re.compile(r"created by (?P<user>\S*)@(?P<host>\S+) \(pid (?P<pid>\d+)\) at (?P<time>\S+)")
_LOCKED = ("currently locked by", "Another update is currently in progress")


@dataclass(frozen=True)
class Lock:
    """A lock."""

    host: str
    """Empty where the backend doesn't tell."""
    pid: int
    holder: str
    """For a person."""

    @property
    def here(self) -> bool:
        """Whether a process of this machine took it."""
        return self.host == socket.gethostname()

    @property
    def is_held(self) -> bool:
        """Whether that process still runs; true for one of another machine, of which nobody here knows."""
        if not self.here:
            return True
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return not _is_dead_child(self.pid)


def of_error(text: str) -> Lock | None:
    """The lock that a failed pulumi command met; None when it failed for something else."""
    if not any(each in text for each in _LOCKED):
        return None
    found = _HELD.search(text)
    return Lock(found["host"], int(found["pid"]), found[0].removeprefix("created by ")) if found else Lock("", 0, "another update")


def _is_dead_child(pid: int) -> bool:
    """A killed process whose parent has not looked yet (Linux): it holds nothing."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return file.read().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return False
