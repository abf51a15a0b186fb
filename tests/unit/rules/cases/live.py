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

CASES = [
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
