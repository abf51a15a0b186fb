"""When a preview fails: after every resource had its review. The engine stops at the first hook that fails, and would say nothing of the others.

So in a preview, where nothing is sent, a review that refuses lets its resource pass, and what depends on it is reviewed as well. What fails then is a resource that is never
registered, since an input of it is an error: no step of the engine's is held for it, and neither `--target` nor `--parallel` keeps it from failing.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from inspect import isawaitable
from typing import Any, TypeVar

import pulumi

from azure_scaleset.errors import ArgumentError

_T = TypeVar("_T")
_U = TypeVar("_U")

_QUIET_SECONDS = 0.5
"""So long no resource that is reviewed may be made after the last one was registered: a program goes on with what depended on it."""
_LONGEST_SECONDS = 60.0
"""So long one may take: Azure is asked by some. Nothing but an error of the program's holds them for good."""
_LOOK_SECONDS = 0.05

_pending: set[pulumi.Resource] = set()
_refused: list[str] = []
_moved = time.monotonic()


def follow(resource: pulumi.Resource, looked: pulumi.Output[Any] | None = None) -> None:
    """A preview that is refused waits for *resource*: it is registered when it had its review, or turned out to need none. *looked*: known when it was looked at
    after that."""
    if not pulumi.runtime.is_dry_run():
        return

    def settled(registered: "asyncio.Future[Any]") -> None:
        if not registered.cancelled():
            registered.exception()  # it is the program's; asyncio would complain that nobody asked
        _pending.discard(resource)
        _move()

    _pending.add(resource)
    _move()
    asyncio.ensure_future((looked or resource.urn).future()).add_done_callback(settled)


def refuse(subject: str, why: str, parent: pulumi.Resource) -> None:
    """Tells on *parent* *why* *subject* (type and name) is refused, and lets the preview fail once all reviews are over."""
    pulumi.log.error(why, parent)
    _refused.append(subject)
    if len(_refused) == 1:
        # Nobody's child: what waits for a component waits for its children.
        pulumi.ComponentResource("azure-scaleset:index:RefusedPreview", "refused", {"because": pulumi.Output.from_input(_all_reviewed())})


NOT_KNOWN: Any = object()
"""What a judge gives in a preview where only the update will tell."""


def judged(
    subject: str, given: "pulumi.Output[_T]", judge: "Callable[[_T], Awaitable[_U] | _U]", parent: pulumi.Resource
) -> "pulumi.Output[_U]":
    """What *judge* makes of *given*; not known where it gives `NOT_KNOWN`. Where it raises `ArgumentError`, a preview is refused once all reviews are over, and goes on
    without knowing it."""

    async def attempt(known: _T) -> Any:
        try:
            made = judge(known)
            return await made if isawaitable(made) else made
        except ArgumentError as error:
            if not pulumi.runtime.is_dry_run():
                raise
            refuse(subject, str(error), parent)
            return NOT_KNOWN

    def known(made: Any) -> Any:
        return pulumi.Output.from_input(pulumi.UNKNOWN) if made is NOT_KNOWN else made

    result: pulumi.Output[_U] = given.apply(attempt).apply(known)
    return result


async def _all_reviewed() -> None:
    while time.monotonic() - _moved < (_LONGEST_SECONDS if _pending else _QUIET_SECONDS):
        await asyncio.sleep(_LOOK_SECONDS)
    raise pulumi.RunError(f"Refused: {', '.join(dict.fromkeys(_refused))}. Why, and the way out, is told in the diagnostics of each.")


def _move() -> None:
    global _moved  # one process, one program
    _moved = time.monotonic()
