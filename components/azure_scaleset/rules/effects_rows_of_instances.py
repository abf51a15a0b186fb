"""Rows of the table of effects: the profile that instances are made from."""

from azure_scaleset.rules.effect import EffectKind as K
from azure_scaleset.rules.effects_row import Case, Row
from azure_scaleset.rules.effects_words import MAY_RESTART, NO_RESTART, NOT_UPDATABLE, UPGRADE_POLICY
from azure_scaleset.rules.facts import DATA_DISKS, EXTENSIONS, IMAGE, INTERFACES, LINUX, OS_DISK, OS_PROFILE, PROFILE, WINDOWS

_DATA_DISK = f"{DATA_DISKS}[]"
_INTERFACE = f"{INTERFACES}[]"
_IP = f"{_INTERFACE}.ipConfigurations[]"
_EXTENSIONS = f"{EXTENSIONS}[]"
_SECURITY = f"{PROFILE}.securityProfile"
_EVENTS = f"{PROFILE}.scheduledEventsProfile"
_MODIFY = "azure-docs:virtual-machine-scale-sets/virtual-machine-scale-sets-upgrade-scale-set.md (2020)"
_REIMAGED_ONLY = "new and reimaged instances get it"
_NEW_DISK = "gets a new OS disk (what is on the old one is lost, data disks stay)"
_SOME_RESTART = "some changes of an interface restart the instance, and no source says which"

OPERATING_SYSTEM = [
    Row(f"{OS_PROFILE}.computerNamePrefix", K.REFUSED, "", "I3", NOT_UPDATABLE),
    Row(f"{OS_PROFILE}.adminUsername", K.REFUSED, "", "I3", NOT_UPDATABLE),
    Row(f"{OS_PROFILE}.adminPassword", K.NEW_INSTANCES, _REIMAGED_ONLY, "M8", UPGRADE_POLICY, on_reimage=True),
    Row(f"{OS_PROFILE}.customData", K.NEW_INSTANCES, _REIMAGED_ONLY, "D3", "acd:virtual-machines/custom-data.md", on_reimage=True),
    Row(
        f"{OS_PROFILE}.customData",
        K.REFUSED,
        "once set it can't be removed",
        "D4",
        "TF docs",
        Case.REMOVED,
        mend="send an empty document (`#cloud-config`)",
    ),
    Row(LINUX, K.NEW_INSTANCES, _REIMAGED_ONLY, "M8", _MODIFY, on_reimage=True),
    Row(f"{LINUX}.ssh", K.NEW_INSTANCES, _REIMAGED_ONLY, "M8", UPGRADE_POLICY, on_reimage=True),
    Row(WINDOWS, K.NEW_INSTANCES, _REIMAGED_ONLY, "M8", _MODIFY, on_reimage=True),
    Row(f"{WINDOWS}.enableAutomaticUpdates", K.NEW_INSTANCES, _REIMAGED_ONLY, "U13", "SDK34", on_reimage=True),
    Row(f"{PROFILE}.userData", K.IN_PLACE, NO_RESTART, "M9", "acd:virtual-machines/user-data.md"),
    Row(f"{PROFILE}.licenseType", K.IN_PLACE, NO_RESTART, "R9", "acd:virtual-machine-scale-sets/azure-hybrid-benefit-linux.md"),
]
"""What runs in the instances, and what it starts with."""

PLACEMENT = [
    Row(f"{PROFILE}.priority", K.REFUSED, "", "I4", NOT_UPDATABLE),
    Row(f"{PROFILE}.evictionPolicy", K.REFUSED, "", "I4", NOT_UPDATABLE),
    Row(
        f"{PROFILE}.billingProfile.maxPrice",
        K.REFUSED,
        "",
        "P2",
        "Azure/azure-cli#13974; azure-sdk-for-java#16762",
        doubt="it goes once all instances are deallocated",
        mend="deallocate all instances first",
    ),
    Row(f"{_SECURITY}.securityType", K.REFUSED, "", "I12", "ARM; TF"),
    Row(
        f"{_SECURITY}.securityType",
        K.REFUSED,
        "",
        "I12",
        "acd trusted-launch",
        Case.TO_TRUSTED_LAUNCH,
        doubt="newer services upgrade some Uniform sets to trusted launch",
    ),
    Row(
        f"{_EVENTS}.terminateNotificationProfile",
        K.IN_PLACE,
        NO_RESTART,
        "P6",
        "acd:virtual-machine-scale-sets/virtual-machine-scale-sets-terminate-notification.md",
    ),
]
"""Where and at what price instances run, how they are secured and how their end is announced."""

