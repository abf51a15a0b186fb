"""What a program asks Azure about images, in the preview too, and has done there: with the provider's own login, and without holding the program up."""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import pulumi

from azure_scaleset.rollout.in_program import connection
from azure_scaleset.threads import at_length, in_thread, log_from_threads

if TYPE_CHECKING:
    from azure_scaleset.rollout.arm import Arm

GALLERY_API_VERSION = "2024-03-03"
"""Of galleries: the one that azure-native 3.29 uses."""
TEMPLATE_API_VERSION = "2024-02-01"
"""Of Image Builder's templates: the one that azure-native 3.29 uses."""

Report = Callable[[str], None]
"""Says how something goes."""

_T = TypeVar("_T")


async def asked(parent: pulumi.Resource, ask: "Callable[[Arm], _T]") -> _T:
    """What *ask* gives, which is called in another thread with a connection signed in as *parent*'s provider."""
    arm = await connection(parent)
    return await in_thread(lambda: ask(arm))


async def done_at_length(parent: pulumi.Resource, work: "Callable[[Arm, Report, threading.Event], _T]") -> _T:
    """What *work* gives, which may take an hour: in a thread of its own, with a connection signed in as *parent*'s provider, what logs on *parent* how it goes (a text
    that is given again at once is logged once), and whether to stop."""
    arm, log = await connection(parent), log_from_threads(parent)
    said: list[str] = []

    def report(text: str) -> None:
        if said[-1:] != [text]:
            said.append(text)
            log(text)

    return await at_length(lambda stop: work(arm, report, stop))


def get_or_none(arm: "Arm", path: str, api_version: str, **query: str) -> dict[str, Any] | None:
    """GET of a resource; None where there is none."""
    from azure_scaleset.rollout.arm import ArmError

    try:
        return arm.get(path, api_version, **query)
    except ArmError as error:
        if error.status == 404:
            return None
        raise


def listed(arm: "Arm", path: str, api_version: str | None = None) -> list[dict[str, Any]]:
    """The items of a list; none where what holds them isn't there. *api_version*: Microsoft.Compute's where none is given."""
    from azure_scaleset.rollout.arm import API_VERSION, ArmError

    try:
        return list(arm.values(path, api_version or API_VERSION))
    except ArmError as error:
        if error.status == 404:
            return []
        raise
