"""What Azure refuses of a scale set: status, code and target of each rule."""

import pytest

from offline.arm.http import Json
from tests.unit.offline.compute.world import SET, World, body, changed, encoded, extension, health, profile, windows

IMAGE = "storageProfile.imageReference"
KEY_PATH = "/home/azure/.ssh/authorized_keys"
INVALID = "InvalidParameter"


def key(path: str, data: str) -> Json:
    """A body with an SSH key."""
    return profile(body(), "osProfile.linuxConfiguration", {"ssh": {"publicKeys": [{"path": path, "keyData": data}]}})


def policy(**settings: object) -> Json:
    """A body with a rolling policy."""
    return changed(body(extensions=[health()]), "properties.upgradePolicy", {"mode": "Rolling", "rollingUpgradePolicy": settings})


def flexible(**properties: object) -> Json:
    """A Flexible body."""
    new = profile(body(extensions=[]), "networkProfile.networkApiVersion", "2022-11-01")
    new["properties"] |= {"orchestrationMode": "Flexible", "platformFaultDomainCount": 1, **properties}
    return new


AUTOMATIC_OS = {"mode": "Rolling", "automaticOSUpgradePolicy": {"enableAutomaticOSUpgrade": True}}

REFUSED: dict[str, tuple[Json, tuple[int, str, str | None]]] = {
    "S7 size": (changed(body(), "sku.name", "Standard_D3s_v5"), (400, INVALID, "sku.name")),
    "K2": (
        profile(body(), "storageProfile.dataDisks", [{"lun": lun, "createOption": "Empty", "diskSizeGB": 8} for lun in range(5)]),
        (409, "OperationNotAllowed", "dataDisks"),
    ),
    "G1": (profile(body(), f"{IMAGE}.communityGalleryImageId", "/CommunityGalleries/g/Images/i"), (400, INVALID, "imageReference")),
    "G2": (profile(body(), f"{IMAGE}.version", "24"), (400, INVALID, "imageReference.version")),
    "G3": (profile(body(), f"{IMAGE}.offer", "UbuntuServer"), (404, "PlatformImageNotFound", "imageReference")),
    "G9": (profile(body(), "osProfile", None), (400, INVALID, "osProfile")),
    "N17": (profile(body(), "osProfile.windowsConfiguration", {}), (400, INVALID, "windowsConfiguration")),
    "N17 osType": (profile(body(), "storageProfile.osDisk.osType", "Windows"), (400, INVALID, "osDisk.osType")),
    "N1": (profile(windows(), "osProfile.computerNamePrefix", "tencharsss"), (400, INVALID, "computerNamePrefix")),
    "N2": (profile(body(), "osProfile.computerNamePrefix", "a_b"), (400, INVALID, "computerNamePrefix")),
    "N6": (profile(windows(), "osProfile.adminUsername", "a" * 21), (400, INVALID, "adminUsername")),
    "N7": (profile(body(), "osProfile.adminUsername", "Root"), (400, INVALID, "adminUsername")),
    "N9": (profile(body(), "osProfile.adminPassword", "alllower1"), (400, INVALID, "adminPassword")),
    "N11": (profile(body(), "osProfile.adminPassword", "Password1"), (400, INVALID, "adminPassword")),
    "N12": (key(KEY_PATH, "ecdsa-sha2-nistp256 AAAA"), (400, INVALID, "linuxConfiguration.ssh.publicKeys.keyData")),
    "N13": (key("/root/.ssh/authorized_keys", "x"), (400, INVALID, "linuxConfiguration.ssh.publicKeys.path")),
    "N14": (
        profile(body(), "osProfile.linuxConfiguration", {"disablePasswordAuthentication": True}),
        (400, INVALID, "linuxConfiguration.ssh.publicKeys"),
    ),
    "D1": (profile(body(), "osProfile.customData", "#cloud-config"), (400, INVALID, "customData")),
    "D1 size": (profile(body(), "osProfile.customData", encoded("a" * 65_536)), (400, INVALID, "customData")),
    "X1": (body(extensions=[extension("a"), extension("b")]), (400, "BadRequest", None)),
    "X3 missing": (body(extensions=[extension(provisionAfterExtensions=["x"])]), (400, INVALID, "provisionAfterExtensions")),
    "X3 cycle": (
        body(extensions=[extension(provisionAfterExtensions=["health"]), health(provisionAfterExtensions=["script"])]),
        (400, INVALID, "provisionAfterExtensions"),
    ),
    "X4": (body(extensions=[extension(typeHandlerVersion="2.1.3")]), (404, "NotFound", None)),
    "X5": (windows(extensions=[extension()]), (404, "NotFound", None)),
    "X8": (body(extensions=[extension(enableAutomaticUpgrade=True)]), (400, "OperationNotAllowed", "enableAutomaticUpgrade")),
    "X12": (profile(body(), "extensionProfile.extensionsTimeBudget", "PT10M"), (400, INVALID, "extensionProfile.extensionsTimeBudget")),
    "N18": (profile(body(), "osProfile.allowExtensionOperations", False), (400, INVALID, "osProfile.allowExtensionOperations")),
    "U1": (changed(body(), "properties.upgradePolicy", None), (400, INVALID, "upgradePolicy")),
    "U2": (body(mode="Rolling"), (400, "BadRequest", None)),
    "U4": (policy(maxBatchInstancePercent=4), (400, INVALID, "rollingUpgradePolicy.maxBatchInstancePercent")),
    "U5": (policy(pauseTimeBetweenBatches="5m"), (400, INVALID, "rollingUpgradePolicy.pauseTimeBetweenBatches")),
    "U6": (changed(policy(maxSurge=True), "properties.overprovision", True), (400, INVALID, "rollingUpgradePolicy.maxSurge")),
    "U7": (policy(enableCrossZoneUpgrade=True), (400, INVALID, "rollingUpgradePolicy.enableCrossZoneUpgrade")),
    "U11": (
        profile(changed(body(extensions=[health()]), "properties.upgradePolicy", AUTOMATIC_OS), f"{IMAGE}.version", "24.04.202510010"),
        (400, "BadRequest", "imageReference.version"),
    ),
    "U13": (
        changed(
            windows(extensions=[health(type="ApplicationHealthWindows")]),
            "properties.upgradePolicy",
            AUTOMATIC_OS,
        ),
        (400, INVALID, "windowsConfiguration.enableAutomaticUpdates"),
    ),
    "R1": (
        profile(body(), "scheduledEventsProfile.terminateNotificationProfile", {"enable": True, "notBeforeTimeout": "PT20M"}),
        (400, INVALID, "terminateNotificationProfile.notBeforeTimeout"),
    ),
    "R2": (
        profile(body(), "scheduledEventsProfile.osImageNotificationProfile", {"enable": True, "notBeforeTimeout": "PT10M"}),
        (400, INVALID, "osImageNotificationProfile.notBeforeTimeout"),
    ),
    "R3": (changed(body(), "properties.automaticRepairsPolicy", {"enabled": True}), (400, "BadRequest", None)),
    "capacity": (changed(body(), "sku", {"name": "Standard_D2s_v5"}), (400, INVALID, "sku.capacity")),
    "S1": (body(101), (409, "OperationNotAllowed", None)),
    "S4": (
        changed(changed(body(), "properties.platformFaultDomainCount", 1), "properties.singlePlacementGroup", True),
        (400, "BadRequest", "singlePlacementGroup"),
    ),
    "S6": (changed({**body(), "zones": ["1"]}, "properties.zoneBalance", True), (400, INVALID, "zoneBalance")),
    "S7": ({**body(), "zones": ["4"]}, (400, "InvalidAvailabilityZone", None)),
    "S11": (body(60), (400, "SubnetIsFull", None)),
    "O2": (flexible(platformFaultDomainCount=None), (400, INVALID, "platformFaultDomainCount")),
    "O3": ({**flexible(platformFaultDomainCount=2), "zones": ["1"]}, (400, "BadRequest", None)),
    "O4": (flexible(platformFaultDomainCount=5), (400, "BadRequest", None)),
    "O5": ({**flexible(), "identity": {"type": "SystemAssigned"}}, (400, INVALID, "identity")),
    "O6": (
        profile(flexible(), "networkProfile.networkApiVersion", None),
        (400, "NetworkApiVersionMustBeSpecifiedWithNetworkInterfaceConfigurations", None),
    ),
    "O8": (flexible(overprovision=True), (400, INVALID, "overprovision")),
    "P1": (profile(body(), "evictionPolicy", "Delete"), (400, INVALID, "evictionPolicy")),
    "P2": (profile(profile(body(), "priority", "Spot"), "billingProfile", {"maxPrice": 0}), (400, INVALID, "billingProfile.maxPrice")),
    "K1": (
        profile(body(), "storageProfile.dataDisks", [{"lun": 0, "createOption": "Empty", "diskSizeGB": 1}] * 2),
        (400, INVALID, "dataDisk.lun"),
    ),
    "K4": (profile(body(), "storageProfile.osDisk.name", "os"), (400, INVALID, "osDisk.name")),
    "K5": (profile(body(), "storageProfile.osDisk.diskSizeGB", 5000), (400, INVALID, "osDisk.diskSizeGB")),
    "K6": (
        changed(profile(body(), "storageProfile.osDisk.managedDisk", {"storageAccountType": "Premium_LRS"}), "sku.name", "Standard_D2_v5"),
        (409, "OperationNotAllowed", None),
    ),
    "C5": (
        changed(
            profile(profile(body(), f"{IMAGE}.sku", "server-gen1"), "securityProfile", {"encryptionAtHost": True}),
            "sku.name",
            "Standard_A2_v2",
        ),
        (400, INVALID, "securityProfile.encryptionAtHost"),
    ),
    "K9": (profile(body(), "storageProfile.osDisk.diffDiskSettings", {"option": "Local"}), (400, INVALID, "osDisk.caching")),
    "C1": (
        profile(body(), "securityProfile", {"uefiSettings": {"vTpmEnabled": True}}),
        (400, "BadRequest", "securityProfile.uefiSettings"),
    ),
    "C2": (
        profile(profile(body(), f"{IMAGE}.sku", "server-gen1"), "securityProfile", {"securityType": "TrustedLaunch"}),
        (400, "BadRequest", None),
    ),
    "C2 size": (
        changed(
            profile(profile(body(), f"{IMAGE}.sku", "server-arm64"), "securityProfile", {"securityType": "TrustedLaunch"}),
            "sku.name",
            "Standard_D2ps_v5",
        ),
        (400, "BadRequest", None),
    ),
    "C4": (profile(body(), "securityProfile", {"securityType": "ConfidentialVM"}), (400, INVALID, "securityProfile")),
}


