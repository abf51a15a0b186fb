"""The sizes that this Azure offers (`Microsoft.Compute/skus`): series in wide use, with the capabilities that Azure's pages on sizes state. Azure has hundreds more."""

from __future__ import annotations

import re
from dataclasses import dataclass

from offline.arm import tenant
from offline.arm.errors import bad_request, conflict, not_implemented
from offline.arm.http import Json

_FILTER = re.compile(r"location eq '([^']+)'")


@dataclass(frozen=True)
class _Series:
    """Sizes that differ in their number of cores."""

    name: str
    """`{}` stands for the size's own part."""
    family: str
    disks: dict[str, int]
    """Size's own part -> data disks that it takes."""
    generations: str = "V1,V2"
    architecture: str = "x64"
    premium: bool = True
    accelerated: bool = True
    encrypts: bool = True
    """Encryption at host: the latest generations, of the earlier ones those with premium disks."""
    trusted: bool = True
    """Trusted launch, where the size boots generation 2."""


_D = {"2": 4, "4": 8, "8": 16, "16": 32, "32": 32, "48": 32, "64": 32}
_SERIES = (
    _Series("Standard_D{}s_v3", "standardDSv3Family", {key: _D[key] for key in ("2", "4", "8", "16", "32")}),
    _Series("Standard_D{}ds_v4", "standardDDSv4Family", _D),
    _Series("Standard_D{}ds_v5", "standardDDSv5Family", _D),
    _Series("Standard_D{}s_v5", "standardDSv5Family", {**_D, "96": 32}),
    _Series("Standard_D{}_v5", "standardDv5Family", {**_D, "96": 32}, premium=False),
    _Series("Standard_D{}as_v5", "standardDASv5Family", {**_D, "96": 32}),
    _Series("Standard_D{}ps_v5", "standardDPSv5Family", _D, generations="V2", architecture="Arm64", trusted=False),
    _Series("Standard_E{}s_v5", "standardESv5Family", _D),
    _Series("Standard_E{}s_v3", "standardESv3Family", {key: _D[key] for key in ("2", "4", "8", "16", "32")}),
    _Series("Standard_D{}_v2", "standardDv2Family", {"2": 8, "3": 16, "4": 32, "5": 64}, generations="V1", premium=False, encrypts=False),
    _Series("Standard_DS{}_v2", "standardDSv2Family", {"2": 8, "3": 16, "4": 32, "5": 64}),
    _Series("Standard_F{}", "standardFFamily", {"2": 8, "4": 16, "8": 32, "16": 64}, generations="V1", premium=False, encrypts=False),
    _Series("Standard_F{}s_v2", "standardFSv2Family", {**_D, "72": 32}),
    _Series(
        "Standard_A{}_v2",
        "standardAv2Family",
        {"1": 2, "2": 4, "4": 8, "8": 16},
        generations="V1",
        premium=False,
        accelerated=False,
        encrypts=False,
    ),
    _Series("Standard_D{}_v2", "standardDv2Family", {"1": 4}, generations="V1", premium=False, accelerated=False, encrypts=False),
    _Series("Standard_DS{}_v2", "standardDSv2Family", {"1": 4}, accelerated=False),
    _Series(
        "Standard_B{}",
        "standardBSFamily",
        {"1ls": 2, "1s": 2, "1ms": 2, "2s": 4, "2ms": 4, "4ms": 8, "8ms": 16, "12ms": 16, "16ms": 32, "20ms": 32},
        accelerated=False,
    ),
)
_BY_NAME = {series.name.format(size).lower(): (series, series.disks[size]) for series in _SERIES for size in series.disks}
"""Size in lower case -> its series, and the data disks that it takes."""


def refuse(name: str, profile: Json, target: str) -> None:
    """Refuses a size that this Azure doesn't offer (S7), and what machines of a size can't have (K2, K6, C2, C5). *profile*: of the machines. *target*: the property of
    the size."""
    series, most = _BY_NAME.get(name.lower(), (None, 0))
    if series is None:
        offered = ", ".join(each.name.format(size) for each in _SERIES for size in each.disks)
        raise bad_request(
            "InvalidParameter",
            f"The value {name} provided for the VM size is not valid. The valid sizes in the current region are: {offered}. "
            "Find out more on the valid VM sizes in each region at https://aka.ms/azure-regions.",
            target,
        )
    _refuse_disks(name, series, most, profile.get("storageProfile") or {})
    _refuse_security(name, series, profile.get("securityProfile") or {})


def _refuse_disks(name: str, series: _Series, most: int, storage: Json) -> None:
    disks = storage.get("dataDisks") or []
    if len(disks) > most:
        raise conflict(
            "OperationNotAllowed", f"The maximum number of data disks allowed to be attached to a VM of this size is {most}.", "dataDisks"
        )
    for disk in [storage.get("osDisk") or {}, *disks]:
        kind = (disk.get("managedDisk") or {}).get("storageAccountType") or ""
        if not series.premium and kind.startswith(("Premium", "UltraSSD")):
            raise conflict(
                "OperationNotAllowed",
                f"Requested operation cannot be performed because the VM size {name} does not support the storage account type {kind}. "
                "Consider updating the VM to a size that supports Premium storage.",
            )


def _refuse_security(name: str, series: _Series, security: Json) -> None:
    if security.get("securityType") == "TrustedLaunch" and not (series.trusted and "V2" in series.generations):
        raise bad_request(
            "BadRequest",
            f"The VM size '{name}' is not supported for creation of VMs and Virtual Machine Scale Set with 'TrustedLaunch' security type.",
        )
    if security.get("encryptionAtHost") and not series.encrypts:
        # Azure's words for it are not known.
        raise bad_request(
            "InvalidParameter", f"The VM size '{name}' does not support encryption at host.", "securityProfile.encryptionAtHost"
        )


def skus(condition: str | None) -> Json:
    """The answer to GET `…/providers/Microsoft.Compute/skus`, of virtual machines alone; *condition*: `$filter`, by which Azure takes a location and nothing else."""
    matched = None if condition is None else _FILTER.fullmatch(condition.strip())
    if condition is not None and matched is None:
        raise not_implemented(f"the filter '{condition}' of 'Microsoft.Compute/skus'")
    places = list(tenant.LOCATIONS) if matched is None else [tenant.region(matched[1])]
    if matched is not None and places[0] not in tenant.LOCATIONS:
        raise bad_request("InvalidLocation", f"The location '{matched[1]}' is not valid.")
    return {"value": [_sku(series, size, place) for place in places for series in _SERIES for size in series.disks]}


def _sku(series: _Series, size: str, location: str) -> Json:
    name = series.name.format(size)
    capabilities = {
        "MaxDataDiskCount": str(series.disks[size]),
        "HyperVGenerations": series.generations,
        "CpuArchitectureType": series.architecture,
        "PremiumIO": str(series.premium),
        "AcceleratedNetworkingEnabled": str(series.accelerated),
        "EncryptionAtHostSupported": str(series.encrypts),
        # Azure lists it where there is none only.
        **({} if series.trusted else {"TrustedLaunchDisabled": "True"}),
    }
    return {
        "resourceType": "virtualMachines",
        "name": name,
        "tier": "Standard",
        "size": name.removeprefix("Standard_"),
        "family": series.family,
        "locations": [location],
        # All locations of this Azure have three zones.
        "locationInfo": [{"location": location, "zones": ["1", "2", "3"], "zoneDetails": []}],
        "capabilities": [{"name": key, "value": value} for key, value in capabilities.items()],
        "restrictions": [],
    }
