"""What a preview asks Azure about sizes and images."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from azure_scaleset import live_facts

SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
IMAGE = {"publisher": "P", "offer": "O", "sku": "S", "version": "1.0.0"}


class Provider:
    """Stands for a component: all have one provider."""

    def get_provider(self, _: str) -> None:
        """The default one."""


class FakeArm:
    """A connection that notes what it is asked, and needs a thread of the program for it, as a token does."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self.asked: list[str] = []

    def _note(self, question: str) -> None:
        asyncio.run_coroutine_threadsafe(asyncio.to_thread(self.asked.append, question), self._loop).result(timeout=30)

    def values(self, path: str, _: str, **query: str) -> Iterator[dict[str, Any]]:
        """One size."""
        self._note(f"{path} {query['$filter']}")
        yield {"name": "Standard_D2s_v5", "resourceType": "virtualMachines"}

    def get(self, path: str, *_: str, **__: str) -> dict[str, Any]:
        """Any version."""
        self._note(path)
        return {"properties": {}}


def scale_set(size: str) -> dict[str, Any]:
    """Inputs."""
    return {
        "location": "West Europe",
        "sku": {"name": size},
        "virtualMachineProfile": {"storageProfile": {"imageReference": IMAGE}},
    }


def test_sets_ask_once_and_leave_the_programs_threads_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty sets at once connect once and ask each question once, in a program that has one thread, which a token needs."""
    connections: list[FakeArm] = []

    async def connection(*_: Any, **__: Any) -> FakeArm:
        connections.append(FakeArm(asyncio.get_running_loop()))
        return connections[-1]

    async def subscription(_: Any) -> str:
        return SUBSCRIPTION

    monkeypatch.setattr(live_facts, "connection", connection)
    monkeypatch.setattr(live_facts, "ask_subscription", subscription)

    async def run() -> list[list[str]]:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
        sizes = ["Standard_D2s_v5", "Standard_D3s_v5"] * 10
        found = await asyncio.gather(*(live_facts.with_live_facts([], scale_set(size), Provider()) for size in sizes))  # type: ignore[arg-type]  # a stand-in
        return [[problem.rule for problem in problems] for problems in found]

    compute = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Compute"
    version = f"{compute}/locations/westeurope/publishers/P/artifacttypes/vmimage/offers/O/skus/S/versions/1.0.0"
    assert asyncio.run(run()) == [[], ["S7"]] * 10
    assert [sorted(arm.asked) for arm in connections] == [[version, f"{compute}/skus location eq 'westeurope'"]]


def test_the_components_come_without_azure_core() -> None:
    """It takes its time: what asks Azure imports it in a thread, while the program goes on."""
    library = Path(live_facts.__file__).parents[1]
    program = "import sys, azure_scaleset; print('azure.core' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", program], cwd=library, capture_output=True, text=True, check=True)

    assert done.stdout == "False\n"
