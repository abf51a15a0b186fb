"""Rules of the upgrade policy."""

from collections.abc import Iterator
from typing import Any

from azure_scaleset.rules.duration import seconds
from azure_scaleset.rules.facts import (
    AUTOMATIC_OS_UPGRADE,
    EXTENSIONS,
    capacity,
    flexible,
    has_extension,
    health_signal,
    is_true,
    present,
    zone_count,
)
from azure_scaleset.rules.rolling import cannot_progress
from azure_scaleset.rules.rule import Found, Subject, shown
from azure_scaleset.rules.value import absent, get, integer, known, maps, one_of, same, text

_rules = Subject("Upgrade policy")

_MODE = "upgradePolicy.mode"
_ROLLING = "upgradePolicy.rollingUpgradePolicy"
_HEALTH_MEND = "Add the application health extension, or networkProfile.healthProbe."


@_rules.error("U1", "The upgrade mode is Manual, Automatic or Rolling.", source="SDK34")
def upgrade_mode(inputs: Any) -> Iterator[Found]:
    """Azure compares it without regard to letter case."""
    mode = text(get(inputs, _MODE))
    if mode is not None and not one_of(mode, ("Manual", "Automatic", "Rolling")):
        yield Found(_MODE, f"mode is {mode!r}. Expected Manual, Automatic or Rolling.", "Take one of the three.")


@_rules.warning("U1", "A Uniform set states its upgrade mode.", source="SDK34 (the refusal's text wasn't found)")
def upgrade_mode_given(inputs: Any) -> Iterator[Found]:
    """A Flexible set may go without."""
    if flexible(inputs) is False and absent(inputs, _MODE):
        yield Found(_MODE, "mode is absent. Expected Manual, Automatic or Rolling.", "Set upgradePolicy.mode.")


@_rules.error("U2", "Rolling upgrades need a health signal.", source="Azure/azure-myriad#30; hashicorp/terraform-provider-azurerm#5430")
def rolling_health(inputs: Any) -> Iterator[Found]:
    """The balancer's probe or the application health extension."""
    if same(get(inputs, _MODE), "Rolling") and health_signal(inputs) is False:
        yield Found(_MODE, f"mode is {get(inputs, _MODE)}, and there is no health signal. Expected one.", _HEALTH_MEND)


@_rules.warning("U3", "A rolling policy is for a scale set that something rolls through.", source="TF against SDK34")
def rolling_policy_unused(inputs: Any) -> Iterator[Found]:
    """Automatic upgrades of the OS image and of extensions follow it in every mode."""
    if not same(get(inputs, _MODE), "Manual") or not present(inputs, _ROLLING) or not known(inputs, EXTENSIONS):
        return
    upgraded = any(extension.get("enableAutomaticUpgrade") not in (None, False) for _, extension in maps(inputs, EXTENSIONS))
    if not upgraded and get(inputs, AUTOMATIC_OS_UPGRADE) in (None, False):
        yield Found(
            _ROLLING,
            "rollingUpgradePolicy is given, and mode is Manual. Expected it with Rolling or Automatic: nothing follows it.",
            "Remove it, or take mode Rolling.",
        )


@_rules.error("U4", "The percentages of a rolling policy are in their limits.", source="SDK34")
def rolling_percentages(inputs: Any) -> Iterator[Found]:
    """Azure's default is 20 for each."""
    for name, low in (("maxBatchInstancePercent", 5), ("maxUnhealthyInstancePercent", 5), ("maxUnhealthyUpgradedInstancePercent", 0)):
        value = integer(get(inputs, f"{_ROLLING}.{name}"))
        if value is not None and not low <= value <= 100:
            yield Found(f"{_ROLLING}.{name}", f"{name} is {value}. Expected {low} to 100.", "Take a percentage in these limits.")


@_rules.error("U5", "The pause between batches is a duration.", source="SDK34; TF")
def rolling_pause(inputs: Any) -> Iterator[Found]:
    """No maximum is documented."""
    path = f"{_ROLLING}.pauseTimeBetweenBatches"
    value = text(get(inputs, path))
    if value is not None and seconds(value) is None:
        yield Found(path, f"pauseTimeBetweenBatches is {value!r}. Expected an ISO 8601 duration, as PT30S.", "Write it as PT30S or PT5M.")


@_rules.error("U6", "maxSurge goes without overprovisioning.", source="TF; acd max-surge")
def surge_overprovision(inputs: Any) -> Iterator[Found]:
    """Both make surplus machines."""
    if is_true(inputs, f"{_ROLLING}.maxSurge") and is_true(inputs, "overprovision") and flexible(inputs) is False:
        yield Found("overprovision", "overprovision is true, and maxSurge is true. Expected false.", "Set overprovision to false.")


@_rules.warning("U6", "maxSurge goes with overprovisioning turned off explicitly.", source="TF")
def surge_overprovision_default(inputs: Any) -> Iterator[Found]:
    """A Uniform set overprovisions when nothing is said."""
    if is_true(inputs, f"{_ROLLING}.maxSurge") and absent(inputs, "overprovision") and flexible(inputs) is False:
        yield Found(
            "overprovision",
            "overprovision is absent, which means true, and maxSurge is true. Expected false.",
            "Set overprovision to false.",
        )


@_rules.error("U7", "Upgrades across zones are for a zonal set.", source="TF")
def cross_zone(inputs: Any) -> Iterator[Found]:
    """A regional set has no zones to cross."""
    path = f"{_ROLLING}.enableCrossZoneUpgrade"
    if is_true(inputs, path) and zone_count(inputs) == 0:
        yield Found(path, "enableCrossZoneUpgrade is true, and zones is absent. Expected it with zones only.", "Remove it, or set zones.")


@_rules.warning("U8", "rollbackFailedInstancesOnPolicyBreach is for Uniform sets.", source="acd upgrade policy")
def rollback_uniform(inputs: Any) -> Iterator[Found]:
    """A Flexible set has no such rollback."""
    path = f"{_ROLLING}.rollbackFailedInstancesOnPolicyBreach"
    if is_true(inputs, path) and flexible(inputs):
        yield Found(
            path, "rollbackFailedInstancesOnPolicyBreach is true in a Flexible set. Expected it in Uniform sets only.", "Remove it."
        )


@_rules.warning("U10", "A rolling policy lets one unhealthy instance be mended.", source="acd upgrade policy")
def rolling_progress(inputs: Any) -> Iterator[Found]:
    """With few instances a small percentage allows none to be unhealthy, so that nothing rolls while one is."""
    yield from cannot_progress(inputs)


@_rules.warning("M12", "More than one instance isn't updated all at once.", source="acd upgrade policy")
def automatic_mode(inputs: Any) -> Iterator[Found]:
    """Mode Automatic takes no batches. Service Fabric's node types ask for it."""
    instances = capacity(inputs)
    fabric = has_extension(
        inputs, "microsoft.azure.servicefabric/servicefabricnode", "microsoft.azure.servicefabric/servicefabriclinuxnode"
    )
    if same(get(inputs, _MODE), "Automatic") and instances is not None and instances > 1 and fabric is False:
        yield Found(
            _MODE,
            f"mode is {shown(get(inputs, _MODE))} for {instances} instances. Expected Rolling: all are updated at once, in no order.",
            "Take mode Rolling with a health signal.",
        )
