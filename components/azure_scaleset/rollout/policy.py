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
class Policy:
    """How a rollout goes. Times are in seconds of Azure's clock."""

    max_unavailable: int = 1
    """At most so many instances out of service at a time, those that fail by themselves included; at least 1."""
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


def count_of(limit: str | int, instances: int) -> int:
    """A number of instances from a count ("2", 2) or a percentage ("20%", rounded down) of *instances*; at least 1.

    Raises ValueError for anything else.
    """
    text = str(limit).strip()
    number = int(text.removesuffix("%"))
    if number < 1 or (text.endswith("%") and number > 100):
        raise ValueError(f"{limit!r} is no number of instances")
    return max(1, math.floor(instances * number / 100)) if text.endswith("%") else number
