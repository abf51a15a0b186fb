"""Rows of the table of effects: properties of the scale set as a whole."""

from azure_scaleset.rules.effect import EffectKind as K
from azure_scaleset.rules.effects_row import Case, Row
from azure_scaleset.rules.effects_words import NO_RESTART, UPGRADE_POLICY

_POLICY = "upgradePolicy"
_STAY = "the running instances stay as they are"
_FOLLOW = (
    "running instances that are still on an older model are brought to the latest: updated, restarted or reimaged, as that model needs"
)

OF_THE_SET = [
    Row("resourceGroupName", K.REPLACE, "it is part of the scale set's id: Pulumi makes another set", "I12", "ARM"),
    Row("vmScaleSetName", K.REPLACE, "it is part of the scale set's id: Pulumi makes another set", "I12", "ARM"),
    Row("location", K.REFUSED, "", "I12", "ARM; TF"),
    Row("extendedLocation", K.REFUSED, "", "I12", "ARM; TF"),
    Row("plan", K.REFUSED, "", "I12", "ARM; TF"),
    Row("hostGroup", K.REFUSED, "", "I12", "ARM; TF"),
    Row("orchestrationMode", K.REFUSED, "", "I2", "acd:virtual-machine-scale-sets/virtual-machine-scale-sets-orchestration-modes.md"),
    Row("platformFaultDomainCount", K.REFUSED, "", "I1", "azure-docs#108952"),
    Row("singlePlacementGroup", K.NOTHING, _STAY, "M2", UPGRADE_POLICY),
    Row(
        "singlePlacementGroup",
        K.REFUSED,
        "",
        "I8",
        "acd:virtual-machine-scale-sets/virtual-machine-scale-sets-placement-groups.md",
        Case.TO_ONE_GROUP,
    ),
    Row("zones", K.REFUSED, "zones can be added, never removed", "I9", "acd use-availability-zones", mend="keep them"),
    Row("zones", K.NEW_INSTANCES, "only new instances go there", "M10", "acd use-availability-zones", Case.ZONES_ADDED),
    Row(
        "proximityPlacementGroup",
        K.REFUSED,
        "",
        "I11",
        "acd:virtual-machine-scale-sets/proximity-placement-groups.md",
        doubt="it goes once all instances are deallocated",
        mend="deallocate all instances first",
    ),
    Row("proximityPlacementGroup", K.REFUSED, "", "I11", "acd:virtual-machine-scale-sets/proximity-placement-groups.md", Case.FLEXIBLE),
    Row("sku.capacity", K.NEW_INSTANCES, "new instances are made with the new model", "M1", UPGRADE_POLICY, Case.SCALE_OUT),
    Row(
        "sku.capacity",
        K.DELETE,
        "instances are deleted at once",
        "M1",
        "acd:virtual-machine-scale-sets/virtual-machine-scale-sets-scale-in-policy.md",
        Case.SCALE_IN,
    ),
    Row(
        "sku.capacity",
        K.NOT_KNOWN,
        "whether Azure keeps the number of instances then is unproven",
        "T1",
        "operating experience",
        Case.REMOVED,
    ),
    Row("sku.name", K.RESTART, "restarts (if its hardware lacks the size, all must be deallocated first)", "M6", UPGRADE_POLICY),
    Row(
        "sku.name",
        K.NEW_INSTANCES,
        "only new instances come in the mix of sizes",
        "O9",
        "acd:virtual-machine-scale-sets/instance-mix-update.md",
        Case.TO_MIX,
    ),
    Row("skuProfile", K.NEW_INSTANCES, "only later scaling follows it", "O9", "acd:virtual-machine-scale-sets/instance-mix-update.md"),
    Row("priorityMixPolicy", K.NEW_INSTANCES, "only later scaling follows it", "P8", "acd:virtual-machine-scale-sets/spot-priority-mix.md"),
    Row("tags", K.NOTHING, _STAY, "M2", UPGRADE_POLICY),
    *(
        Row(
            path,
            K.IN_PLACE,
            NO_RESTART,
            "M11",
            "Azure/azure-cli: what `vmss identity assign` says in mode Manual",
        )
        for path in ("identity.type", "identity.userAssignedIdentities")
    ),
    Row("overprovision", K.NOTHING, "only later scaling follows it", "M2", UPGRADE_POLICY),
    Row("doNotRunExtensionsOnOverprovisionedVMs", K.NOTHING, "only later scaling follows it", "M2", UPGRADE_POLICY),
    Row("scaleInPolicy", K.NOTHING, "only later scaling follows it", "M2", UPGRADE_POLICY),
    Row("spotRestorePolicy", K.NOTHING, "only evicted instances are concerned", "P7", "SDK34"),
    Row("automaticRepairsPolicy", K.NOTHING, "only instances that turn unhealthy are concerned", "M2", UPGRADE_POLICY),
    Row(
        "automaticRepairsPolicy.repairAction",
        K.NOTHING,
        "only instances that turn unhealthy are concerned",
        "M2",
        UPGRADE_POLICY,
    ),
    Row(
        "automaticRepairsPolicy.repairAction",
        K.REFUSED,
        "",
        "R4",
        "TF docs",
        Case.ACTION_WHILE_ENABLED,
        doubt="only Terraform's documentation says so",
        mend="disable repairs first, then enable them with the new action",
    ),
]
"""Identity, placement, number and size, and policies other than that of upgrades."""

UPGRADES = [
    Row(f"{_POLICY}.mode", K.NOTHING, "later changes wait for `scaleset rollout`", "M11", UPGRADE_POLICY, Case.TO_MANUAL),
    Row(
        f"{_POLICY}.mode",
        K.NOT_KNOWN,
        f"{_FOLLOW}, batch by batch",
        "U9",
        "acd:virtual-machine-scale-sets/virtual-machine-scale-sets-configure-rolling-upgrades.md",
        Case.TO_ROLLING,
        doubt="the inputs don't show which instances are on an older model",
    ),
    Row(
        f"{_POLICY}.mode",
        K.NOT_KNOWN,
        f"{_FOLLOW}, all at once",
        "M12",
        UPGRADE_POLICY,
        Case.TO_AUTOMATIC,
        doubt="the inputs don't show which instances are on an older model",
    ),
    Row(f"{_POLICY}.mode", K.NOT_KNOWN, "it is none of Manual, Rolling and Automatic", "U1", "SDK34"),
    Row(f"{_POLICY}.rollingUpgradePolicy", K.NOTHING, "later upgrades follow it", "M2", UPGRADE_POLICY),
    Row(f"{_POLICY}.automaticOSUpgradePolicy", K.NOTHING, "later OS image upgrades follow it", "M2", UPGRADE_POLICY),
    Row(
        f"{_POLICY}.automaticOSUpgradePolicy.enableAutomaticOSUpgrade",
        K.NOTHING,
        "Azure no longer upgrades the OS image by itself",
        "M2",
        UPGRADE_POLICY,
    ),
    Row(
        f"{_POLICY}.automaticOSUpgradePolicy.enableAutomaticOSUpgrade",
        K.REIMAGE,
        "gets a new OS disk with each image that is published from then on, whatever the upgrade mode",
        "T26",
        "acd:virtual-machine-scale-sets/virtual-machine-scale-sets-automatic-upgrade.md",
        Case.ENABLED,
        doubt="none before a newer image is published",
    ),
]
"""The upgrade policy."""
