"""Cases of the rules that need Azure's answers."""

from tests.unit.rules.cases.case import REMOVED, Case

_SIZE = {
    "name": "Standard_D2s_v5",
    "locationInfo": [{"location": "westeurope", "zones": ["1", "2"]}],
    "capabilities": [
        {"name": "MaxDataDiskCount", "value": "2"},
        {"name": "HyperVGenerations", "value": "V1,V2"},
        {"name": "CpuArchitectureType", "value": "x64"},
        {"name": "AcceleratedNetworkingEnabled", "value": "False"},
    ],
    "restrictions": [],
}
_IMAGE = {"properties": {"hyperVGeneration": "V2", "architecture": "x64", "imageDeprecationStatus": {"imageState": "Active"}}}
_PROFILE = "virtualMachineProfile"
_STORAGE = f"{_PROFILE}.storageProfile"
_SECURITY = f"{_PROFILE}.securityProfile"
_NIC = f"{_PROFILE}.networkProfile.networkInterfaceConfigurations[0]"
LIVE = {
    "scale_set": {
        "sku": {"name": "Standard_D2s_v5", "capacity": 2},
        "zones": ["1"],
        _PROFILE: {
            "storageProfile": {"imageReference": {"publisher": "P", "offer": "O", "sku": "S", "version": "1.0.0"}, "dataDisks": []},
            "networkProfile": {"networkInterfaceConfigurations": [{"name": "nic"}]},
        },
    },
    "size": _SIZE,
    "image": _IMAGE,
}
"""A scale set whose size and image fit."""

LIVING = {name: {"tags": {"team": "web"}, "sku": {"capacity": 2}} for name in ("old", "new", "live")}
"""A scale set that is in Azure as the last update left it."""

