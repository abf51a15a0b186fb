"""What waits for the gate of an image."""

import asyncio
from typing import Any

import pulumi
import pytest

from azure_scaleset.images.gate import after


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
