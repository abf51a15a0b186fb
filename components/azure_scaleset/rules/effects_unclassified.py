"""Properties that no source classifies."""

from azure_scaleset.rules.effect import EffectKind as K
from azure_scaleset.rules.effects_row import Row
from azure_scaleset.rules.effects_words import MAY_RESTART, NOT_UPDATABLE
from azure_scaleset.rules.facts import LINUX, OS_DISK, OS_PROFILE, PROFILE, WINDOWS

_STORAGE = f"{PROFILE}.storageProfile"
_NETWORK = f"{PROFILE}.networkProfile"
_SECURITY = f"{PROFILE}.securityProfile"
_EVENTS = f"{PROFILE}.scheduledEventsProfile"
_UPDATABLE = "SDK39 has it in the update model"
_TERRAFORM = "TF docs say that a change makes a new set"

UNCLASSIFIED: dict[str, str] = {
    "additionalCapabilities": f"{_TERRAFORM} (ultraSSDEnabled)",
    "constrainedMaximumCapacity": "restricted (R6)",
    "resiliencyPolicy": f"{_UPDATABLE}; preview in parts (R12)",
    "scheduledEventsPolicy": "none",
    "sku.tier": "none",
    "zonalPlatformFaultDomainAlignMode": _UPDATABLE,
    "zoneBalance": f"{NOT_UPDATABLE}; {_TERRAFORM}",
    f"{PROFILE}.applicationProfile": f"{NOT_UPDATABLE}; {_TERRAFORM}",
    f"{PROFILE}.capacityReservation": f"{NOT_UPDATABLE}; {_TERRAFORM}",
    f"{PROFILE}.diagnosticsProfile": _UPDATABLE,
    f"{PROFILE}.extensionProfile.extensionsTimeBudget": _UPDATABLE,
    f"{PROFILE}.hardwareProfile": _UPDATABLE,
    f"{_NETWORK}.healthProbe": _UPDATABLE,
    f"{_NETWORK}.networkApiVersion": _UPDATABLE,
    f"{OS_PROFILE}.allowExtensionOperations": f"{NOT_UPDATABLE}; {_TERRAFORM}",
    f"{OS_PROFILE}.requireGuestProvisionSignal": "restricted (R6)",
    f"{OS_PROFILE}.secrets": _UPDATABLE,
    f"{LINUX}.enableVMAgentPlatformUpdates": _UPDATABLE,
    f"{LINUX}.patchSettings": _UPDATABLE,
    f"{LINUX}.provisionVMAgent": _TERRAFORM,
    f"{WINDOWS}.patchSettings": _UPDATABLE,
    f"{WINDOWS}.provisionVMAgent": _TERRAFORM,
    f"{_EVENTS}.osImageNotificationProfile": _UPDATABLE,
    f"{PROFILE}.securityPostureReference": _UPDATABLE,
    f"{_SECURITY}.encryptionAtHost": _UPDATABLE,
    f"{_SECURITY}.encryptionIdentity": _UPDATABLE,
    f"{_SECURITY}.proxyAgentSettings": _UPDATABLE,
    f"{_SECURITY}.uefiSettings": f"{_UPDATABLE}; {_TERRAFORM}",
    f"{PROFILE}.serviceArtifactReference": NOT_UPDATABLE,
    f"{_STORAGE}.diskControllerType": _UPDATABLE,
    f"{OS_DISK}.deleteOption": "Flexible only",
    f"{OS_DISK}.managedDisk.diskEncryptionSet": f"{_UPDATABLE}; {_TERRAFORM}",
    f"{OS_DISK}.managedDisk.securityProfile": f"{_UPDATABLE}; {_TERRAFORM}",
    f"{OS_DISK}.name": "unmanaged disks, retired (Z3)",
    f"{OS_DISK}.vhdContainers": "unmanaged disks, retired (Z3)",
}
"""Properties that no source classifies -> what little is said of them. They count as a possible restart that may be refused."""


def unclassified(path: str, source: str = "none") -> Row:
    """The cautious row of a property that no source classifies."""
    return Row(
        path, K.RESTART, MAY_RESTART, "", source, doubt="no source says what it does: Azure may restart the instances for it, or refuse it"
    )
