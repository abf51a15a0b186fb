"""Each row of the table of effects, reached by a change."""

import re
from typing import Any

import pytest

from azure_scaleset.rules.effect import EffectKind
from azure_scaleset.rules.effect_table import TABLE
from azure_scaleset.rules.effects import effects
from azure_scaleset.rules.effects_row import Case, Row
from azure_scaleset.rules.effects_unclassified import UNCLASSIFIED
from tests.unit.rules.test_effects import EXTENSIONS, GROUP, IMAGE, IMAGES, INTERFACES, MODEL, NETWORK, PROFILE, changed

OS = f"{PROFILE}.osProfile"
DISK = f"{PROFILE}.storageProfile.osDisk"
DISKS = f"{PROFILE}.storageProfile.dataDisks"
IP = f"{INTERFACES}.0.ipConfigurations.0"
FLEXIBLE = {"orchestrationMode": "Flexible", "platformFaultDomainCount": 1}
PLACEMENT = {"id": f"{IMAGES}/proximityPlacementGroups/near"}
WINDOWS = {f"{OS}.linuxConfiguration": None, f"{OS}.windowsConfiguration": {"timeZone": "UTC"}}

Changes = dict[str, Any]
WAYS: dict[tuple[str, Case], tuple[Changes, Changes]] = {
    ("resourceGroupName", Case.ANY): ({}, {"resourceGroupName": "other"}),
    ("vmScaleSetName", Case.ANY): ({}, {"vmScaleSetName": "other"}),
    ("location", Case.ANY): ({}, {"location": "northeurope"}),
    ("extendedLocation", Case.ANY): ({}, {"extendedLocation": {"name": "edge", "type": "EdgeZone"}}),
    ("plan", Case.ANY): ({}, {"plan": {"name": "server", "product": "linux", "publisher": "us"}}),
    ("hostGroup", Case.ANY): ({}, {"hostGroup": {"id": f"{IMAGES}/hostGroups/own"}}),
    ("orchestrationMode", Case.ANY): ({}, {"orchestrationMode": "Flexible"}),
    ("platformFaultDomainCount", Case.ANY): ({}, {"platformFaultDomainCount": 3}),
    ("singlePlacementGroup", Case.ANY): ({"singlePlacementGroup": True}, {"singlePlacementGroup": False}),
    ("singlePlacementGroup", Case.TO_ONE_GROUP): ({}, {"singlePlacementGroup": True}),
    ("zones", Case.ANY): ({"zones": ["1", "2"]}, {"zones": ["1", "3"]}),
    ("zones", Case.ZONES_ADDED): ({"zones": ["1"]}, {"zones": ["2", "1"]}),
    ("proximityPlacementGroup", Case.ANY): ({}, {"proximityPlacementGroup": PLACEMENT}),
    ("proximityPlacementGroup", Case.FLEXIBLE): (FLEXIBLE, {"proximityPlacementGroup": PLACEMENT}),
    ("sku.capacity", Case.SCALE_OUT): ({}, {"sku.capacity": 11}),
    ("sku.capacity", Case.SCALE_IN): ({}, {"sku.capacity": 9}),
    ("sku.capacity", Case.REMOVED): ({}, {"sku.capacity": None}),
    ("sku.name", Case.ANY): ({}, {"sku.name": "Standard_D4s_v5"}),
    ("sku.name", Case.TO_MIX): (FLEXIBLE, {"sku.name": "Mix"}),
    ("skuProfile", Case.ANY): ({}, {"skuProfile": {"vmSizes": [{"name": "Standard_D2s_v5"}]}}),
    ("priorityMixPolicy", Case.ANY): ({}, {"priorityMixPolicy": {"baseRegularPriorityCount": 2}}),
    ("tags", Case.ANY): ({}, {"tags.env": "prod"}),
    ("identity.type", Case.ANY): ({}, {"identity.type": "SystemAssigned, UserAssigned"}),
    ("identity.userAssignedIdentities", Case.ANY): (
        {},
        {"identity.userAssignedIdentities": [f"{GROUP}/Microsoft.ManagedIdentity/userAssignedIdentities/writer"]},
    ),
    ("overprovision", Case.ANY): ({}, {"overprovision": None}),
    ("doNotRunExtensionsOnOverprovisionedVMs", Case.ANY): ({}, {"doNotRunExtensionsOnOverprovisionedVMs": True}),
    ("scaleInPolicy", Case.ANY): ({}, {"scaleInPolicy": {"rules": ["OldestVM"]}}),
    ("spotRestorePolicy", Case.ANY): ({}, {"spotRestorePolicy": {"enabled": True}}),
    ("automaticRepairsPolicy", Case.ANY): ({}, {"automaticRepairsPolicy": {"enabled": True}}),
    ("automaticRepairsPolicy.repairAction", Case.ANY): ({}, {"automaticRepairsPolicy": {"repairAction": "Reimage"}}),
    ("automaticRepairsPolicy.repairAction", Case.ACTION_WHILE_ENABLED): (
        {"automaticRepairsPolicy": {"enabled": True}},
        {"automaticRepairsPolicy": {"enabled": True, "repairAction": "Reimage"}},
    ),
    ("upgradePolicy.mode", Case.TO_MANUAL): ({}, {"upgradePolicy.mode": "Manual"}),
    ("upgradePolicy.mode", Case.TO_ROLLING): ({"upgradePolicy.mode": "Manual"}, {"upgradePolicy.mode": "Rolling"}),
    ("upgradePolicy.mode", Case.TO_AUTOMATIC): ({}, {"upgradePolicy.mode": "Automatic"}),
    ("upgradePolicy.mode", Case.ANY): ({}, {"upgradePolicy.mode": "Sometimes"}),
    ("upgradePolicy.rollingUpgradePolicy", Case.ANY): ({}, {"upgradePolicy.rollingUpgradePolicy": {"maxBatchInstancePercent": 50}}),
    ("upgradePolicy.automaticOSUpgradePolicy", Case.ANY): (
        {},
        {"upgradePolicy.automaticOSUpgradePolicy": {"disableAutomaticRollback": True}},
    ),
    ("upgradePolicy.automaticOSUpgradePolicy.enableAutomaticOSUpgrade", Case.ANY): (
        {"upgradePolicy.automaticOSUpgradePolicy.enableAutomaticOSUpgrade": True},
        {"upgradePolicy.automaticOSUpgradePolicy.enableAutomaticOSUpgrade": None},
    ),
    ("upgradePolicy.automaticOSUpgradePolicy.enableAutomaticOSUpgrade", Case.ENABLED): (
        {},
        {"upgradePolicy.automaticOSUpgradePolicy.enableAutomaticOSUpgrade": True},
    ),
    (f"{OS}.computerNamePrefix", Case.ANY): ({}, {f"{OS}.computerNamePrefix": "Web"}),
    (f"{OS}.adminUsername", Case.ANY): ({}, {f"{OS}.adminUsername": "other"}),
    (f"{OS}.adminPassword", Case.ANY): ({}, {f"{OS}.adminPassword": "Hush-hush-1"}),
    (f"{OS}.customData", Case.ANY): ({}, {f"{OS}.customData": "bmV3"}),
    (f"{OS}.customData", Case.REMOVED): ({}, {f"{OS}.customData": None}),
    (f"{OS}.linuxConfiguration", Case.ANY): ({}, {f"{OS}.linuxConfiguration.disablePasswordAuthentication": True}),
    (f"{OS}.linuxConfiguration.ssh", Case.ANY): ({}, {f"{OS}.linuxConfiguration.ssh.publicKeys.0.keyData": "ssh-rsa other"}),
    (f"{OS}.windowsConfiguration", Case.ANY): (WINDOWS, {f"{OS}.windowsConfiguration.timeZone": "Romance Standard Time"}),
    (f"{OS}.windowsConfiguration.enableAutomaticUpdates", Case.ANY): (
        WINDOWS,
        {f"{OS}.windowsConfiguration.enableAutomaticUpdates": False},
    ),
    (f"{PROFILE}.userData", Case.ANY): ({}, {f"{PROFILE}.userData": "bmV3"}),
    (f"{PROFILE}.licenseType", Case.ANY): ({}, {f"{PROFILE}.licenseType": "RHEL_BYOS"}),
    (f"{PROFILE}.priority", Case.ANY): ({}, {f"{PROFILE}.priority": "Low"}),
    (f"{PROFILE}.evictionPolicy", Case.ANY): ({f"{PROFILE}.priority": "Spot"}, {f"{PROFILE}.evictionPolicy": "Delete"}),
    (f"{PROFILE}.billingProfile.maxPrice", Case.ANY): ({}, {f"{PROFILE}.billingProfile.maxPrice": 0.5}),
    (f"{PROFILE}.securityProfile.securityType", Case.ANY): (
        {f"{PROFILE}.securityProfile.securityType": "TrustedLaunch"},
        {f"{PROFILE}.securityProfile.securityType": None},
    ),
    (f"{PROFILE}.securityProfile.securityType", Case.TO_TRUSTED_LAUNCH): ({}, {f"{PROFILE}.securityProfile.securityType": "TrustedLaunch"}),
    (f"{PROFILE}.scheduledEventsProfile.terminateNotificationProfile", Case.ANY): (
        {},
        {f"{PROFILE}.scheduledEventsProfile.terminateNotificationProfile": {"enable": True}},
    ),
    (IMAGE, Case.ANY): ({}, {f"{IMAGE}.version": "latest"}),
    (IMAGE, Case.IMAGE_KIND): ({}, {IMAGE: {"id": f"{IMAGES}/images/golden"}}),
    (IMAGE, Case.IMAGE_NAME): ({}, {f"{IMAGE}.sku": "server-gen1"}),
    (IMAGE, Case.FLEXIBLE): (FLEXIBLE, {f"{IMAGE}.version": "latest"}),
    (IMAGE, Case.IMAGE_RESOURCE): ({IMAGE: {"id": f"{IMAGES}/images/golden"}}, {IMAGE: {"id": f"{IMAGES}/galleries/own/images/golden"}}),
    (f"{DISK}.image", Case.ANY): ({f"{DISK}.image": {"uri": "https://one/a.vhd"}}, {f"{DISK}.image": {"uri": "https://one/b.vhd"}}),
    (f"{DISK}.createOption", Case.ANY): ({}, {f"{DISK}.createOption": "Attach"}),
    (f"{DISK}.osType", Case.ANY): ({}, {f"{DISK}.osType": "Linux"}),
    (f"{DISK}.osType", Case.OPERATING_SYSTEM): ({}, WINDOWS),
    (f"{DISK}.diffDiskSettings", Case.ANY): ({}, {f"{DISK}.diffDiskSettings": {"option": "Local"}}),
    (f"{DISK}.managedDisk.storageAccountType", Case.ANY): ({}, {f"{DISK}.managedDisk.storageAccountType": "Premium_LRS"}),
    (f"{DISK}.caching", Case.ANY): ({}, {f"{DISK}.caching": "ReadOnly"}),
    (f"{DISK}.diskSizeGB", Case.ANY): ({}, {f"{DISK}.diskSizeGB": 64}),
    (f"{DISK}.writeAcceleratorEnabled", Case.ANY): ({}, {f"{DISK}.writeAcceleratorEnabled": True}),
    (f"{DISKS}[]", Case.ANY): ({}, {f"{DISKS}.0.diskSizeGB": 20}),
    (f"{DISKS}[]", Case.SET): ({}, {f"{DISKS}.1": {"lun": 1, "createOption": "Empty", "diskSizeGB": 5}}),
    (f"{DISKS}[]", Case.REMOVED): ({}, {f"{DISKS}.0": None}),
    (f"{INTERFACES}[]", Case.ANY): ({}, {f"{INTERFACES}.0.enableAcceleratedNetworking": True}),
    (f"{INTERFACES}[].networkSecurityGroup", Case.ANY): (
        {},
        {f"{INTERFACES}.0.networkSecurityGroup": {"id": f"{NETWORK}/networkSecurityGroups/strict"}},
    ),
    (f"{INTERFACES}[].ipConfigurations[]", Case.ANY): ({}, {f"{IP}.publicIPAddressConfiguration": {"name": "public"}}),
    (f"{INTERFACES}[].ipConfigurations[].subnet", Case.ANY): ({}, {f"{IP}.subnet.id": f"{NETWORK}/virtualNetworks/NET/subnets/b"}),
    (f"{INTERFACES}[].ipConfigurations[].subnet", Case.OTHER_NETWORK): (
        {},
        {f"{IP}.subnet.id": f"{NETWORK}/virtualNetworks/other/subnets/a"},
    ),
    **{
        (f"{INTERFACES}[].ipConfigurations[].{name}", Case.ANY): ({}, {f"{IP}.{name}": [{"id": f"{NETWORK}/x/y/{name}/new"}]})
        for name in (
            "loadBalancerBackendAddressPools",
            "loadBalancerInboundNatPools",
            "applicationGatewayBackendAddressPools",
            "applicationSecurityGroups",
        )
    },
    (f"{EXTENSIONS}[]", Case.ANY): ({}, {f"{EXTENSIONS}.0.typeHandlerVersion": "2.0"}),
    (f"{EXTENSIONS}[]", Case.SET): (
        {},
        {f"{EXTENSIONS}.2": {"name": "agent", "publisher": "Microsoft.Azure.Monitor", "type": "AzureMonitorLinuxAgent"}},
    ),
    (f"{EXTENSIONS}[]", Case.REMOVED): ({}, {f"{EXTENSIONS}.1": None}),
    (f"{EXTENSIONS}[]", Case.WAITED_FOR): ({}, {f"{EXTENSIONS}.0": None}),
    (f"{EXTENSIONS}[]", Case.OTHER_HANDLER): ({}, {f"{EXTENSIONS}.0.type": "CustomScriptForLinux"}),
    (f"{EXTENSIONS}[]", Case.FORCED): ({}, {f"{EXTENSIONS}.0.forceUpdateTag": "2"}),
    (f"{EXTENSIONS}[]", Case.SETTINGS): ({}, {f"{EXTENSIONS}.0.settings.commandToExecute": "true"}),
    (f"{EXTENSIONS}[]", Case.PROTECTED_LOST): ({}, {f"{EXTENSIONS}.0.protectedSettings": {}}),
    (f"{EXTENSIONS}[]", Case.HEALTH_MODEL): ({}, {f"{EXTENSIONS}.1.typeHandlerVersion": "2.0"}),
    (f"{EXTENSIONS}[]", Case.AUTOMATIC_UPGRADE): ({}, {f"{EXTENSIONS}.1.enableAutomaticUpgrade": True}),
}
"""Row -> what the old model has besides, and what then changes."""

