"""A scale set in Azure as a program reaches it: with the login of its provider."""

import asyncio
from typing import TYPE_CHECKING

import pulumi

from azure_scaleset.rollout.provider_cloud import cloud_of

if TYPE_CHECKING:
    from azure_scaleset.rollout.scale_set import LiveScaleSet

_ANSWER_SECONDS = 120


def live_scale_set(scale_set_id: str, parent: pulumi.Resource, loop: asyncio.AbstractEventLoop) -> "LiveScaleSet":
    """The scale set of this id. *parent*: whose provider gives tokens. *loop*: the program's; the calls are made in another thread.

    Raises OSError when a metadata host doesn't answer.
    """
    # Imported here: a preview without need of it is faster, azure-core takes its time.
    from azure_scaleset.rollout.arm import Arm
    from azure_scaleset.rollout.credential import ProgramCredential
    from azure_scaleset.rollout.scale_set import LiveScaleSet

    found = asyncio.run_coroutine_threadsafe(cloud_of(parent), loop).result(_ANSWER_SECONDS)
    return LiveScaleSet(Arm(found.endpoint, found.scope, ProgramCredential(parent, loop)), scale_set_id)
