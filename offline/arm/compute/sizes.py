"""The sizes that this Azure offers (`Microsoft.Compute/skus`): series in wide use, with the capabilities that Azure's pages on sizes state. Azure has hundreds more."""

from __future__ import annotations

import re
from dataclasses import dataclass

from offline.arm import tenant
from offline.arm.errors import bad_request, not_implemented
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


_D = {"2": 4, "4": 8, "8": 16, "16": 32, "32": 32, "48": 32, "64": 32}
_SERIES = (
    _Series("Standard_D{}s_v3", "standardDSv3Family", {key: _D[key] for key in ("2", "4", "8", "16", "32")}),
    _Series("Standard_D{}ds_v4", "standardDDSv4Family", _D),
    _Series("Standard_D{}ds_v5", "standardDDSv5Family", _D),
    _Series("Standard_D{}s_v5", "standardDSv5Family", {**_D, "96": 32}),
    _Series("Standard_D{}_v5", "standardDv5Family", {**_D, "96": 32}, premium=False),
    _Series("Standard_D{}as_v5", "standardDASv5Family", {**_D, "96": 32}),
    _Series("Standard_D{}ps_v5", "standardDPSv5Family", _D, generations="V2", architecture="Arm64"),
    _Series("Standard_E{}s_v5", "standardESv5Family", _D),
    _Series("Standard_DS{}_v2", "standardDSv2Family", {"2": 8, "3": 16, "4": 32, "5": 64}),
    _Series("Standard_B{}", "standardBSFamily", {"1s": 2, "1ms": 2, "2s": 4, "2ms": 4, "4ms": 8, "8ms": 16}, accelerated=False),
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
