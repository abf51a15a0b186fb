"""What a preview asks Azure about a scale set's size and image: each question once in a run, whichever set asks it first, and all of them side by side."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

import pulumi

from azure_scaleset.images.azure import get_or_none
from azure_scaleset.rollout.in_program import connection
from azure_scaleset.rules import UNKNOWN, Problem
from azure_scaleset.rules.checks import with_answers
from azure_scaleset.rules.facts import IMAGE
from azure_scaleset.rules.images import VERSION
from azure_scaleset.rules.value import get, same, text
from azure_scaleset.subscription import ask_subscription
from azure_scaleset.threads import in_thread

if TYPE_CHECKING:
    from azure_scaleset.rollout.arm import Arm

_SIZES_VERSION = "2021-07-01"
"""Of Microsoft.Compute/skus: its newest."""
_MEMBER = "azure-native:compute:VirtualMachineScaleSet"

_T = TypeVar("_T")
_questions: "WeakKeyDictionary[asyncio.AbstractEventLoop, dict[Hashable, asyncio.Task[Any]]]" = WeakKeyDictionary()
"""Tasks, on which the sets wait without holding a thread. A failed one fails for each set."""


async def with_live_facts(problems: Sequence[Problem], inputs: Mapping[str, Any], parent: pulumi.Resource) -> list[Problem]:
    """*problems* of a scale set with what Azure says of its size and its platform image. Warns where Azure can't be asked: that fails no preview."""
    region, size = text(get(inputs, "location")), text(get(inputs, "sku.name"))
    if region is None:
        return list(problems)
    region = region.replace(" ", "").lower()
    try:
        subscription, arm = await _once(("connection", parent.get_provider(_MEMBER)), lambda: _connected(parent))
        offered, version = await asyncio.gather(
            _size(arm, subscription, region, size), _image(arm, subscription, region, get(inputs, IMAGE))
        )
    except Exception as error:  # the login, the network, the rights: whatever it is, the update itself will tell
        why = " ".join(str(error).split())[:200]
        pulumi.log.warn(f"Not checked: whether {region} has the size and the image, since Azure can't be asked ({why}).", parent)
        return list(problems)
    return with_answers(problems, inputs, size=offered, image=version)


async def _connected(parent: pulumi.Resource) -> "tuple[str, Arm]":
    """The subscription of *parent*'s provider, and a connection that is signed in as it."""
    subscription, arm = await asyncio.gather(ask_subscription(parent), connection(parent, patient=False))
    return subscription, arm


async def _size(arm: "Arm", subscription: str, region: str, size: str | None) -> Any:
    """The size in Azure's list of the region; None where it isn't listed."""
    if size is None or same(size, "Mix"):
        return UNKNOWN
    path = f"/subscriptions/{subscription}/providers/Microsoft.Compute/skus"
    listed = await _once((path, region), lambda: in_thread(lambda: _sizes(arm, path, region)))
    return listed.get(size.casefold())


def _sizes(arm: "Arm", path: str, region: str) -> dict[str, Any]:
    found = arm.values(path, _SIZES_VERSION, **{"$filter": f"location eq '{region}'"})
    return {str(each["name"]).casefold(): each for each in found if each.get("resourceType") == "virtualMachines"}


async def _image(arm: "Arm", subscription: str, region: str, image: Any) -> Any:
    """The version of a platform image; None where Azure has none, UNKNOWN for another kind, and for what is no version (G2)."""
    names = [text(get(image, key)) for key in ("publisher", "offer", "sku", "version")]
    if not all(names) or not VERSION.fullmatch(str(names[-1])):
        return UNKNOWN
    publisher, offer, sku, version = (str(name) for name in names)
    versions = (
        f"/subscriptions/{subscription}/providers/Microsoft.Compute/locations/{region}/publishers/{publisher}"
        f"/artifacttypes/vmimage/offers/{offer}/skus/{sku}/versions"
    )
    return await _once((versions, version), lambda: in_thread(lambda: _version(arm, versions, version)))


def _version(arm: "Arm", versions: str, version: str) -> Any:
    from azure_scaleset.rollout.arm import API_VERSION, ArmError

    if same(version, "latest"):
        try:
            # A list without the frame that Azure's other lists have, the newest version first.
            newest: Any = arm.get(versions, **{"$orderby": "name desc", "$top": "1"})
        except ArmError as error:
            if error.status == 404:
                return None
            raise
        if not newest:
            return None
        version = str(newest[0]["name"])
    return get_or_none(arm, f"{versions}/{version}", API_VERSION)


async def _once(question: Hashable, ask: Callable[[], Awaitable[_T]]) -> _T:
    """The answer to *question*, from *ask* where nobody has asked yet."""
    asked = _questions.setdefault(asyncio.get_running_loop(), {})
    if question not in asked:
        asked[question] = asyncio.ensure_future(ask())
    answer: _T = await asyncio.shield(asked[question])
    return answer