CASES = [
    Case("foreign", LIVING, {"live.tags": {"team": "web", "cost": "12"}}, "tags", {"live.tags": {"Team": "web"}}, says="'cost'"),
    Case(
        "plan_given",
        LIVE,
        {"image.properties.plan": {"name": "stable", "product": "linux", "publisher": "kinvolk"}},
        "plan",
        {
            "image.properties.plan": {"name": "a", "product": "b", "publisher": "c"},
            "scale_set.plan": {"name": "a", "product": "b", "publisher": "c"},
        },
        says="{name: stable, product: linux, publisher: kinvolk}",
    ),
    Case(
        "premium_offered",
        LIVE,
        {
            f"scale_set.{_STORAGE}.osDisk.managedDisk.storageAccountType": "Premium_LRS",
            "size.capabilities": [{"name": "PremiumIO", "value": "False"}],
        },
        f"{_STORAGE}.osDisk.managedDisk.storageAccountType",
        {
            f"scale_set.{_STORAGE}.osDisk.managedDisk.storageAccountType": "Premium_LRS",
            "size.capabilities": [{"name": "PremiumIO", "value": "True"}],
        },
    ),
    Case(
        "premium_offered",
        LIVE,
        {
            f"scale_set.{_STORAGE}.dataDisks": [{"lun": 0, "managedDisk": {"storageAccountType": "Premium_ZRS"}}],
            "size.capabilities": [{"name": "PremiumIO", "value": "False"}],
        },
        f"{_STORAGE}.dataDisks[0].managedDisk.storageAccountType",
        {
            f"scale_set.{_STORAGE}.dataDisks": [{"lun": 0, "managedDisk": {"storageAccountType": "StandardSSD_LRS"}}],
            "size.capabilities": [{"name": "PremiumIO", "value": "False"}],
        },
        name="data disk",
    ),
    Case(
        "premium_offered",
        LIVE,
        {
            f"scale_set.{_STORAGE}.dataDisks": [{"lun": 0, "managedDisk": {"storageAccountType": "PremiumV2_LRS"}}],
            f"scale_set.{_STORAGE}.osDisk.managedDisk.storageAccountType": "UltraSSD_LRS",
            "size.capabilities": [{"name": "PremiumIO", "value": "False"}],
        },
        f"{_STORAGE}.dataDisks[0].managedDisk.storageAccountType",
        {
            f"scale_set.{_STORAGE}.dataDisks": [{"lun": 0, "managedDisk": {"storageAccountType": "PremiumV2_LRS"}}],
            "size.capabilities": [{"name": "PremiumIO", "value": "True"}],
        },
        name="second version, beside an OS disk that can't boot",
    ),
    Case(
        "trusted_launch_offered",
        LIVE,
        {f"scale_set.{_SECURITY}.securityType": "TrustedLaunch", "size.capabilities": [{"name": "TrustedLaunchDisabled", "value": "True"}]},
        f"{_SECURITY}.securityType",
        {f"scale_set.{_SECURITY}.securityType": "TrustedLaunch"},
    ),
    Case(
        "trusted_launch_offered",
        LIVE,
        {f"scale_set.{_SECURITY}.securityType": "TrustedLaunch", "image.properties.hyperVGeneration": "V1"},
        f"{_SECURITY}.securityType",
        {"image.properties.hyperVGeneration": "V1"},
        says="generation 1",
        name="image",
    ),
    Case(
        "encryption_at_host_offered",
        LIVE,
        {f"scale_set.{_SECURITY}.encryptionAtHost": True, "size.capabilities": [{"name": "EncryptionAtHostSupported", "value": "False"}]},
        f"{_SECURITY}.encryptionAtHost",
        {f"scale_set.{_SECURITY}.encryptionAtHost": True, "size.capabilities": [{"name": "EncryptionAtHostSupported", "value": "True"}]},
    ),
    Case("size_offered", LIVE, {"size": None}, "sku.name", {}, says="a size that the region offers"),
    Case(
        "size_offered",
        LIVE,
        {"size.restrictions": [{"type": "Location", "reasonCode": "NotAvailableForSubscription"}]},
        "sku.name",
        {"size.restrictions": [{"type": "Zone", "restrictionInfo": {"zones": ["2"]}}]},
        says="not available to the subscription",
        name="subscription",
    ),
    Case("size_offered", LIVE, {"scale_set.zones": ["1", "3"]}, "zones[1]", {"scale_set.zones": ["1", "2"]}, name="zone"),
    Case(
        "size_offered",
        LIVE,
        {"scale_set.zones": ["2"], "size.restrictions": [{"type": "Zone", "restrictionInfo": {"zones": ["2"]}}]},
        "zones[0]",
        {"scale_set.zones": ["2"]},
        says="Expected one of: 1.",
        name="zone of the subscription",
    ),
    Case(
        "disk_count",
        LIVE,
        {f"scale_set.{_STORAGE}.dataDisks": [{"lun": 0}, {"lun": 1}, {"lun": 2}]},
        f"{_STORAGE}.dataDisks",
        {f"scale_set.{_STORAGE}.dataDisks": [{"lun": 0}, {"lun": 1}]},
    ),
    Case(
        "accelerated_networking",
        LIVE,
        {f"scale_set.{_NIC}.enableAcceleratedNetworking": True},
        f"{_NIC}.enableAcceleratedNetworking",
        {f"scale_set.{_NIC}.enableAcceleratedNetworking": True, "size.capabilities[3].value": "True"},
    ),
    Case("image_exists", LIVE, {"image": None}, f"{_STORAGE}.imageReference", {}, says="P:O:S:1.0.0"),
    Case(
        "image_kept",
        LIVE,
        {"image.properties.imageDeprecationStatus.imageState": "ScheduledForDeprecation"},
        f"{_STORAGE}.imageReference",
        {"image.properties.imageDeprecationStatus": REMOVED},
    ),
    Case(
        "generation",
        LIVE,
        {"size.capabilities[1].value": "V1"},
        "sku.name",
        {"size.capabilities[1].value": "V2"},
        says="boots generation V1, and the image is of V2",
    ),
    Case("architecture", LIVE, {"image.properties.architecture": "Arm64"}, "sku.name", {"size.capabilities[2].value": "X64"}),
]
