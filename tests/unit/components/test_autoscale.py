"""How many instances an update sends where autoscale owns the number, and what the setting allows."""

import asyncio
from typing import Any

import pulumi
import pytest

from azure_scaleset.arguments import Autoscale
from azure_scaleset.autoscale import limits, sent_capacity

SETTING: Autoscale = {"minimum": 2, "maximum": 10}


def capacity(setting: Autoscale, initial: int) -> dict[str, str]:
    """What the setting's one profile says."""

    async def of() -> Any:
        return await pulumi.Output.from_input(limits(setting, initial)["profiles"][0]["capacity"]).future()

    found: dict[str, str] = asyncio.run(of())
    return found


@pytest.mark.parametrize(
    ("at_least", "live", "sent"),
    [(0, 5, 5), (0, 1, 2), (0, 12, 10), (6, 3, 6), (6, 8, 8), (50, 3, 10)],
    ids=["as it is", "below", "above", "raised", "raised and above", "never above the maximum"],
)
def test_what_is_sent(at_least: int, live: int, sent: int) -> None:
    """As many as there are, within the limits that are sent with it."""

    async def of() -> Any:
        return await sent_capacity({**SETTING, "at_least": at_least}, pulumi.Output.from_input(live)).future()

    assert asyncio.run(of()) == sent


def test_limits() -> None:
    """The minimum is raised for now, an output too; the default is never below it, the maximum stays."""

    async def raised() -> Any:
        setting: Autoscale = {**SETTING, "at_least": pulumi.Output.from_input(6)}
        return await limits(setting, 3)["profiles"][0]["capacity"].future()

    assert capacity(SETTING, 3) == {"minimum": "2", "maximum": "10", "default": "3"}
    assert capacity({**SETTING, "at_least": 6}, 3) == {"minimum": "6", "maximum": "10", "default": "6"}
    assert capacity({**SETTING, "at_least": 50}, 3) == {"minimum": "10", "maximum": "10", "default": "10"}
    assert asyncio.run(raised()) == {"minimum": "6", "maximum": "10", "default": "6"}
