"""Policies: upgrades, repairs, notifications, and the health signal that they need."""

from __future__ import annotations

from offline.arm.compute.model import ScaleSet
from offline.arm.compute.refusals.missing import Check, invalid, missing
from offline.arm.compute.tree import dig, seconds
from offline.arm.errors import bad_request

_PERCENTS = (("maxBatchInstancePercent", 5), ("maxUnhealthyInstancePercent", 5), ("maxUnhealthyUpgradedInstancePercent", 0))


def _refuse_without_one_health_signal(scale_set: ScaleSet, sentence: str, word: str = "provided") -> None:
    """U2, U12, R3, H4: a health extension or a probe, and not both."""
    extension = any("applicationhealth" in str(dig(each, "properties.type")).lower() for each in scale_set.extensions)
    probe = dig(scale_set.profile, "networkProfile.healthProbe.id") is not None
    if extension and probe:
        raise bad_request(
            "BadRequest", f"{sentence} because both a health probe and a health extension were provided. Only one of them can be used."
        )
    if not extension and not probe:
        raise bad_request("BadRequest", f"{sentence} because a health probe or health extension was not {word}.")


def mode(scale_set: ScaleSet) -> None:
    """U1, U2: a Uniform set has a mode; Rolling needs a health signal."""
    if not scale_set.flexible and dig(scale_set.properties, "upgradePolicy.mode") is None:
        raise missing("upgradePolicy" if not scale_set.properties.get("upgradePolicy") else "upgradePolicy.mode")
    if scale_set.mode == "Rolling":
        _refuse_without_one_health_signal(scale_set, "Rolling Upgrade mode is not supported for this Virtual Machine Scale Set")


def rolling_policy(scale_set: ScaleSet) -> None:
    """U4, U5, U6, U7."""
    policy = dig(scale_set.properties, "upgradePolicy.rollingUpgradePolicy") or {}
    for name, low in _PERCENTS:
        value = policy.get(name)
        if value is not None and not low <= value <= 100:
            raise invalid(f"rollingUpgradePolicy.{name}")
    pause = policy.get("pauseTimeBetweenBatches")
    if pause is not None and seconds(pause) is None:
        raise invalid("rollingUpgradePolicy.pauseTimeBetweenBatches")
    if policy.get("maxSurge") and scale_set.properties.get("overprovision"):
        raise invalid("rollingUpgradePolicy.maxSurge")
    if policy.get("enableCrossZoneUpgrade") and not scale_set.zones:
        raise invalid("rollingUpgradePolicy.enableCrossZoneUpgrade")


def automatic_os_upgrade(scale_set: ScaleSet) -> None:
    """U11, U12, U13."""
    if not dig(scale_set.properties, "upgradePolicy.automaticOSUpgradePolicy.enableAutomaticOSUpgrade"):
        return
    reference = scale_set.image_reference
    if reference.get("version", "latest").lower() != "latest" or "/versions/" in str(reference.get("id", "")).lower():
        raise bad_request(
            "BadRequest",
            "virtualMachineScaleSets with Automatic OS Upgrade enabled must use Platform or Gallery Image with version set to 'latest'.",
            "imageReference.version",
        )
    _refuse_without_one_health_signal(scale_set, "Automatic OS Upgrade is not supported for this Virtual Machine Scale Set", "specified")
    if scale_set.image.os == "Windows" and dig(scale_set.profile, "osProfile.windowsConfiguration.enableAutomaticUpdates") is not False:
        raise bad_request(
            "InvalidParameter",
            "windowsConfiguration.enableAutomaticUpdates cannot be set to true if upgradePolicy.automaticOSUpgradePolicy.enableAutomaticOSUpgrade "
            "is already true, starting from APIversion 2019-03-01",
            "windowsConfiguration.enableAutomaticUpdates",
        )


def repairs(scale_set: ScaleSet) -> None:
    """R3."""
    policy = scale_set.properties.get("automaticRepairsPolicy") or {}
    if not policy.get("enabled"):
        return
    _refuse_without_one_health_signal(scale_set, "Automatic repairs not supported for this Virtual Machine Scale Set")
    if policy.get("gracePeriod") and not 10 * 60 <= (seconds(policy["gracePeriod"]) or 0) <= 90 * 60:
        raise invalid("automaticRepairsPolicy.gracePeriod")


def notifications(scale_set: ScaleSet) -> None:
    """R1, R2, P6."""
    if dig(scale_set.profile, "scheduledEventsProfile.terminateNotificationProfile.enable") and scale_set.profile.get("priority") == "Spot":
        raise invalid("terminateNotificationProfile.enable")
    notice = dig(scale_set.profile, "scheduledEventsProfile.terminateNotificationProfile.notBeforeTimeout")
    if notice is not None and not 5 * 60 <= (seconds(notice) or 0) <= 15 * 60:
        raise invalid("terminateNotificationProfile.notBeforeTimeout")
    image = dig(scale_set.profile, "scheduledEventsProfile.osImageNotificationProfile.notBeforeTimeout")
    if image is not None and seconds(image) != 15 * 60:
        raise invalid("osImageNotificationProfile.notBeforeTimeout")


CHECKS: list[Check] = [mode, rolling_policy, automatic_os_upgrade, repairs, notifications]
