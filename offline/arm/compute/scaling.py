"""Scaling: how many instances a set has, which are made and which go when the capacity changes."""

from __future__ import annotations

import math
from collections import Counter

from offline.arm.compute import verbs
from offline.arm.compute.instances import Places, instances, is_leaving
from offline.arm.compute.model import ScaleSet
from offline.arm.compute.tree import dig
from offline.arm.errors import conflict
from offline.arm.http import Json

_SURPLUS = 0.2
"""U18: the share of new instances that is made in surplus."""


def members(scale_set: ScaleSet) -> list[Json]:
    """The instances that count against the capacity: not those that are being deleted, are surplus, or are to replace another (max surge)."""
    return [each for each in instances(scale_set.store, scale_set.id) if not (is_leaving(each) or each["surplus"] or each["surge"])]


def fit(scale_set: ScaleSet, operation: str) -> None:
    """Makes or deletes instances until there are as many as the capacity says."""
    lacking = scale_set.capacity - len(members(scale_set))
    for instance in leaving(scale_set, max(0, -lacking)):
        verbs.delete(scale_set, instance, operation)
    places = Places(scale_set)
    for _ in range(lacking):
        verbs.create(scale_set, places, operation)
    if scale_set.properties.get("overprovision"):
        for _ in range(math.ceil(max(0, lacking) * _SURPLUS)):
            verbs.create(scale_set, places, None, surplus=True)


def leaving(scale_set: ScaleSet, count: int) -> list[Json]:
    """The instances that a scale-in removes: always from the zone that has most; within it the newest, or the oldest by rule `OldestVM`.

    None that is protected. Azure's rule `Default` also balances fault domains before it takes the highest number; that part is left out.
    """
    present = members(scale_set)
    free = [each for each in present if not any(each["protection"].values())]
    if len(free) < count:
        raise conflict(
            "OperationNotAllowed",
            f"The scale-in of '{scale_set.name}' by {count} is not allowed: {len(present) - len(free)} of its instances are protected.",
            "sku.capacity",
        )
    oldest_first = (dig(scale_set.properties, "scaleInPolicy.rules") or ["Default"])[0] == "OldestVM"
    unhealthy_first = bool(dig(scale_set.properties, "scaleInPolicy.prioritizeUnhealthyVMs"))
    chosen: list[Json] = []
    for _ in range(count):
        in_zones = Counter(each["zone"] for each in present)
        most = max(in_zones[each["zone"]] for each in free)
        fullest = [each for each in free if in_zones[each["zone"]] == most]
        ill = [each for each in fullest if each["health"] == "unhealthy"] if unhealthy_first else []
        goes = (ill or fullest)[0 if oldest_first else -1]
        present.remove(goes)
        free.remove(goes)
        chosen.append(goes)
    return chosen
