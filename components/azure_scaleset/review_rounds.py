"""When a preview fails: after every resource had its review. The engine stops at the first hook that fails, and would say nothing of the others."""

import asyncio
import time

_QUIET_SECONDS = 0.5
"""So long nothing may begin after the last review that was expected has ended: a program goes on with what depended on it."""
_STUCK_SECONDS = 3.0
"""So long nothing may happen at all: a resource that doesn't change has no review, and one that depends on a refused resource waits for it."""
_LOOK_SECONDS = 0.05

_expected: set[str] = set()
_moved = time.monotonic()


def expect(review: str) -> None:
    """A review that may come; *review* names it."""
    _expected.add(review)
    _move()


def ended(review: str) -> None:
    """*review* is over, or has nothing left but to fail."""
    _expected.discard(review)
    _move()


async def all_ended() -> None:
    """Returns when no other review can be expected any more."""
    while time.monotonic() - _moved < (_STUCK_SECONDS if _expected else _QUIET_SECONDS):
        await asyncio.sleep(_LOOK_SECONDS)


def _move() -> None:
    global _moved  # one process, one program
    _moved = time.monotonic()
