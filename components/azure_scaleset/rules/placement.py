"""Rules of capacity, placement groups and zones."""

import re
from collections.abc import Iterator
from typing import Any

from azure_scaleset.images.reference import ImageKind
from azure_scaleset.rules.facts import capacity, flexible, image_kind, is_false, is_true, size, zone_count
from azure_scaleset.rules.rule import Found, Subject, shown
from azure_scaleset.rules.value import absent, get, integer, items, number, same, text

_rules = Subject("Placement and capacity")

_GROUP = "singlePlacementGroup"
_ACD = "acd placement-groups"
_RESERVATION = "virtualMachineProfile.capacityReservation.capacityReservationGroup.id"
_PROXIMITY = "proximityPlacementGroup.id"
_RETIRED = re.compile(r"Basic_A\d|Standard_A[0-7]", re.IGNORECASE)


@_rules.error("S1", "One placement group has at most 100 instances.", source=f"ansible/ansible#58220; {_ACD}")
def one_group_capacity(inputs: Any) -> Iterator[Found]:
    """Azure refuses the hundred-and-first."""
    instances = capacity(inputs)
    if is_true(inputs, _GROUP) and flexible(inputs) is False and instances is not None and instances > 100:
        yield Found(
            "sku.capacity",
            f"capacity is {instances}, and singlePlacementGroup is true. Expected at most 100.",
            "Set singlePlacementGroup to false.",
        )


@_rules.error("S2", "Several placement groups have at most 1000 instances, 600 of a managed image.", source=f"{_ACD}; acd design-overview")
def many_groups_capacity(inputs: Any) -> Iterator[Found]:
    """A gallery image allows 1000."""
    instances = capacity(inputs)
    if instances is None or flexible(inputs) is not False or is_true(inputs, _GROUP):
        return
    if instances > 1000:
        yield Found("sku.capacity", f"capacity is {instances}. Expected at most 1000.", "Take several scale sets.")
    elif instances > 600 and image_kind(inputs) is ImageKind.MANAGED and is_false(inputs, _GROUP):
        yield Found("sku.capacity", f"capacity is {instances} of a managed image. Expected at most 600.", "Take a gallery image.")


@_rules.warning("S4", "One fault domain goes with several placement groups.", source="Azure/azure-cli#5920 against tests of TF and Ansible")
def spreading_groups(inputs: Any) -> Iterator[Found]:
    """It means spreading as wide as possible. An answer of the service refused the pair; tests of two tools deploy with it."""
    if flexible(inputs) is False and integer(get(inputs, "platformFaultDomainCount")) == 1 and is_true(inputs, _GROUP):
        yield Found(
            _GROUP, "singlePlacementGroup is true, and platformFaultDomainCount is 1. Expected false.", "Set singlePlacementGroup to false."
        )


@_rules.warning("S5", "More than 100 instances of a regional set state that they are in several placement groups.", source=_ACD)
def groups_stated(inputs: Any) -> Iterator[Found]:
    """The default of a regional Uniform set is one group."""
    instances = capacity(inputs)
    if (
        flexible(inputs) is False
        and absent(inputs, _GROUP)
        and zone_count(inputs) == 0
        and instances is not None
        and 100 < instances <= 1000
    ):
        yield Found(
            _GROUP,
            f"singlePlacementGroup is absent, which means true, and capacity is {instances}. Expected false: one group has at most 100.",
            "Set singlePlacementGroup to false.",
        )


@_rules.error("S6", "Zones are balanced where there are several.", source="Azure/azure-powershell#6012")
def zone_balance(inputs: Any) -> Iterator[Found]:
    """With one zone there is nothing to balance."""
    zones = zone_count(inputs)
    if is_true(inputs, "zoneBalance") and zones is not None and zones < 2:
        yield Found("zoneBalance", f"zoneBalance is true with {zones} zones. Expected at least 2 zones.", "Remove it, or add zones.")


@_rules.error("S7", "A zone is 1, 2 or 3, and named once.", source="issue threads")
def zone_names(inputs: Any) -> Iterator[Found]:
    """Whether the region and the size have the zone only Azure knows."""
    seen: set[str] = set()
    for path, zone in items(inputs, "zones"):
        name = text(zone)
        if name is not None and (name not in ("1", "2", "3") or name in seen):
            yield Found(
                path,
                f"{path} is {name!r}{' again' if name in seen else ''}. Expected each of '1', '2' and '3' once at most.",
                "Correct zones.",
            )
        seen.add(name or "")


@_rules.error("S8", "A proximity placement group goes with at most one zone, and without capacity reservation.", source="acd ppg; TF")
def proximity(inputs: Any) -> Iterator[Found]:
    """Close together and far apart exclude each other."""
    if text(get(inputs, _PROXIMITY)) is None:
        return
    zones = zone_count(inputs)
    if zones is not None and zones > 1:
        yield Found(
            _PROXIMITY,
            f"proximityPlacementGroup is given with {zones} zones. Expected at most one zone.",
            "Take one zone, or remove the group.",
        )
    if text(get(inputs, _RESERVATION)) is not None:
        yield Found(
            _RESERVATION,
            "capacityReservationGroup and proximityPlacementGroup are given. Expected one of the two.",
            "Remove one of the two.",
        )


@_rules.error("S9", "Reserved capacity of a Uniform set goes with several placement groups.", source="acd capacity-reservation-associate")
def reservation_groups(inputs: Any) -> Iterator[Found]:
    """singlePlacementGroup must be false."""
    if text(get(inputs, _RESERVATION)) is not None and flexible(inputs) is False and is_true(inputs, _GROUP):
        yield Found(
            _GROUP,
            "singlePlacementGroup is true, and capacityReservationGroup is given. Expected false.",
            "Set singlePlacementGroup to false.",
        )


@_rules.error("S12", "The capacity is a whole number, 0 or more.", source="SDK34")
def capacity_range(inputs: Any) -> Iterator[Found]:
    """0 is allowed."""
    value = number(get(inputs, "sku.capacity"))
    if value is not None and (value < 0 or integer(value) is None):
        yield Found("sku.capacity", f"capacity is {shown(value)}. Expected a whole number, 0 or more.", "Correct capacity.")


@_rules.warning("Q7", "The size isn't one that Azure has retired.", source="list of retired sizes")
def size_retired(inputs: Any) -> Iterator[Found]:
    """Tier Basic and the first A series, A0 to A7, are gone since August 2024. Where Azure is asked, its list of sizes decides."""
    name = size(inputs)
    if name is not None and _RETIRED.fullmatch(name):
        yield Found(
            "sku.name", f"sku.name is {name!r}, which Azure has retired. Expected a size of today.", "Take a size as Standard_D2s_v5."
        )


@_rules.warning("S12", "The tier of the size is Standard.", source="SDK34")
def size_tier(inputs: Any) -> Iterator[Found]:
    """Sizes of tier Basic are retired."""
    tier = text(get(inputs, "sku.tier"))
    if tier is not None and not same(tier, "Standard"):
        yield Found("sku.tier", f"tier is {tier!r}. Expected Standard, or none.", "Remove it.")
