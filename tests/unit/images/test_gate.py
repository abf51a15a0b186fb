"""What waits for the gate of an image."""

import asyncio
from typing import Any

import pulumi
import pytest

from azure_scaleset.images.chosen import MADE_TAG
from azure_scaleset.images.gate import after, lost
from azure_scaleset.rules.value import UNKNOWN


@pytest.mark.parametrize("known", [True, False])
def test_an_id_is_known_when_the_gate_is_passed(known: bool) -> None:
    """Before, nothing is looked for under it, and nothing is made of it."""

    async def seen() -> tuple[Any, bool]:
        passed: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        is_known: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        passed.set_result("id of the gate")
        is_known.set_result(known)
        output = after(pulumi.Output(set(), passed, is_known), "/definition")
        return await output.future(), await output.is_known()

    assert asyncio.run(seen()) == ("/definition" if known else None, known)


def wanted(mark: str | None, image: object = "/image") -> dict[str, Any]:
    """What a gate is given."""
    return {"id": image, "body": {"tags": {MADE_TAG: mark} if mark else {}}}


@pytest.mark.parametrize(
    ("had", "given", "expected"),
    [
        (wanted("one"), wanted("two"), True),
        (wanted(None), wanted("two"), True),
        (wanted("one"), wanted("one"), False),
        # Another image, whether the old one is there or not; the first one; tags that aren't known.
        (wanted("one"), wanted("two", "/other"), False),
        ({}, wanted("one"), False),
        (wanted("one"), {"id": "/image", "body": {"tags": UNKNOWN}}, False),
    ],
)
def test_an_image_that_is_gone_has_another_mark(had: dict[str, Any], given: dict[str, Any], expected: bool) -> None:
    """The preview says so."""
    assert lost(had, given) is expected
