"""What a preview asks Azure about a scale set's size and image: one call each, kept for the other sets of the run."""

import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pulumi

from azure_scaleset.images.azure import asked, get_or_none
from azure_scaleset.rules import UNKNOWN, Problem, check_live
from azure_scaleset.rules.facts import IMAGE
from azure_scaleset.rules.value import get, same, text
from azure_scaleset.subscription import ask_subscription

if TYPE_CHECKING:
    from azure_scaleset.rollout.arm import Arm

_SIZES_VERSION = "2021-07-01"
"""Of Microsoft.Compute/skus: its newest."""

_answers: dict[str, Any] = {}
_one_at_a_time = threading.Lock()
"""Sets of one program mostly ask the same."""


async def live_problems(inputs: Mapping[str, Any], parent: pulumi.Resource) -> list[Problem]:
    """What is wrong with a scale set by what Azure says of its size and its platform image. Warns where Azure can't be asked: that fails no preview."""
    region, size = text(get(inputs, "location")), text(get(inputs, "sku.name"))
    if region is None:
        return []
    region = region.replace(" ", "").lower()
    try:
        subscription = await ask_subscription(parent)
        offered, version = await asked(
            parent,
            lambda arm: (_size(arm, subscription, region, size), _image(arm, subscription, region, get(inputs, IMAGE))),
            patient=False,
        )
    except Exception as error:  # the login, the network, the rights: whatever it is, the update itself will tell
        why = " ".join(str(error).split())[:200]
        pulumi.log.warn(f"Not checked: whether {region} has the size and the image, since Azure can't be asked ({why}).", parent)
        return []
    return check_live(inputs, size=offered, image=version)


def _size(arm: "Arm", subscription: str, region: str, size: str | None) -> Any:
    """The size in Azure's list of the region; None where it isn't listed."""
    if size is None or same(size, "Mix"):
        return UNKNOWN
    path = f"/subscriptions/{subscription}/providers/Microsoft.Compute/skus"
    condition = {"$filter": f"location eq '{region}'"}
    listed = _once(
        f"{path} {region}",
        lambda: {
            str(each["name"]).casefold(): each
            for each in arm.values(path, _SIZES_VERSION, **condition)
            if each.get("resourceType") == "virtualMachines"
        },
    )
    return listed.get(size.casefold())


def _image(arm: "Arm", subscription: str, region: str, image: Any) -> Any:
    """The version of a platform image; None where Azure has none, UNKNOWN for another kind."""
    names = [text(get(image, key)) for key in ("publisher", "offer", "sku", "version")]
    if not all(names):
        return UNKNOWN
    publisher, offer, sku, version = (str(name) for name in names)
    versions = (
        f"/subscriptions/{subscription}/providers/Microsoft.Compute/locations/{region}/publishers/{publisher}"
        f"/artifacttypes/vmimage/offers/{offer}/skus/{sku}/versions"
    )
    return _once(f"{versions}/{version}", lambda: _version(arm, versions, version))


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


def _once(key: str, ask: Callable[[], Any]) -> Any:
    with _one_at_a_time:
        if key not in _answers:
            _answers[key] = ask()
        return _answers[key]
