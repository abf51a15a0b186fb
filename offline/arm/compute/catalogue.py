"""The catalogue of platform images: publishers, offers, SKUs, versions, and what a version is."""

from __future__ import annotations

from offline.arm import tenant
from offline.arm.compute import images
from offline.arm.errors import ArmError
from offline.arm.http import Json
from offline.arm.store import Store

_SPELLED = {
    "canonical": "Canonical",
    "ubuntuserver": "UbuntuServer",
    "debian": "Debian",
    "microsoftwindowsserver": "MicrosoftWindowsServer",
    "windowsserver": "WindowsServer",
    "14.04.4-lts": "14.04.4-LTS",
    "16.04-lts": "16.04-LTS",
    "18.04-lts": "18.04-LTS",
    "2012-r2-datacenter": "2012-R2-Datacenter",
    "2016-datacenter": "2016-Datacenter",
    "2019-datacenter": "2019-Datacenter",
}
"""Azure's own spelling, of what is not all in lower case."""


_ALIASES = {
    "Debian11": "Debian:debian-11:11-backports-gen2",
    "FlatcarLinuxFreeGen2": "kinvolk:flatcar-container-linux-free:stable-gen2",
    "Ubuntu2204": "Canonical:0001-com-ubuntu-server-jammy:22_04-lts-gen2",
    "Ubuntu2404": "Canonical:ubuntu-24_04-lts:server",
    "Win2012R2Datacenter": "MicrosoftWindowsServer:WindowsServer:2012-R2-Datacenter",
    "Win2016Datacenter": "MicrosoftWindowsServer:WindowsServer:2016-Datacenter",
    "Win2019Datacenter": "MicrosoftWindowsServer:WindowsServer:2019-Datacenter",
    "Win2022Datacenter": "MicrosoftWindowsServer:WindowsServer:2022-datacenter-g2",
    "Win2022AzureEditionCore": "MicrosoftWindowsServer:WindowsServer:2022-datacenter-azure-edition-core",
}
"""Those of Azure's short names whose images are in this catalogue (Q6)."""


def below(store: Store, subscription: str, location: str, parts: list[str]) -> list[Json]:
    """The list of what is below some parts of `publisher`, `offer`, `sku`: the items of GET `…/publishers[/<p>/artifacttypes/vmimage/offers[/…]]`."""
    place = tenant.location(location, "Microsoft.Compute/locations/publishers")
    found: list[str] = []
    for urn in images.PLATFORM_IMAGES:
        image = images.known(store, urn)
        own = [*urn.split(":")]
        names = [own[len(parts)]] if len(parts) < 3 else list(image.versions) if image else []
        if own[: len(parts)] == [part.lower() for part in parts]:
            found += [name for name in names if name not in found]
    if parts and not found:
        raise _absent(parts)
    return [{"location": place, "name": _spelled(name), "id": _id(subscription, place, [*parts, name])} for name in found]


def version(store: Store, subscription: str, location: str, parts: list[str]) -> Json:
    """GET of a version (`VirtualMachineImage`): `parts` are publisher, offer, SKU and version."""
    place = tenant.location(location, "Microsoft.Compute/locations/publishers")
    image = images.known(store, ":".join(parts[:3]))
    wanted = image.versions[-1] if image and parts[3].lower() == "latest" else parts[3]
    if image is None or wanted not in image.versions:
        raise _absent(parts)
    return {
        "location": place,
        "name": wanted,
        "id": _id(subscription, place, [*parts[:3], wanted]),
        "properties": {
            "hyperVGeneration": image.generation,
            "architecture": image.content.architecture,
            "features": _features(image),
            "osDiskImage": {"operatingSystem": image.os},
            "dataDiskImages": [],
            "automaticOSUpgradeProperties": {"automaticOSUpgradeSupported": True},
            "imageDeprecationStatus": {"imageState": "Active"},
            **({"plan": image.content.plan} if image.content.plan else {}),
        },
    }


def _features(image: images.Image) -> list[Json]:
    shown = [{"name": "IsAcceleratedNetworkSupported", "value": "True"}]
    return shown + ([{"name": "SecurityType", "value": image.security}] if image.security else [])


def aliases() -> Json:
    """The document of the short names that `az` takes for images."""
    value: Json = {"Linux": {}, "Windows": {}}
    for alias, urn in _ALIASES.items():
        publisher, offer, sku = urn.split(":")
        system = images.PLATFORM_IMAGES[urn.lower()].os
        value[system][alias] = {"publisher": publisher, "offer": offer, "sku": sku, "version": "latest", "architecture": "x64"}
    return {
        "contentVersion": "1.0.0.0",
        "parameters": {},
        "variables": {},
        "resources": [],
        "outputs": {"aliases": {"type": "object", "value": value}},
    }


def _absent(parts: list[str]) -> ArmError:
    return ArmError(404, "NotFound", f"Artifact: VMImage was not found: '{':'.join(parts)}'.")


def _spelled(name: str) -> str:
    return _SPELLED.get(name, name)


def _id(subscription: str, location: str, parts: list[str]) -> str:
    kinds = ("publishers", "artifacttypes/vmimage/offers", "skus", "versions")
    tail = "".join(f"/{kind}/{_spelled(part)}" for kind, part in zip(kinds, parts, strict=False))
    return f"/subscriptions/{subscription}/providers/Microsoft.Compute/locations/{location}{tail}"
