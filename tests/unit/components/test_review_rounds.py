"""When a refused preview ends."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pytest

from azure_scaleset import review_rounds
from azure_scaleset.errors import ArgumentError


@dataclass(eq=False)
class Registering:
    """A resource whose registration ends when the test says so."""

    settled: "asyncio.Future[str]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    @property
    def urn(self) -> "Registering":
        """Its URN, which is there when it is registered."""
        return self

    def future(self) -> "asyncio.Future[str]":
        """As an output's."""
        return self.settled


@pytest.fixture(autouse=True)
def _preview(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: True)
    monkeypatch.setattr(review_rounds, "_QUIET_SECONDS", 0.1)
    yield
    review_rounds._pending.clear()
    review_rounds._refused.clear()


def ended(*after: float) -> tuple[str, float]:
    """What a preview says that refuses `ScaleSet 'web'`, and after how many seconds; *after*: how long the registration of each followed resource takes."""

    async def run() -> tuple[str, float]:
        loop, resources = asyncio.get_running_loop(), [Registering() for _ in after]
        for resource, seconds in zip(resources, after, strict=True):
            made: Any = resource
            review_rounds.follow(made)
            loop.call_later(seconds, resource.settled.set_result, "urn")
        review_rounds._refused.extend(["ScaleSet 'web'", "LoadBalancer 'lb'", "ScaleSet 'web'"])
        begun = time.monotonic()
        with pytest.raises(pulumi.RunError) as raised:
            await review_rounds._all_reviewed()
        return str(raised.value), time.monotonic() - begun

    return asyncio.run(run())


def test_it_ends_when_nothing_is_left() -> None:
    """Resources that turned out unchanged are registered and wait for nothing; each refused one is named once."""
    said, seconds = ended(0.0, 0.0)

    assert said == "Refused: ScaleSet 'web', LoadBalancer 'lb'. Why, and the way out, is told in the diagnostics of each."
    assert seconds < 0.5


def test_it_waits_for_a_review_however_quiet_it_is() -> None:
    """One that asks Azure for longer than a program is ever quiet."""
    assert ended(0.7)[1] >= 0.7


def test_it_waits_for_a_look_at_what_is_registered() -> None:
    """A resource that doesn't change has no review, and is held against the others once it is registered."""

    async def run() -> tuple[bool, bool]:
        resource: Any = Registering()
        looked: Any = Registering()
        review_rounds.follow(resource, looked)
        resource.settled.set_result("urn")
        await asyncio.sleep(0.01)
        before = resource in review_rounds._pending
        looked.settled.set_result(None)
        await asyncio.sleep(0.01)
        return before, resource in review_rounds._pending

    assert asyncio.run(run()) == (True, False)


def test_a_failed_registration_is_none_to_wait_for() -> None:
    """The program tells of it itself."""

    async def run() -> set[Any]:
        resource: Any = Registering()
        review_rounds.follow(resource)
        resource.settled.set_exception(ValueError("of the program"))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return set(review_rounds._pending)

    assert asyncio.run(run()) == set()


def judge(value: str) -> str:
    """As one of a component does."""
    if value == "later":
        unknown: str = review_rounds.NOT_KNOWN
        return unknown
    if value == "bad":
        raise ArgumentError("BuiltImage 'web'", [f"base is {value}."])
    return value.upper()


async def later(value: str) -> str:
    """One that asks Azure."""
    await asyncio.sleep(0)
    return judge(value)


@pytest.mark.parametrize("judging", [judge, later])
def test_what_a_judge_refuses_is_not_known_in_a_preview(monkeypatch: pytest.MonkeyPatch, judging: Any) -> None:
    """It is told beside what else is wrong, and what needs it goes on without; what is fine is known, but for what only the update will tell."""
    said: list[tuple[str, str]] = []
    monkeypatch.setattr(review_rounds, "refuse", lambda subject, why, parent: said.append((subject, why)))
    parent: Any = None

    async def run(value: str) -> tuple[bool, Any]:
        made = review_rounds.judged("BuiltImage 'web'", pulumi.Output.from_input(value), judging, parent)
        return await made.is_known(), await made.future(with_unknowns=False)

    assert asyncio.run(run("good")) == (True, "GOOD")
    assert asyncio.run(run("later")) == (False, None)
    assert said == []
    assert asyncio.run(run("bad")) == (False, None)
    assert said == [("BuiltImage 'web'", "BuiltImage 'web' has 1 problem in its arguments:\n  - base is bad.")]

    monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: False)
    with pytest.raises(ArgumentError, match="base is bad"):
        asyncio.run(run("bad"))
