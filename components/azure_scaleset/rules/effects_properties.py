"""What is to be known of single properties to compare two values of them: identity of list items, defaults, letter case, secrecy."""

from collections.abc import Callable, Mapping
from typing import Any

from azure_scaleset.rules.facts import DATA_DISKS, EXTENSIONS, INTERFACES, LINUX, OS_DISK, OS_PROFILE, PROFILE, WINDOWS, flexible, spot
from azure_scaleset.rules.value import UNKNOWN, get

_DATA_DISK = f"{DATA_DISKS}[]"
_IP = f"{INTERFACES}[].ipConfigurations"
_EXTENSION = f"{EXTENSIONS}[]"
_ROLLING = "upgradePolicy.rollingUpgradePolicy"
_AUTOMATIC_OS = "upgradePolicy.automaticOSUpgradePolicy"
_REPAIRS = "automaticRepairsPolicy"

ITEM_KEYS: Mapping[str, str] = {
    EXTENSIONS: "name",
    INTERFACES: "name",
    _IP: "name",
    f"{_IP}[].loadBalancerBackendAddressPools": "id",
    f"{_IP}[].loadBalancerInboundNatPools": "id",
    f"{_IP}[].applicationGatewayBackendAddressPools": "id",
    f"{_IP}[].applicationSecurityGroups": "id",
    f"{_IP}[].publicIPAddressConfiguration.ipTags": "ipTagType",
    DATA_DISKS: "lun",
    f"{PROFILE}.applicationProfile.galleryApplications": "packageReferenceId",
    f"{LINUX}.ssh.publicKeys": "keyData",
    f"{WINDOWS}.winRM.listeners": "protocol",
    f"{WINDOWS}.additionalUnattendContent": "settingName",
    "skuProfile.vmSizes": "name",
}
"""List -> property that tells its items apart: the order of such a list means nothing."""

SETS = frozenset(
    {
        "zones",
        "identity.userAssignedIdentities",
        "scaleInPolicy.rules",
        f"{_EXTENSION}.provisionAfterExtensions",
        f"{PROFILE}.securityPostureReference.excludeExtensions",
        f"{OS_DISK}.vhdContainers",
    }
)
"""Lists of texts the order of which means nothing."""

SENSITIVE = frozenset(
    {
        f"{OS_PROFILE}.adminPassword",
        f"{OS_PROFILE}.customData",
        f"{LINUX}.ssh",
        f"{WINDOWS}.additionalUnattendContent",
        f"{PROFILE}.userData",
        f"{_EXTENSION}.settings",
        f"{_EXTENSION}.protectedSettings",
    }
)
"""Values that are never shown. `settings` is among them: a secret in them is a mistake (CL13), and common."""

SENSITIVE_NAMES = frozenset({"adminPassword", "customData", "userData", "protectedSettings", "settings", "keyData", "content", "password"})
"""Names of properties that are not shown wherever they stand: a misplaced password is one."""

CHOSEN_BY_AZURE = frozenset(
    {
        "location",
        "platformFaultDomainCount",
        "singlePlacementGroup",
        f"{OS_PROFILE}.computerNamePrefix",
        f"{OS_PROFILE}.adminUsername",
        f"{OS_DISK}.osType",
        f"{OS_DISK}.managedDisk.storageAccountType",
    }
)
"""Where they are left out, Azure has a value all the same. Without a known default nobody can tell from the inputs whether naming it is a change."""

EXACT = frozenset(
    {
        f"{OS_PROFILE}.adminUsername",
        f"{OS_PROFILE}.adminPassword",
        f"{OS_PROFILE}.customData",
        f"{OS_PROFILE}.computerNamePrefix",
        f"{LINUX}.ssh",
        f"{WINDOWS}.additionalUnattendContent",
        f"{PROFILE}.userData",
        f"{_EXTENSION}.settings",
        f"{_EXTENSION}.protectedSettings",
        f"{_EXTENSION}.forceUpdateTag",
        "tags",
    }
)
"""Values in which letter case counts. Elsewhere Azure takes names, ids and choices in any case."""


def _by_zones(inputs: Any, regional: Any, zonal: Any) -> Any:
    zones = get(inputs, "zones")
    return None if flexible(inputs) is not False or zones is UNKNOWN else zonal if zones else regional


def _fault_domains(inputs: Any) -> Any:
    return _by_zones(inputs, regional=5, zonal=1)


def _one_placement_group(inputs: Any) -> Any:
    return _by_zones(inputs, regional=True, zonal=False)


