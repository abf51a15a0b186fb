"""Which Azure a component's provider deploys to: the rollout asks the same one."""

import os
from datetime import datetime

import pulumi

from azure_scaleset.rollout import cloud
from azure_scaleset.rollout.token import TOKEN, claims
from azure_scaleset.threads import in_thread

_MEMBER = "azure-native:compute:VirtualMachineScaleSet"


async def cloud_of(parent: pulumi.Resource) -> cloud.Cloud:
    """The cloud of *parent*'s provider, in azure-native's own order: a metadata host (the provider's argument, the stack's `azure-native:metadataHost`, or
    `ARM_METADATA_HOSTNAME`), else the environment (argument, `azure-native:environment`, or `ARM_ENVIRONMENT`; public).

    Where the provider's arguments can't be read (a program in another language made it), its token tells for which of the known clouds it is.
    Raises ValueError for an environment that there is not, OSError when the metadata host doesn't answer.
    """
    explicit = parent.get_provider(_MEMBER)
    readable = explicit is not None and hasattr(explicit, "environment")
    config = pulumi.Config("azure-native")
    given = {
        "ARM_METADATA_HOSTNAME": await _argument(explicit, "metadata_host")
        if readable
        else None
        if explicit
        else config.get("metadataHost"),
        "ARM_ENVIRONMENT": await _argument(explicit, "environment") if readable else None if explicit else config.get("environment"),
    }
    variables = {name: value or os.environ.get(name) for name, value in given.items()}
    known = {name: value for name, value in variables.items() if value}
    if explicit is not None and not readable and "ARM_METADATA_HOSTNAME" not in known:
        answer = await pulumi.runtime.invoke_async(TOKEN, {}, pulumi.InvokeOptions(parent=parent))
        told = cloud.of_audience(str(claims(str(answer["token"])).get("aud", "")))
        if told is not None:
            return told
    return await in_thread(lambda: cloud.find(known))


async def time_of(parent: pulumi.Resource) -> datetime:
    """That cloud's own time."""
    found = await cloud_of(parent)
    return await in_thread(lambda: cloud.time_of(found))


async def _argument(provider: object, name: str) -> str | None:
    value = await pulumi.Output.from_input(getattr(provider, name, None)).future()
    return None if value is None else str(value)
