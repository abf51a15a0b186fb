"""Azure as a program reaches it: with the login of its provider, and without holding the program up."""

import asyncio
from typing import TYPE_CHECKING

import pulumi

from azure_scaleset.rollout.provider_cloud import cloud_of
from azure_scaleset.threads import in_thread

if TYPE_CHECKING:
    from azure_scaleset.rollout.arm import Arm
    from azure_scaleset.rollout.scale_set import LiveScaleSet


async def connection(parent: pulumi.Resource, *, patient: bool = True) -> "Arm":
    """A connection that is signed in as *parent*'s provider; its calls are made in another thread than the program's. *patient*: as of `Arm`.

    Raises ConnectionError where the provider's cloud can't be found out.
    """
    found, loop = await cloud_of(parent), asyncio.get_running_loop()

    def connect() -> "Arm":
        # Imported here: azure-core takes its time. A program that asks nothing needs none of it, and one that does goes on meanwhile.
        from azure_scaleset.rollout.arm import Arm
        from azure_scaleset.rollout.credential import ProgramCredential

        return Arm(found.endpoint, found.scope, ProgramCredential(parent, loop), patient=patient)

    return await in_thread(connect)


async def live_scale_set(scale_set_id: str, parent: pulumi.Resource) -> "LiveScaleSet":
    """The scale set of this id, by such a connection. Raises ConnectionError as that does."""
    arm = await connection(parent)
    # Loaded with the connection.
    from azure_scaleset.rollout.scale_set import LiveScaleSet

    return LiveScaleSet(arm, scale_set_id)