@pytest.mark.parametrize("rule", REFUSED)
def test_refused(world: World, rule: str) -> None:
    """A set that breaks the rule is refused as Azure refuses it, and nothing is made."""
    sent, expected = REFUSED[rule]
    assert world.refusal(sent) == expected
    assert world.store.get(SET) is None


CHANGES: dict[str, tuple[Json, tuple[int, str, str | None]]] = {
    "I1": (changed(body(), "properties.platformFaultDomainCount", 3), (409, "PropertyChangeNotAllowed", "platformFaultDomainCount")),
    "I2": (flexible(platformFaultDomainCount=5), (409, "PropertyChangeNotAllowed", "orchestrationMode")),
    "I3 prefix": (
        profile(body(), "osProfile.computerNamePrefix", "app"),
        (409, "PropertyChangeNotAllowed", "osProfile.computerNamePrefix"),
    ),
    "I3 user": (profile(body(), "osProfile.adminUsername", "other"), (409, "PropertyChangeNotAllowed", "osProfile.adminUsername")),
    "I6": (
        profile(body(), IMAGE, {"communityGalleryImageId": "/CommunityGalleries/g/Images/i"}),
        (400, "OperationNotAllowed", "imageReference"),
    ),
    "I9": ({**body(), "zones": []}, (409, "PropertyChangeNotAllowed", "zones")),
}


