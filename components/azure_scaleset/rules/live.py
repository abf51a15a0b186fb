"""Rules that need what Azure alone can tell: the scale set's size in its region, and its image."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from azure_scaleset.rules.disks import premium_disks
from azure_scaleset.rules.facts import IMAGE, INTERFACES, is_true
from azure_scaleset.rules.rule import Found, Subject, Target
from azure_scaleset.rules.value import UNKNOWN, get, items, known, maps, same, text

_rules = Subject("Size and image in Azure", Target.LIVE)
_DISKS = "virtualMachineProfile.storageProfile.dataDisks"


@dataclass(frozen=True)
class Live:
    """A scale set's inputs, with Azure's answers. An answer that is UNKNOWN wasn't given, and None means that Azure has no such thing."""

    scale_set: Any
    """The scale set."""
    size: Any
    """Its size, an item of `Microsoft.Compute/skus`."""
    image: Any
    """The version of its platform image, `VirtualMachineImage`."""


def capability(size: Any, name: str) -> str | None:
    """What Azure says of a *size*; None where it says nothing."""
    return next((text(each.get("value")) for _, each in maps(size, "capabilities") if same(each.get("name"), name)), None)


def answered(live: Live) -> frozenset[str]:
    """Ids of the rules that guess by names what these answers tell: a warning of theirs is void then."""
    image = get(live.image, "properties")
    told = {
        "C2": text(get(image, "hyperVGeneration")) is not None,
        "G11": capability(live.size, "CpuArchitectureType") is not None and text(get(image, "architecture")) is not None,
        "K6": capability(live.size, "PremiumIO") is not None,
        "Q7": live.size is not UNKNOWN,
        # Where Azure says no, the warning stands: not every image that it doesn't list is refused.
        "U14": is_true(image, "automaticOSUpgradeProperties.automaticOSUpgradeSupported"),
    }
    return frozenset(id for id, is_told in told.items() if is_told)


@_rules.error("S7", "The size is offered in the region, and in each zone, to the subscription.", source="skus API; issue threads")
def size_offered(live: Live) -> Iterator[Found]:
    """By the list of sizes: restrictions are those of the subscription."""
    name, size = get(live.scale_set, "sku.name"), live.size
    if size is UNKNOWN:
        return
    if not isinstance(size, Mapping):
        yield Found("sku.name", f"sku.name is {name!r}. Expected a size that the region offers.", _SIZES)
        return
    if any(same(each.get("type"), "Location") for _, each in maps(size, "restrictions")):
        yield Found("sku.name", f"{name} is not available to the subscription in the region. Expected one that is.", _SIZES)
    places = [place for _, place in maps(size, "locationInfo") if known(place, "zones")]
    if not places:
        return
    offered = {str(zone) for place in places for _, zone in items(place, "zones")}
    closed = {
        str(zone)
        for _, each in maps(size, "restrictions")
        if same(each.get("type"), "Zone")
        for _, zone in items(each, "restrictionInfo.zones")
    }
    for path, zone in items(live.scale_set, "zones"):
        # Other names than these are no zones anywhere, which the rule of placement says.
        if zone in ("1", "2", "3") and zone not in offered - closed:
            left = ", ".join(sorted(offered - closed)) or "none"
            yield Found(path, f"{name} is not available in zone {zone}. Expected one of: {left}.", "Take other zones, or another size.")


_SIZES = "`az vm list-skus --location REGION --output table` lists the sizes; take another one."


@_rules.error("K2", "There are no more data disks than the size takes.", source="skus API")
def disk_count(live: Live) -> Iterator[Found]:
    """Those of the image alone aren't counted."""
    most, disks = capability(live.size, "MaxDataDiskCount"), len(list(items(live.scale_set, _DISKS)))
    if most is not None and most.isdecimal() and disks > int(most):
        yield Found(
            _DISKS, f"{disks} data disks. Expected at most {most} of a {get(live.scale_set, 'sku.name')}.", "Take fewer, or a larger size."
        )


@_rules.error("L16", "Accelerated networking is asked of a size that has it.", source="skus API")
def accelerated_networking(live: Live) -> Iterator[Found]:
    """By the list of sizes."""
    for path, interface in maps(live.scale_set, INTERFACES):
        if is_true(interface, "enableAcceleratedNetworking") and same(capability(live.size, "AcceleratedNetworkingEnabled"), "False"):
            yield Found(
                f"{path}.enableAcceleratedNetworking",
                f"enableAcceleratedNetworking is true, and {get(live.scale_set, 'sku.name')} has none. Expected false.",
                "Leave it out, or take another size.",
            )


