"""Rules of repairs, notices, scale-in, plan, licence and resilience."""

from collections.abc import Iterator
from typing import Any

from azure_scaleset.rules.duration import MINUTE, outside, seconds
from azure_scaleset.rules.facts import (
    HEALTH_LINUX,
    HEALTH_WINDOWS,
    IMAGE,
    OS_PROFILE,
    PROFILE,
    has_extension,
    health_signal,
    is_false,
    is_true,
    windows,
    zone_count,
)
from azure_scaleset.rules.rule import Found, Subject
from azure_scaleset.rules.value import get, items, one_of, text

_rules = Subject("Policies")

_EVENTS = f"{PROFILE}.scheduledEventsProfile"
_REPAIRS = "automaticRepairsPolicy"
_REBALANCING = "resiliencyPolicy.automaticZoneRebalancingPolicy.enabled"


@_rules.error("R1", "The termination notice is 5 to 15 minutes ahead.", source="SDK34; acd; TF")
def termination_notice(inputs: Any) -> Iterator[Found]:
    """Azure's default is PT5M."""
    path = f"{_EVENTS}.terminateNotificationProfile.notBeforeTimeout"
    value = get(inputs, path)
    if outside(value, 5 * MINUTE, 15 * MINUTE):
        yield Found(path, f"notBeforeTimeout is {value!r}. Expected PT5M to PT15M.", "Take a duration in these limits.")


@_rules.error("R2", "The notice of a new OS image is 15 minutes ahead.", source="SDK34")
def os_image_notice(inputs: Any) -> Iterator[Found]:
    """Azure takes this one value."""
    path = f"{_EVENTS}.osImageNotificationProfile.notBeforeTimeout"
    value = get(inputs, path)
    if text(value) is not None and seconds(value) != 15 * MINUTE:
        yield Found(path, f"notBeforeTimeout is {value!r}. Expected PT15M.", "Set it to PT15M.")


@_rules.error("R3", "Automatic repair needs a health signal.", source="hashicorp/terraform-provider-azurerm#5860; SDK34")
def repair_health(inputs: Any) -> Iterator[Found]:
    """Azure repairs what reports that it is unhealthy."""
    if is_true(inputs, f"{_REPAIRS}.enabled") and health_signal(inputs) is False:
        yield Found(
            f"{_REPAIRS}.enabled",
            "enabled is true, and there is no health signal. Expected one.",
            "Add the application health extension, or networkProfile.healthProbe.",
        )


@_rules.error("R3", "The grace period of automatic repair is 10 to 90 minutes.", source="SDK34")
def repair_grace_period(inputs: Any) -> Iterator[Found]:
    """Azure's default is PT10M."""
    path = f"{_REPAIRS}.gracePeriod"
    value = get(inputs, path)
    if outside(value, 10 * MINUTE, 90 * MINUTE):
        yield Found(path, f"gracePeriod is {value!r}. Expected PT10M to PT90M.", "Take a duration in these limits.")


@_rules.error("R3", "The action of automatic repair is Replace, Restart or Reimage.", source="SDK34")
def repair_action(inputs: Any) -> Iterator[Found]:
    """Azure's default is Replace."""
    path = f"{_REPAIRS}.repairAction"
    value = text(get(inputs, path))
    if value is not None and not one_of(value, ("Replace", "Restart", "Reimage")):
        yield Found(path, f"repairAction is {value!r}. Expected Replace, Restart or Reimage.", "Take Replace.")


@_rules.error("R5", "Scale-in has one rule: Default, OldestVM or NewestVM.", source="SDK34")
def scale_in(inputs: Any) -> Iterator[Found]:
    """It decides which instances go first."""
    given = list(items(inputs, "scaleInPolicy.rules"))
    for path, rule in given:
        if text(rule) is not None and not one_of(rule, ("Default", "OldestVM", "NewestVM")):
            yield Found(path, f"{path.rpartition('.')[2]} is {rule!r}. Expected Default, OldestVM or NewestVM.", "Take one of the three.")
    if len(given) > 1:
        yield Found("scaleInPolicy.rules", f"rules has {len(given)} rules. Expected one.", "Keep one.")


@_rules.error("R6", "Restricted properties aren't set to false.", source="SDK39")
def restricted_false(inputs: Any) -> Iterator[Found]:
    """They are left out, or true where Azure has opened them to the subscription."""
    for path in ("constrainedMaximumCapacity", f"{OS_PROFILE}.requireGuestProvisionSignal"):
        if is_false(inputs, path):
            yield Found(path, f"{path.rpartition('.')[2]} is false. Expected it left out.", "Remove it.")


@_rules.error("R8", "The plan's name is the image's SKU, its product the image's offer.", source="Azure/terraform-azurerm-compute#218")
def plan_swapped(inputs: Any) -> Iterator[Found]:
    """Swapped they name an offer that doesn't exist."""
    offer, sku = (text(get(inputs, f"{IMAGE}.{name}")) for name in ("offer", "sku"))
    name, product = (text(get(inputs, f"plan.{key}")) for key in ("name", "product"))
    if offer is not None and sku is not None and offer != sku and (name, product) == (offer, sku):
        yield Found(
            "plan",
            f"plan.name is {name!r} and plan.product {product!r}. Expected them the other way round: the SKU is the name, the offer the product.",
            "Swap name and product.",
        )


@_rules.warning("R9", "The licence type is that of the instances' system.", source="SDK34")
def licence(inputs: Any) -> Iterator[Found]:
    """Only the known types are judged."""
    path = f"{PROFILE}.licenseType"
    value, system = text(get(inputs, path)), windows(inputs)
    if value is None or system is None:
        return
    if (one_of(value, ("Windows_Server", "Windows_Client")) and not system) or (
        value.casefold().startswith(("rhel_", "sles_", "ubuntu_")) and system
    ):
        yield Found(
            path,
            f"licenseType is {value!r}, and the instances run {'Windows' if system else 'Linux'}. Expected a licence of that system.",
            "Remove it, or correct it.",
        )


@_rules.warning("R12", "Rebalancing across zones needs two zones and the application health extension.", source="SDK34; acd")
def zone_rebalancing(inputs: Any) -> Iterator[Found]:
    """A preview of Azure."""
    zones = zone_count(inputs)
    if not is_true(inputs, _REBALANCING):
        return
    if zones is not None and zones < 2:
        yield Found(
            _REBALANCING, f"automaticZoneRebalancingPolicy is enabled with {zones} zones. Expected at least 2.", "Add zones, or remove it."
        )
    if has_extension(inputs, HEALTH_LINUX, HEALTH_WINDOWS) is False:
        yield Found(
            _REBALANCING,
            "automaticZoneRebalancingPolicy is enabled without the application health extension. Expected it.",
            "Add the extension.",
        )
