"""How a rollout goes: how many instances may be out, whether one goes first, whether disks may be lost, how long it may take."""

import enum
import math
from dataclasses import dataclass


class Reimage(enum.StrEnum):
    """Whether instances get a new OS disk for what only a new one takes: custom data."""

    WHEN_NEEDED = "whenNeeded"
    """Yes, and when an instance failed on the very model that is wanted: then nothing else makes its extensions run again for sure. What is on the OS disk is
    lost; data disks are kept."""
    NEVER = "never"
    """No: they keep what they booted with, and only new instances get it."""


@dataclass(frozen=True)
class Drain:
    """How an instance is taken out of rotation before it is changed: by a command that runs on it, as root or as the system account."""

    command: str
    """Makes the application's health probe fail, while what it has begun still goes on."""
    undo: str | None = None
    """Puts the instance back, where its change doesn't do that by itself."""
    seconds: float = 30
    """So long requests may go on after the instance is out of rotation."""


@dataclass(frozen=True)
class Policy:
    """How a rollout goes. Times are in seconds of Azure's clock."""

    max_unavailable: int = 1
    """At most so many instances out of service at a time, those that fail by themselves or are being deleted included; at least 1."""
    canary: bool = False
    """One instance goes first, alone."""
    canary_pause: float = 0
    """So long the canary must stay healthy before the others follow."""
    reimage: Reimage = Reimage.WHEN_NEEDED
    """Whether instances may be reimaged."""
    timeout: float = 5400
    """The whole rollout may take so long."""
    health_timeout: float = 900
    """An instance may take so long to become healthy after its change: longer than the application needs to start."""
    pause: float = 0
    """So long between two batches: what the rolling policy of a set in upgrade mode Rolling asks for."""
    drain: Drain | None = None
    """How instances are taken out of rotation; None: they are not, and what they are doing is cut."""


def count_of(limit: str | int, instances: int) -> int:
    """A number of instances from a count ("2", 2) or a percentage ("20%", rounded down) of *instances*; at least 1.

    Raises ValueError for anything else.
    """
    text = str(limit).strip()
    number = int(text.removesuffix("%"))
    if number < 1 or (text.endswith("%") and number > 100):
        raise ValueError(f"{limit!r} is no number of instances")
    return max(1, math.floor(instances * number / 100)) if text.endswith("%") else number