STORAGE = [
    Row(IMAGE, K.REIMAGE, _NEW_DISK, "M7", UPGRADE_POLICY),
    Row(
        IMAGE,
        K.REFUSED,
        "a platform image and one of your own can't take each other's place",
        "I6",
        "Azure/azure-powershell#11817",
        Case.IMAGE_KIND,
        mend="give the new image to the idle slot of a StagedScaleSet and switch",
    ),
    Row(IMAGE, K.REIMAGE, _NEW_DISK, "I7", UPGRADE_POLICY + "; SDK34", Case.IMAGE_NAME, doubt="sources disagree: Azure may refuse it"),
    Row(
        IMAGE,
        K.REIMAGE,
        _NEW_DISK,
        "M7",
        UPGRADE_POLICY,
        Case.IMAGE_RESOURCE,
        doubt="Azure may count it as another kind of image (I6) and refuse it",
    ),
    Row(
        IMAGE,
        K.REIMAGE,
        _NEW_DISK,
        "M7",
        UPGRADE_POLICY,
        Case.FLEXIBLE,
        doubt="running instances of a Flexible set get another image only where the subscription has the feature ImageReferenceUpgradeForVmoVMs",
    ),
    Row(f"{OS_DISK}.image", K.REIMAGE, _NEW_DISK, "M7", UPGRADE_POLICY),
    Row(f"{OS_DISK}.createOption", K.REFUSED, "", "I5", "TF"),
    Row(f"{OS_DISK}.osType", K.REFUSED, "", "I5", "TF"),
    Row(f"{OS_DISK}.osType", K.REFUSED, "", "I5", "TF", Case.OPERATING_SYSTEM),
    Row(f"{OS_DISK}.diffDiskSettings", K.REFUSED, "", "I5", "TF"),
    Row(f"{OS_DISK}.managedDisk.storageAccountType", K.REFUSED, "", "I5", _MODIFY + "; TF"),
    Row(f"{OS_DISK}.caching", K.NEW_INSTANCES, _REIMAGED_ONLY, "M8", _MODIFY, on_reimage=True),
    Row(f"{OS_DISK}.diskSizeGB", K.NEW_INSTANCES, _REIMAGED_ONLY, "M8", _MODIFY, on_reimage=True),
    Row(f"{OS_DISK}.writeAcceleratorEnabled", K.NEW_INSTANCES, _REIMAGED_ONLY, "M8", _MODIFY, on_reimage=True),
    Row(_DATA_DISK, K.RESTART, MAY_RESTART, "", "none", doubt="no source says what a change of a data disk does"),
    Row(_DATA_DISK, K.IN_PLACE, "gets the disk without a restart", "M4", UPGRADE_POLICY, Case.SET),
    Row(_DATA_DISK, K.IN_PLACE, "loses the disk", "M4", UPGRADE_POLICY, Case.REMOVED),
]
"""Image and disks."""

NETWORK = [
    Row(
        _INTERFACE,
        K.RESTART,
        MAY_RESTART,
        "M5",
        "acd:virtual-machine-scale-sets/virtual-machine-scale-sets-networking.md",
        doubt=_SOME_RESTART,
    ),
    Row(
        f"{_INTERFACE}.networkSecurityGroup",
        K.IN_PLACE,
        NO_RESTART,
        "M5",
        "acd:virtual-machine-scale-sets/virtual-machine-scale-sets-networking.md",
    ),
    Row(_IP, K.RESTART, MAY_RESTART, "M5", "acd:virtual-machine-scale-sets/virtual-machine-scale-sets-networking.md", doubt=_SOME_RESTART),
    Row(f"{_IP}.subnet", K.RESTART, "moves to the subnet, and may restart", "I10", _MODIFY, doubt=_SOME_RESTART),
    Row(f"{_IP}.subnet", K.REFUSED, "", "I10", _MODIFY, Case.OTHER_NETWORK),
    *(
        Row(f"{_IP}.{name}", K.IN_PLACE, NO_RESTART, "M5", "acd:virtual-machine-scale-sets/virtual-machine-scale-sets-networking.md")
        for name in (
            "loadBalancerBackendAddressPools",
            "loadBalancerInboundNatPools",
            "applicationGatewayBackendAddressPools",
            "applicationSecurityGroups",
        )
    ),
]
"""Interfaces."""

_SEQUENCING = "acd:virtual-machine-scale-sets/virtual-machine-scale-sets-extension-sequencing.md"
_RUNS_AGAIN = "runs it again"
EXTENSION = [
    Row(_EXTENSIONS, K.IN_PLACE, NO_RESTART, "M3", UPGRADE_POLICY),
    Row(_EXTENSIONS, K.IN_PLACE, "installs and runs it, without a restart", "M3", UPGRADE_POLICY, Case.SET),
    Row(_EXTENSIONS, K.IN_PLACE, "loses the handler; what it installed or changed stays", "M3", UPGRADE_POLICY, Case.REMOVED),
    Row(
        _EXTENSIONS,
        K.REFUSED,
        "",
        "X3",
        _SEQUENCING,
        Case.WAITED_FOR,
        mend="remove its name from their provisionAfterExtensions",
        replaceable=False,
    ),
    Row(
        _EXTENSIONS,
        K.IN_PLACE,
        "gets another handler in its place",
        "X5",
        "azure-docs#10862",
        Case.OTHER_HANDLER,
        doubt="no source says whether one name can pass from one handler to another in one update",
    ),
    Row(_EXTENSIONS, K.IN_PLACE, _RUNS_AGAIN, "X10", "SDK34", Case.FORCED),
    Row(_EXTENSIONS, K.IN_PLACE, f"{_RUNS_AGAIN} with the new settings", "X10", "SDK34", Case.SETTINGS),
    Row(_EXTENSIONS, K.IN_PLACE, f"{_RUNS_AGAIN} without them: the update drops them", "T16", "operating experience", Case.PROTECTED_LOST),
    Row(
        _EXTENSIONS,
        K.IN_PLACE,
        "gets the other version; its health is Unknown till the application answers in that version's way",
        "H5",
        "acd:virtual-machine-scale-sets/virtual-machine-scale-sets-health-extension.md",
        Case.HEALTH_MODEL,
    ),
    Row(
        _EXTENSIONS,
        K.IN_PLACE,
        NO_RESTART,
        "T26",
        "acd:virtual-machines/automatic-extension-upgrade.md",
        Case.AUTOMATIC_UPGRADE,
    ),
]
"""Extensions."""