CLASSIFIED = [row for row in TABLE if row.path not in UNCLASSIFIED]


def _place(path: str) -> str:
    """The path of an effect as a pattern again."""
    return re.sub(r"\[[^\]]*\]", "[]", path)


@pytest.mark.parametrize("row", CLASSIFIED, ids=lambda row: f"{row.path}: {row.case.value}")
def test_every_row_is_reached(row: Row) -> None:
    """A change of the row's case has the row's kind, fact and doubt."""
    before, changes = WAYS[row.path, row.case]
    old = changed(before)
    found = [
        effect
        for effect in effects(old, changed(changes, old))
        if _place(effect.path) == row.path or _place(effect.path).startswith(row.path + ".")
    ]
    assert [(effect.kind, effect.rule) for effect in found] == [(row.kind, row.rule)]
    assert row.doubt in found[0].message
    assert found[0].sure is not (bool(row.doubt) or (row.path, row.case) in UNSURE)


UNSURE = {(f"{DISK}.osType", Case.ANY)}
"""Named first now: Azure may have had the same value all along."""


def test_ways_are_those_of_the_table() -> None:
    """Nothing here is about a row that no longer exists."""
    assert set(WAYS) == {(row.path, row.case) for row in CLASSIFIED}


@pytest.mark.parametrize("path", UNCLASSIFIED)
def test_unclassified_properties_may_restart(path: str) -> None:
    """What no source classifies is said to be in doubt, and never to be harmless."""
    found = effects(MODEL, changed({path: {"any": 1}}))
    assert [(effect.kind, effect.sure) for effect in found] == [(EffectKind.RESTART, False)]


def test_a_property_of_tomorrow_may_restart() -> None:
    """A property that this version doesn't know is treated the same."""
    found = effects(MODEL, changed({f"{PROFILE}.tomorrow.thing": 1, "later": True}))
    assert [(effect.path, effect.kind, effect.sure) for effect in found] == [
        ("later", EffectKind.RESTART, False),
        (f"{PROFILE}.tomorrow", EffectKind.RESTART, False),
    ]
