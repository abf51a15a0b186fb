"""What is to happen at a later virtual time. The agenda is kept in the store; every call of ARM first settles what is due by then, in order of time."""

from __future__ import annotations

from collections.abc import Callable

from offline.arm.errors import ArmError
from offline.arm.http import Json, Request
from offline.arm.store import Store

POLL_SECONDS = 10
"""How far a poll moves the virtual clock: a client that waits for something makes time go by, and nothing else does."""

WRITE_SECONDS = 1
"""How far a write moves it."""

RETRY_AFTER = "0.01"
"""What a polling answer tells the client to wait, in real seconds. (An accepted write says 0: Azure's SDK reads that header as an integer.)"""

Deed = Callable[[Store, str, Json], None]
"""Does what was planned: the store, the owner (a resource id in lower case), the data of `Store.plan`."""

DEEDS: dict[str, Deed] = {}
"""Kind on the agenda -> what does it."""


def deed(kind: str) -> Callable[[Deed], Deed]:
    """Decorator: the function does what is planned under this kind."""

    def register(function: Deed) -> Deed:
        DEEDS[kind] = function
        return function

    return register


def settle(store: Store) -> None:
    """Does what is due, each at its own time, what it plans in turn included. The clock ends where it stood."""
    until = store.seconds
    while (item := store.take_due(until)) is not None:
        due, owner, kind, data = item
        store.set_seconds(due)
        try:
            with store.attempt():
                DEEDS[kind](store, owner, data)
        except ArmError as refusal:  # as when a repair finds that the image is gone
            store.log("refused", owner, deed=kind, code=refusal.code, message=refusal.message)
    store.set_seconds(until)


def pass_time(store: Store, request: Request, polls: bool) -> None:
    """Moves the clock as far as a call does, and settles. `polls`: the call is a GET that looks how far something is."""
    if request.method not in ("GET", "HEAD"):
        store.advance(WRITE_SECONDS)
    elif polls and "$skiptoken" not in request.query:  # the pages of a list are one look
        store.advance(POLL_SECONDS)
    settle(store)
