"""Threads for what blocks. Each call of a program to the engine holds one of its own threads till it is answered: the registration of a resource till its hooks have
ended, too. What hooks ask (a token for Azure is such a call) needs one more; where all are held, the program waits for ever."""

import asyncio
import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar
from weakref import WeakSet

import pulumi

_T = TypeVar("_T")
_SHORT = ThreadPoolExecutor(32, "azure")
_MANY = 1000
"""Threads of a program: more than it has registrations that wait for hooks. (A plugin has four more than cores, a Python program some for each `--parallel`.)"""
_roomy: "WeakSet[asyncio.AbstractEventLoop]" = WeakSet()


def make_room() -> None:
    """Sees to it that registrations which wait for hooks leave threads to the hooks. They are made when they are needed."""
    loop = asyncio.get_event_loop()
    if loop not in _roomy:
        _roomy.add(loop)
        loop.set_default_executor(ThreadPoolExecutor(_MANY, "program"))


async def in_thread(call: Callable[[], _T]) -> _T:
    """What *call* gives, a question that is answered soon."""
    # The program's settings are in the context.
    return await asyncio.get_running_loop().run_in_executor(_SHORT, contextvars.copy_context().run, call)


async def at_length(work: Callable[[threading.Event], _T]) -> _T:
    """What *work* gives, which may take an hour: in a thread of its own, however many others wait at the same time. It is given what tells it to stop: set when
    this is cancelled, and then this raises (after Ctrl-C the engine takes a hook that returns for one that has passed, E6)."""
    stop, result, context = threading.Event(), Future[_T](), contextvars.copy_context()

    def run() -> None:
        if not result.set_running_or_notify_cancel():
            return
        try:
            result.set_result(context.run(work, stop))
        except BaseException as error:  # it is the waiter's
            result.set_exception(error)

    # A daemon: it doesn't keep a program alive that ended at Ctrl-C, whose loop has nobody waiting any more.
    threading.Thread(target=run, daemon=True).start()
    try:
        return await asyncio.wrap_future(result)
    except asyncio.CancelledError:
        stop.set()
        raise


def log_from_threads(resource: pulumi.Resource) -> Callable[[str], object]:
    """What logs a text on *resource* while it happens, called from any thread."""
    loop, context = asyncio.get_running_loop(), contextvars.copy_context()
    return lambda text: loop.call_soon_threadsafe(lambda: context.run(pulumi.log.info, text, resource))