@pytest.mark.parametrize("rule", CHANGES)
def test_change_refused(world: World, rule: str) -> None:
    """What is fixed at creation."""
    sent, expected = CHANGES[rule]
    world.put({**body(), "zones": ["1"]} if rule == "I9" else body())
    assert world.refusal(sent) == expected


def test_many_placement_groups_are_for_good(world: World) -> None:
    """I8: false stays false."""
    world.put(changed(body(), "properties.singlePlacementGroup", False))
    assert world.refusal(changed(body(), "properties.singlePlacementGroup", True)) == (
        409,
        "PropertyChangeNotAllowed",
        "singlePlacementGroup",
    )


@pytest.mark.parametrize(
    "accepted",
    [
        profile(body(), IMAGE, {"publisher": "Canonical", "offer": "UbuntuServer", "sku": "14.04.4-LTS", "version": "latest"}),
        body(0),
        windows(),
        flexible(),
        changed(body(), "properties.platformFaultDomainCount", 1),
        profile(
            body(), "securityProfile", {"securityType": "TrustedLaunch", "uefiSettings": {"vTpmEnabled": True, "secureBootEnabled": True}}
        ),
    ],
)
def test_accepted(world: World, accepted: Json) -> None:
    """What is right is not refused."""
    assert world.put(accepted) == {}
