"""Which Azure a component's provider deploys to: the rollout asks the same one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
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
    Raises ConnectionError where that can't be found out: there is no such environment, the metadata host doesn't answer, the provider's login has ended.
    """
    with _told():
        return await _cloud_of(parent)


async def _cloud_of(parent: pulumi.Resource) -> cloud.Cloud:
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
    """That cloud's own time. Raises ConnectionError as `cloud_of`, and when the cloud doesn't answer."""
    found = await cloud_of(parent)
    with _told():
        return await in_thread(lambda: cloud.time_of(found))


@contextmanager
def _told() -> Iterator[None]:
    """Any error as one that says what to do: the engine's word for a login that ended is no class of its own."""
    try:
        yield
    except Exception as error:
        raise unasked("Azure can't be asked as the provider signs in", error) from error


def unasked(what: str, error: Exception) -> ConnectionError:
    """That *what* is so for *error*, which is anything: a login that ended, a setting, the network; and what to do."""
    return ConnectionError(
        f"{what}: {' '.join(str(error).split()).rstrip('.')}. Next: mend the login or the settings of azure-native, then come again."
    )


async def _argument(provider: object, name: str) -> str | None:
    value = await pulumi.Output.from_input(getattr(provider, name, None)).future()
    return None if value is None else str(value)