def _eviction(inputs: Any) -> Any:
    return "Deallocate" if spot(inputs) else None


DEFAULTS: Mapping[str, Any | Callable[[Any], Any]] = {
    "orchestrationMode": "Uniform",  # O1
    "platformFaultDomainCount": _fault_domains,  # O4
    "singlePlacementGroup": _one_placement_group,  # S5
    "overprovision": lambda inputs: True if flexible(inputs) is False else None,  # U18
    "doNotRunExtensionsOnOverprovisionedVMs": False,
    "zoneBalance": False,
    "sku.tier": "Standard",  # S12
    "identity.type": "None",
    "scaleInPolicy.rules": ["Default"],  # R5
    "scaleInPolicy.forceDeletion": False,
    "scaleInPolicy.prioritizeUnhealthyVMs": False,
    "spotRestorePolicy.enabled": False,
    f"{_REPAIRS}.enabled": False,
    f"{_REPAIRS}.gracePeriod": "PT10M",  # R3
    f"{_REPAIRS}.repairAction": "Replace",  # R3
    f"{_ROLLING}.maxBatchInstancePercent": 20,  # U4
    f"{_ROLLING}.maxUnhealthyInstancePercent": 20,
    f"{_ROLLING}.maxUnhealthyUpgradedInstancePercent": 20,
    f"{_ROLLING}.pauseTimeBetweenBatches": "PT0S",  # U5
    f"{_ROLLING}.enableCrossZoneUpgrade": False,
    f"{_ROLLING}.prioritizeUnhealthyInstances": False,
    f"{_ROLLING}.rollbackFailedInstancesOnPolicyBreach": False,
    f"{_ROLLING}.maxSurge": False,
    f"{_AUTOMATIC_OS}.enableAutomaticOSUpgrade": False,
    f"{_AUTOMATIC_OS}.disableAutomaticRollback": False,
    f"{_AUTOMATIC_OS}.useRollingUpgradePolicy": False,
    f"{_AUTOMATIC_OS}.osRollingUpgradeDeferral": False,
    f"{PROFILE}.priority": "Regular",  # I4
    f"{PROFILE}.evictionPolicy": _eviction,  # P3
    f"{PROFILE}.billingProfile.maxPrice": -1,  # P2
    f"{PROFILE}.securityProfile.securityType": "Standard",  # C3
    f"{PROFILE}.securityProfile.encryptionAtHost": False,
    f"{PROFILE}.extensionProfile.extensionsTimeBudget": "PT1H30M",  # X12
    f"{_EXTENSION}.autoUpgradeMinorVersion": False,
    f"{_EXTENSION}.enableAutomaticUpgrade": False,  # X9
    f"{_EXTENSION}.suppressFailures": False,  # X11
    f"{PROFILE}.scheduledEventsProfile.terminateNotificationProfile.enable": False,
    f"{PROFILE}.scheduledEventsProfile.terminateNotificationProfile.notBeforeTimeout": "PT5M",  # R1
    f"{OS_PROFILE}.allowExtensionOperations": True,
    f"{LINUX}.disablePasswordAuthentication": False,
    f"{LINUX}.provisionVMAgent": True,
    f"{WINDOWS}.provisionVMAgent": True,
    f"{WINDOWS}.enableAutomaticUpdates": True,  # U13
    f"{OS_DISK}.createOption": "FromImage",  # K5
    f"{OS_DISK}.writeAcceleratorEnabled": False,
    f"{_DATA_DISK}.writeAcceleratorEnabled": False,
    f"{INTERFACES}[].enableAcceleratedNetworking": False,
    f"{INTERFACES}[].enableIPForwarding": False,
    f"{INTERFACES}[].disableTcpStateTracking": False,
    f"{INTERFACES}[].enableFpga": False,
    f"{_IP}[].privateIPAddressVersion": "IPv4",
}
"""What Azure takes where a property is left out; a function is asked with the whole inputs. Saying a default aloud is no change."""


def default(pattern: str, inputs: Any) -> Any:
    """The default of the property at *pattern* in a scale set with *inputs*; None if there is none, or none is known."""
    known = DEFAULTS.get(pattern)
    return known(inputs) if callable(known) else known


def beneath(pattern: str, roots: frozenset[str]) -> bool:
    """Whether *pattern* is one of *roots*, or lies below one."""
    return any(pattern == root or pattern.startswith((f"{root}.", f"{root}[")) for root in roots)
