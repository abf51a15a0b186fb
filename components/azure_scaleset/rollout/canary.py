"""The instance that goes first, alone, and that is watched before the others follow."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from azure_scaleset.rollout.instance import Instance


class Canary:
    """Watches one instance: it must serve for a while, all the time."""

    def __init__(self, pause: float) -> None:
        """*pause*: seconds that it must serve before the others follow."""
        self._pause = timedelta(seconds=pause)
        self._serves_since: datetime | None = None
        self.id: str | None = None
        """Who is watched; None: nobody."""

    def begin(self, instance_id: str) -> None:
        """An instance has just been changed, alone: it is the canary from now on."""
        self.id, self._serves_since = instance_id, None

    def look(self, present: Iterable[Instance], now: datetime) -> None:
        """Takes note of how it is now. One that is gone is no canary any more: the plan chooses another."""
        seen = next((each for each in present if each.id == self.id), None)
        if seen is None:
            self.id = None
        self._serves_since = (self._serves_since or now) if seen is not None and seen.serves else None

    def passed(self, now: datetime) -> bool:
        """Whether the others may follow. (That they wait for its health at all is not this pause's matter.)"""
        if self.id is None or not self._pause:
            return True
        return self._serves_since is not None and now - self._serves_since >= self._pause
