"""Rules of spot machines."""

import re
from collections.abc import Iterator
from typing import Any

from azure_scaleset.rules.duration import seconds
from azure_scaleset.rules.facts import OS_DISK, PROFILE, flexible, is_true, present, size, spot
from azure_scaleset.rules.rule import Found, Subject, shown
from azure_scaleset.rules.value import UNKNOWN, absent, get, integer, number, one_of, same, text

_rules = Subject("Spot machines")

_EVICTION = f"{PROFILE}.evictionPolicy"
_PRICE = f"{PROFILE}.billingProfile.maxPrice"
_RESTORE = "spotRestorePolicy"
_MIX = "priorityMixPolicy"
_TERMINATION = f"{PROFILE}.scheduledEventsProfile.terminateNotificationProfile.enable"
_NO_SPOT = re.compile(r"Standard_B\d|.*_Promo\Z", re.IGNORECASE)


@_rules.error("P1", "Eviction policy, highest price and restoring are for spot machines.", source="TF; SDK34")
def spot_only(inputs: Any) -> Iterator[Found]:
    """Azure refuses them on regular machines."""
    if spot(inputs) is not False:
        return
    for path, given in (
        (_EVICTION, text(get(inputs, _EVICTION)) is not None),
        (_PRICE, number(get(inputs, _PRICE)) is not None),
        (_RESTORE, is_true(inputs, f"{_RESTORE}.enabled")),
    ):
        if given:
            yield Found(
                path,
                f"{path.rpartition('.')[2]} is given, and priority is {shown(get(inputs, f'{PROFILE}.priority'))}. Expected priority Spot with it.",
                "Remove it, or set priority to Spot.",
            )


@_rules.error("P2", "The highest price is -1 or more than 0.", source="SDK34; TF; Azure/azure-cli#13974")
def spot_price(inputs: Any) -> Iterator[Found]:
    """-1 means the price of regular machines."""
    price = number(get(inputs, _PRICE))
    if price is not None and price != -1 and price <= 0:
        yield Found(
            _PRICE, f"maxPrice is {shown(price)}. Expected -1, or US dollars an hour above 0.", "Take -1 to pay at most the regular price."
        )


@_rules.warning("P2", "The highest price has up to 5 decimals.", source="SDK34")
def spot_price_decimals(inputs: Any) -> Iterator[Found]:
    """The API's description names no more."""
    price = number(get(inputs, _PRICE))
    if price is not None and price > 0 and round(price, 5) != price:
        yield Found(_PRICE, f"maxPrice is {shown(price)}. Expected up to 5 decimals.", f"Take {round(price, 5)}.")


@_rules.error("P3", "The eviction policy is Deallocate or Delete.", source="SDK34; TF")
def spot_eviction(inputs: Any) -> Iterator[Found]:
    """Azure's default is Deallocate."""
    policy = text(get(inputs, _EVICTION))
    if policy is not None and not one_of(policy, ("Deallocate", "Delete")):
        yield Found(_EVICTION, f"evictionPolicy is {policy!r}. Expected Deallocate or Delete.", "Take Delete.")


@_rules.warning("P3", "Spot machines state their eviction policy.", source="SDK34; TF")
def spot_eviction_given(inputs: Any) -> Iterator[Found]:
    """Deallocated machines keep their disks, which cost, and count against the capacity."""
    if spot(inputs) and _ephemeral(inputs) is False and absent(inputs, _EVICTION):
        yield Found(
            _EVICTION,
            "evictionPolicy is absent, which means Deallocate. Expected it stated for spot machines.",
            "Set it to Delete or Deallocate.",
        )


@_rules.error(
    "P4",
    "Spot machines with an ephemeral disk are deleted when evicted.",
    source="acd ephemeral; kubernetes-sigs/cluster-api-provider-azure#2579",
)
def spot_ephemeral(inputs: Any) -> Iterator[Found]:
    """An ephemeral disk can't be deallocated."""
    policy = get(inputs, _EVICTION)
    if spot(inputs) and _ephemeral(inputs) and (policy is None or same(policy, "Deallocate")):
        yield Found(
            _EVICTION, f"evictionPolicy is {shown(policy)}, and the OS disk is ephemeral. Expected Delete.", "Set evictionPolicy to Delete."
        )


def _ephemeral(inputs: Any) -> bool | None:
    option = get(inputs, f"{OS_DISK}.diffDiskSettings.option")
    return None if option is UNKNOWN else same(option, "Local")


@_rules.error("P5", "Spot machines aren't of series B or promotional sizes.", source="acd spot")
def spot_size(inputs: Any) -> Iterator[Found]:
    """Azure doesn't sell these as spot."""
    name = size(inputs)
    if spot(inputs) and name is not None and _NO_SPOT.match(name):
        yield Found(
            "sku.name",
            f"sku.name is {name!r}, and priority is Spot. Expected a size that is sold as spot: series B and promotions aren't.",
            "Take a size of series D.",
        )


@_rules.error("P6", "Spot machines have no termination notice.", source="acd terminate-notification")
def spot_termination(inputs: Any) -> Iterator[Found]:
    """They have the event Preempt, 30 seconds ahead."""
    if spot(inputs) and is_true(inputs, _TERMINATION):
        yield Found(
            _TERMINATION,
            "terminateNotificationProfile is enabled, and priority is Spot. Expected it on regular machines only.",
            "Remove it; listen for the scheduled event Preempt.",
        )


@_rules.error("P7", "The time for restoring spot machines is a duration.", source="acd spot try-restore")
def spot_restore(inputs: Any) -> Iterator[Found]:
    """As PT1H."""
    value = text(get(inputs, f"{_RESTORE}.restoreTimeout"))
    if value is not None and seconds(value) is None:
        yield Found(
            f"{_RESTORE}.restoreTimeout", f"restoreTimeout is {value!r}. Expected an ISO 8601 duration, as PT1H.", "Write it as PT1H."
        )


@_rules.error("P8", "A mix of priorities is of a Flexible spot set in several placement groups.", source="SDK34; acd spot-priority-mix")
def priority_mix(inputs: Any) -> Iterator[Found]:
    """Its count is 0 or more, its percentage 0 to 100."""
    if not present(inputs, _MIX):
        return
    if flexible(inputs) is False:
        yield Found(
            _MIX,
            "priorityMixPolicy is given in a Uniform set. Expected it in Flexible sets only.",
            "Remove it, or set orchestrationMode to Flexible.",
        )
    elif spot(inputs) is False and get(inputs, PROFILE) is not UNKNOWN:
        yield Found(
            _MIX,
            f"priorityMixPolicy is given, and priority is {shown(get(inputs, f'{PROFILE}.priority'))}. Expected Spot.",
            "Set priority to Spot.",
        )
    base, above = (integer(get(inputs, f"{_MIX}.{name}")) for name in ("baseRegularPriorityCount", "regularPriorityPercentageAboveBase"))
    if base is not None and base < 0:
        yield Found(f"{_MIX}.baseRegularPriorityCount", f"baseRegularPriorityCount is {base}. Expected 0 or more.", "Correct it.")
    if above is not None and not 0 <= above <= 100:
        yield Found(
            f"{_MIX}.regularPriorityPercentageAboveBase",
            f"regularPriorityPercentageAboveBase is {above}. Expected 0 to 100.",
            "Correct it.",
        )
