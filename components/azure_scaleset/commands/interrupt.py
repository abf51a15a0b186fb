"""Ctrl-C, and a CI's SIGTERM, in a command that takes long: it ends after the current call, and a pause between two calls ends at once."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from azure_scaleset.rollout.arm import POLL_SECONDS, Arm
from azure_scaleset.rollout.pace import Cancelled

EXIT_CODE = 130
"""What a shell gives for a command that Ctrl-C ended."""
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupt:
    """Listens for the signals. Another one while the command is ending ends it the hard way."""

    def __init__(self) -> None:
        self.stop = threading.Event()
        """Set when the command is to end."""
        self._pausing = False

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Takes the signals for as long as the context lasts."""
        before = {number: signal.signal(number, self._heard) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    @contextmanager
    def pausing(self) -> Iterator[None]:
        """A pause, in which a signal raises `Cancelled` where it is."""
        self._pausing = True
        try:
            if self.stop.is_set():
                raise Cancelled
            yield
        finally:
            self._pausing = False

    def _heard(self, number: int, _: FrameType | None) -> None:
        self.stop.set()
        signal.signal(number, signal.SIG_DFL)
        if self._pausing:
            raise Cancelled


class InterruptibleArm(Arm):
    """A connection whose pauses a signal ends."""

    def __init__(self, interrupt: Interrupt, *arguments: Any) -> None:
        """*arguments*: those of `Arm`."""
        super().__init__(*arguments)
        self._interrupt = interrupt

    def pause(self, at_most: float = POLL_SECONDS) -> None:
        """Waits as `Arm.pause` does. Raises `Cancelled` at a signal."""
        with self._interrupt.pausing():
            super().pause(at_most)
