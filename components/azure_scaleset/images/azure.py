"""What a program asks Azure about images, in the preview too: with the provider's own login, and without holding the program up."""

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

import pulumi

if TYPE_CHECKING:
    from azure_scaleset.rollout.arm import Arm

GALLERY_API_VERSION = "2024-03-03"
"""Of galleries: the one that azure-native 3.29 uses."""
TEMPLATE_API_VERSION = "2024-02-01"
"""Of Image Builder's templates: the one that azure-native 3.29 uses."""

_T = TypeVar("_T")
_THREADS = ThreadPoolExecutor(32, "azure")
"""Beside the program's own few, which are needed to get the token that a call waits for."""


async def asked(parent: pulumi.Resource, ask: "Callable[[Arm], _T]") -> _T:
    """What *ask* gives, which is called in another thread with a connection signed in as *parent*'s provider."""
    arm = await connection(parent)
    return await in_thread(lambda: ask(arm))


async def connection(parent: pulumi.Resource, *, patient: bool = True) -> "Arm":
    """A connection that is signed in as *parent*'s provider; its calls are made in another thread than the program's. *patient*: as of `Arm`."""
    from azure_scaleset.rollout.provider_cloud import cloud_of

    found, loop = await cloud_of(parent), asyncio.get_running_loop()

    def connect() -> "Arm":
        # Imported here: azure-core takes its time. A program that asks nothing needs none of it, and one that does goes on meanwhile.
        from azure_scaleset.rollout.arm import Arm
        from azure_scaleset.rollout.credential import ProgramCredential

        return Arm(found.endpoint, found.scope, ProgramCredential(parent, loop), patient=patient)

    return await in_thread(connect)


async def in_thread(call: Callable[[], _T]) -> _T:
    """What *call* gives, which holds up neither the program nor its threads."""
    # The program's settings are in the context (as `asyncio.to_thread` knows too).
    return await asyncio.get_running_loop().run_in_executor(_THREADS, contextvars.copy_context().run, call)


def get_or_none(arm: "Arm", path: str, api_version: str, **query: str) -> dict[str, Any] | None:
    """GET of a resource; None where there is none."""
    from azure_scaleset.rollout.arm import ArmError

    try:
        return arm.get(path, api_version, **query)
    except ArmError as error:
        if error.status == 404:
            return None
        raise
