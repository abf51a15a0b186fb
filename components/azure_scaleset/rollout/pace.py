"""How long a rollout waits, and when it is to wait no more: it was told to stop, or its time is over."""

import math
import threading
from datetime import datetime, timedelta

from azure_scaleset.rollout.arm import POLL_SECONDS, Arm


class Cancelled(Exception):
    """The rollout was told to stop. Instances that are being changed go on; the others stay as they are."""


class Late(Exception):
    """The time that was given is over."""


class Pace:
    """The pauses of one rollout, by Azure's clock."""

    def __init__(self, arm: Arm, stop: threading.Event, seconds: float) -> None:
        """*stop* ends it (`Cancelled`). *seconds*: so long it may take from now on (`Late`)."""
        self._arm = arm
        self._stop = stop
        self._deadline = arm.now + timedelta(seconds=seconds)

    @property
    def now(self) -> datetime:
        """Azure's time."""
        return self._arm.now

    def go_on(self) -> None:
        """Raises `Cancelled` when the rollout was told to stop: asked before anything is begun."""
        if self._stop.is_set():
            raise Cancelled

    def wait(self, until: datetime | None = None) -> None:
        """Waits as long as Azure's last answer asks, or till the next poll. *until*: when there is something to see, if that is known and before the poll.
        Raises `Cancelled` and `Late`."""
        self.go_on()
        if self.now > self._deadline:
            raise Late
        # Azure's time is known in whole seconds.
        self._arm.pause(POLL_SECONDS if until is None else max(1, math.ceil((until - self.now).total_seconds())))
