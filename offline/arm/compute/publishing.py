"""A newer version of an image, and the automatic OS image upgrades that it sets off (U11-U16)."""

from __future__ import annotations

from collections.abc import Callable

from offline.arm import agenda
from offline.arm.compute import images, scaling
from offline.arm.compute.durations import IMAGE_ROLLOUT_SECONDS, UPGRADE_TICK_SECONDS
from offline.arm.compute.model import SCALE_SET, ScaleSet, load
from offline.arm.compute.rolling import batches, record
from offline.arm.compute.tree import dig
from offline.arm.http import Json
from offline.arm.store import Store


def publish(store: Store, urn: str) -> None:
    """Publishes a version (`publisher:offer:sku:version`) of an image that exists: `latest` means it from now on.

    Sets with automatic OS image upgrades begin one a little later. Raises ValueError for an image that does not exist, and for a version that does.
    """
    name, _, version = urn.rpartition(":")
    image = images.known(store, name)
    if image is None:
        raise ValueError(f"There is no image '{name}': publisher:offer:sku:version is expected.")
    if version in image.versions:
        raise ValueError(f"'{name}' has the version '{version}' already.")
    before = store.document("imageVersions", "platform", name.lower()) or {"versions": []}
    store.put_document("imageVersions", "platform", name.lower(), {"versions": [*before["versions"], version]})
    store.log("imagePublished", urn)
    offer(store, lambda reference: ":".join(str(reference.get(part)) for part in ("publisher", "offer", "sku")).lower() == name.lower())


def offer(store: Store, is_of: Callable[[Json], bool]) -> None:
    """Has the sets with automatic OS image upgrades, whose image reference is of the image that got a version, begin one a little later."""
    for body in store.resources(resource_type=SCALE_SET):
        reference = dig(body, "properties.virtualMachineProfile.storageProfile.imageReference") or {}
        if is_of(reference) and dig(body, "properties.upgradePolicy.automaticOSUpgradePolicy.enableAutomaticOSUpgrade"):
            store.plan(body["id"], "osUpgrade", IMAGE_ROLLOUT_SECONDS)


@agenda.deed("osUpgrade")
def upgrade(store: Store, owner: str, data: Json) -> None:
    """Begins the upgrade of a set that still wants it; while another upgrade goes on it waits."""
    scale_set = load(store, owner)
    if scale_set is None or not dig(scale_set.properties, "upgradePolicy.automaticOSUpgradePolicy.enableAutomaticOSUpgrade"):
        return
    if record.running(store, owner):
        store.plan(owner, "osUpgrade", UPGRADE_TICK_SECONDS)
        return
    own = dig(scale_set.properties, "upgradePolicy.automaticOSUpgradePolicy.useRollingUpgradePolicy")
    start(scale_set, batches.policy_of(scale_set.properties) if own else {}, "Platform")


def start(scale_set: ScaleSet, policy: Json, started_by: str) -> bool:
    """Begins a rolling upgrade of the instances whose OS disk is of an older version than the model's image has now; False when there are none."""
    newest = scale_set.exact_image
    old = [
        each
        for each in scaling.members(scale_set)
        if each["imageReference"] != newest and not each["protection"].get("protectFromScaleSetActions")
    ]
    if old:
        record.start(scale_set, "os", old, policy, newest, started_by)
    return bool(old)