@_rules.error("G3", "The platform image exists in the region.", source="issue threads")
def image_exists(live: Live) -> Iterator[Found]:
    """As Azure says of the version."""
    if live.image is None:
        names = ":".join(str(get(live.scale_set, f"{IMAGE}.{key}")) for key in ("publisher", "offer", "sku", "version"))
        yield Found(
            IMAGE,
            f"The region has no platform image {names}. Expected one that it has.",
            "`az vm image list --all --publisher P --offer O --location REGION` lists what there is.",
        )


@_rules.warning("G3", "The platform image isn't given up by its publisher.", source="SDK39 imageDeprecationStatus")
def image_kept(live: Live) -> Iterator[Found]:
    """Azure goes on making instances of a deprecated image for a while."""
    state = text(get(live.image, "properties.imageDeprecationStatus.imageState"))
    if state is not None and not same(state, "Active"):
        yield Found(IMAGE, f"The publisher says of the image: {state}. Expected an image that is kept up.", "Take its successor.")


@_rules.error("G10", "The size boots the image's generation.", source="issue threads")
def generation(live: Live) -> Iterator[Found]:
    """Gen1 images don't boot on sizes of generation 2 alone, nor the reverse."""
    able, given = capability(live.size, "HyperVGenerations"), text(get(live.image, "properties.hyperVGeneration"))
    if able and given and not any(same(each.strip(), given) for each in able.split(",")):
        yield Found(
            "sku.name", f"{get(live.scale_set, 'sku.name')} boots generation {able}, and the image is of {given}. Expected the same.", _FIT
        )


@_rules.error("G11", "Image and size are of one processor architecture.", source="azure-docs#108577; hashicorp/packer#12188")
def architecture(live: Live) -> Iterator[Found]:
    """x64 or Arm64."""
    size, image = capability(live.size, "CpuArchitectureType"), text(get(live.image, "properties.architecture"))
    if size and image and not same(size, image):
        yield Found("sku.name", f"{get(live.scale_set, 'sku.name')} is {size}, and the image is for {image}. Expected the same.", _FIT)


@_rules.error(
    "R7",
    "A platform image with a plan has it in the scale set.",
    source="Azure/sap-automation#433; hashicorp/terraform-provider-azurerm#4678",
)
def plan_given(live: Live) -> Iterator[Found]:
    """As Azure says of the image. A plan that the image doesn't have isn't judged: no text of a refusal was found."""
    wanted = get(live.image, "properties.plan")
    if isinstance(wanted, Mapping) and wanted and get(live.scale_set, "plan") is None:
        names = ", ".join(f"{key}: {text(wanted.get(key))}" for key in ("name", "product", "publisher"))
        yield Found(
            "plan",
            f"plan is absent, and the image has one. Expected {{{names}}}.",
            "Give it, and accept the terms once: `az vm image terms accept --urn URN`.",
        )


@_rules.error("K6", "Premium disks are on a size that has them.", source="skus API; issue threads")
def premium_offered(live: Live) -> Iterator[Found]:
    """By the list of sizes."""
    for path, kind in premium_disks(live.scale_set) if same(capability(live.size, "PremiumIO"), "False") else ():
        yield Found(
            path,
            f"storageAccountType is {kind}, and {get(live.scale_set, 'sku.name')} has no premium disks. Expected StandardSSD_LRS.",
            "Take it, or a size with an 's' in its name.",
        )


@_rules.error("C2", "Trusted launch is asked of a size and an image that have it.", source="skus API; acd trusted-launch")
def trusted_launch_offered(live: Live) -> Iterator[Found]:
    """By the list of sizes, and the image's generation. A size of generation 1 alone can't have it either; where the image tells its own, G10 compares the two."""
    path = "virtualMachineProfile.securityProfile.securityType"
    if not same(get(live.scale_set, path), "TrustedLaunch"):
        return
    able, generation = capability(live.size, "HyperVGenerations"), text(get(live.image, "properties.hyperVGeneration"))
    if same(capability(live.size, "TrustedLaunchDisabled"), "True") or (same(able, "V1") and generation is None):
        yield Found(
            path, f"securityType is TrustedLaunch, which {get(live.scale_set, 'sku.name')} doesn't have. Expected a size that has it.", _FIT
        )
    if same(generation, "V1"):
        yield Found(path, "securityType is TrustedLaunch, and the image is of generation 1. Expected one of generation 2.", _FIT)


@_rules.error("C5", "Encryption at host is asked of a size that has it.", source="skus API")
def encryption_at_host_offered(live: Live) -> Iterator[Found]:
    """By the list of sizes. Whether the subscription has the feature isn't asked."""
    path = "virtualMachineProfile.securityProfile.encryptionAtHost"
    if is_true(live.scale_set, path) and same(capability(live.size, "EncryptionAtHostSupported"), "False"):
        yield Found(
            path,
            f"encryptionAtHost is true, and {get(live.scale_set, 'sku.name')} has none. Expected a size that has it.",
            "Take another size, or leave it out.",
        )


_FIT = "Take another size, or the image's other edition."
