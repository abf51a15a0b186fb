"""Rules of automatic OS image upgrade."""

import re
from collections.abc import Iterator
from typing import Any

from azure_scaleset.images.reference import ImageKind
from azure_scaleset.rules.facts import (
    AUTOMATIC_OS_UPGRADE,
    IMAGE,
    WINDOWS,
    flexible,
    health_signal,
    image_kind,
    is_true,
    present,
    windows,
)
from azure_scaleset.rules.rule import Found, Subject
from azure_scaleset.rules.value import absent, get, same, text

_rules = Subject("Automatic OS image upgrade")

_MODE = "upgradePolicy.mode"
_HEALTH_MEND = "Add the application health extension, or networkProfile.healthProbe."
_IDS = ("id", "sharedGalleryImageId", "communityGalleryImageId")
_VERSIONED = re.compile(r"/versions/\d+\.\d+\.\d+/?\Z", re.IGNORECASE)
_UPGRADED_PUBLISHERS = (
    "canonical",
    "microsoftwindowsserver",
    "microsoftcblmariner",
    "microsoft-aks",
    "microsoftwindowsserverhpcpack",
    "openlogic",
)
_NOT_UPGRADED_SKU = re.compile(r"\A2025-|\Aserver(?:-gen1)?\Z|\Aminimal", re.IGNORECASE)


@_rules.error(
    "U11", "Automatic OS image upgrade takes the latest version of an image.", source="hashicorp/terraform-provider-azurerm#11398"
)
def os_upgrade_version(inputs: Any) -> Iterator[Found]:
    """A fixed version has nothing to upgrade to."""
    if not is_true(inputs, AUTOMATIC_OS_UPGRADE):
        return
    version = text(get(inputs, f"{IMAGE}.version"))
    if version is not None and image_kind(inputs) is ImageKind.PLATFORM and not same(version, "latest"):
        yield Found(f"{IMAGE}.version", f"version is {version!r}, and enableAutomaticOSUpgrade is true. Expected latest.", "Take latest.")
    for name in _IDS:
        id = text(get(inputs, f"{IMAGE}.{name}"))
        if id is not None and _VERSIONED.search(id):
            yield Found(
                f"{IMAGE}.{name}",
                f"{name} ends with {id.rpartition('/versions')[1]}{id.rpartition('/versions')[2]}, and enableAutomaticOSUpgrade is true. Expected an id without version.",
                "Leave the version out.",
            )


@_rules.error(
    "U14",
    "Automatic OS image upgrade isn't for managed images.",
    source="acd:virtual-machine-scale-sets/virtual-machine-scale-sets-automatic-upgrade.md",
)
def os_upgrade_managed(inputs: Any) -> Iterator[Found]:
    """A managed image has no versions."""
    if is_true(inputs, AUTOMATIC_OS_UPGRADE) and image_kind(inputs) is ImageKind.MANAGED:
        yield Found(
            f"{IMAGE}.id",
            "The image is a managed image, and enableAutomaticOSUpgrade is true. Expected a platform or gallery image.",
            "Take a gallery image.",
        )


@_rules.warning(
    "U14",
    "Automatic OS image upgrade takes one of the platform images that Azure lists.",
    source="MicrosoftDocs/azure-docs#39477; acd automatic-upgrade (the list lags)",
)
def os_upgrade_listed(inputs: Any) -> Iterator[Found]:
    """By publisher, and by SKUs that the list read doesn't have."""
    publisher, sku = text(get(inputs, f"{IMAGE}.publisher")), text(get(inputs, f"{IMAGE}.sku"))
    if not is_true(inputs, AUTOMATIC_OS_UPGRADE) or flexible(inputs) is not False or publisher is None or sku is None:
        return
    if publisher.casefold() not in _UPGRADED_PUBLISHERS or _NOT_UPGRADED_SKU.search(sku):
        yield Found(
            IMAGE,
            f"imageReference is {publisher}, {sku}, and enableAutomaticOSUpgrade is true. Expected an image of Azure's list, which didn't have this one.",
            "Ask with `az vm image show` for automaticOSUpgradeSupported.",
        )


@_rules.error("U12", "Automatic OS image upgrade needs a health signal.", source="issue threads; acd automatic-upgrade")
def os_upgrade_health(inputs: Any) -> Iterator[Found]:
    """Azure goes on only while instances are healthy."""
    if is_true(inputs, AUTOMATIC_OS_UPGRADE) and health_signal(inputs) is False:
        yield Found(AUTOMATIC_OS_UPGRADE, "enableAutomaticOSUpgrade is true, and there is no health signal. Expected one.", _HEALTH_MEND)


@_rules.error("U13", "Automatic OS image upgrade of Windows goes with automatic updates turned off.", source="Azure/aks-engine#1795")
def os_upgrade_windows_updates(inputs: Any) -> Iterator[Found]:
    """Their default is on."""
    path = f"{WINDOWS}.enableAutomaticUpdates"
    if is_true(inputs, AUTOMATIC_OS_UPGRADE) and is_true(inputs, path):
        yield Found(
            path,
            "enableAutomaticUpdates is true, and enableAutomaticOSUpgrade is true. Expected false.",
            "Set enableAutomaticUpdates to false.",
        )


@_rules.warning("U13", "Automatic OS image upgrade of Windows states that automatic updates are off.", source="Azure/aks-engine#1795")
def os_upgrade_windows_updates_default(inputs: Any) -> Iterator[Found]:
    """Left out they count as on; whether the service refuses it then was not seen."""
    path = f"{WINDOWS}.enableAutomaticUpdates"
    if is_true(inputs, AUTOMATIC_OS_UPGRADE) and windows(inputs) is True and present(inputs, WINDOWS) is not None and absent(inputs, path):
        yield Found(
            path,
            "enableAutomaticUpdates is absent, which means true, and enableAutomaticOSUpgrade is true. Expected false.",
            "Set enableAutomaticUpdates to false.",
        )


@_rules.warning("U15", "Automatic OS image upgrade goes with mode Automatic or Rolling.", source="TF against acd automatic-upgrade")
def os_upgrade_mode(inputs: Any) -> Iterator[Found]:
    """Terraform refuses it; Azure's documentation doesn't."""
    if is_true(inputs, AUTOMATIC_OS_UPGRADE) and same(get(inputs, _MODE), "Manual"):
        yield Found(_MODE, "mode is Manual, and enableAutomaticOSUpgrade is true. Expected Rolling or Automatic.", "Take mode Rolling.")


@_rules.warning("U17", "Automatic OS image upgrade is for Uniform sets.", source="acd orchestration-modes against acd automatic-upgrade")
def os_upgrade_flexible(inputs: Any) -> Iterator[Found]:
    """Azure's own pages disagree about Flexible ones."""
    if is_true(inputs, AUTOMATIC_OS_UPGRADE) and flexible(inputs):
        yield Found(
            AUTOMATIC_OS_UPGRADE,
            "enableAutomaticOSUpgrade is true in a Flexible set. Expected it in Uniform sets.",
            "Take a Uniform set, or patchMode AutomaticByPlatform.",
        )
