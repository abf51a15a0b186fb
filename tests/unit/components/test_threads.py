"""What blocks holds up neither the program nor others that wait."""

import asyncio
import contextvars
import threading
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pulumi
import pytest

from azure_scaleset.threads import at_length, in_thread, log_from_threads, make_room

SECONDS = 20
"""So long a test waits for what has to come."""
MANY = 60


def run(program: Coroutine[Any, Any, Any]) -> Any:
    """Runs a program that has one thread of its own."""

    async def with_one_thread() -> Any:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
        return await asyncio.wait_for(program, SECONDS)

    return asyncio.run(with_one_thread())


def test_many_wait_at_the_same_time_and_ask_the_program_meanwhile() -> None:
    """None goes on before all are there, and each needs the program's own thread twice, as for a token: all end."""

    async def program() -> list[str]:
        loop, together = asyncio.get_running_loop(), threading.Barrier(MANY)

        async def token() -> str:
            return await loop.run_in_executor(None, lambda: "token")

        def rollout(_: threading.Event) -> str:
            first = asyncio.run_coroutine_threadsafe(token(), loop).result(SECONDS)
            together.wait(SECONDS)
            return first + asyncio.run_coroutine_threadsafe(token(), loop).result(SECONDS)

        return list(await asyncio.gather(*(at_length(rollout) for _ in range(MANY))))

    assert run(program()) == ["tokentoken"] * MANY


def test_questions_are_answered_while_many_wait() -> None:
    """What takes long takes no thread from what doesn't."""

    async def program() -> str:
        answered = threading.Event()
        waiting = [asyncio.ensure_future(at_length(lambda _: answered.wait(SECONDS))) for _ in range(MANY)]
        answer = await in_thread(lambda: "answer")
        answered.set()
        assert await asyncio.gather(*waiting) == [True] * MANY
        return answer

    assert run(program()) == "answer"


def test_calls_that_wait_for_hooks_leave_threads_to_them() -> None:
    """Each of many registrations holds a thread till its hook has ended, and the hooks call the engine."""

    async def program() -> str:
        make_room()
        loop, passed = asyncio.get_running_loop(), threading.Event()
        registrations = [loop.run_in_executor(None, passed.wait, SECONDS) for _ in range(MANY)]
        token = await loop.run_in_executor(None, lambda: "token")
        passed.set()
        assert await asyncio.gather(*registrations) == [True] * MANY
        return token

    assert run(program()) == "token"


def test_cancelled_work_is_told_to_stop() -> None:
    """And whoever waits for it hears of the cancellation, not of an end."""
    began, stopped = threading.Event(), threading.Event()

    def work(stop: threading.Event) -> None:
        began.set()
        if stop.wait(SECONDS):
            stopped.set()

    async def program() -> None:
        waiting = asyncio.ensure_future(at_length(work))
        await in_thread(lambda: began.wait(SECONDS))
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    run(program())
    assert stopped.wait(SECONDS)


def test_an_error_of_the_work_is_the_waiter_s() -> None:
    """As it was raised."""

    def fail(_: threading.Event) -> None:
        raise RuntimeError("instance 2 failed")

    with pytest.raises(RuntimeError, match="instance 2 failed"):
        run(at_length(fail))


def test_what_is_told_from_a_thread_has_the_settings_of_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """The log finds its engine in the context of the program; so does the work."""
    engine = contextvars.ContextVar("engine", default="none")
    told: list[tuple[str, object, str]] = []
    monkeypatch.setattr(pulumi.log, "info", lambda text, resource: told.append((text, resource, engine.get())))
    resource: Any = object()

    async def program() -> str:
        engine.set("of the program")
        log = log_from_threads(resource)

        def work(_: threading.Event) -> str:
            log("0 of 6 done")
            return engine.get()

        return await at_length(work)

    assert run(program()) == "of the program"
    assert told == [("0 of 6 done", resource, "of the program")]
