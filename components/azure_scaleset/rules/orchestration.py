"""Rules of the orchestration mode."""

from collections.abc import Iterator, Mapping
from typing import Any

from azure_scaleset.rules.facts import DATA_DISKS, INTERFACES, PROFILE, capacity, flexible, is_true, present, size, zone_count
from azure_scaleset.rules.rule import Found, Subject, shown
from azure_scaleset.rules.value import UNKNOWN, absent, get, integer, items, maps, one_of, same, text

_rules = Subject("Orchestration mode")

_ACD = "acd orchestration-modes"
_FAULT_DOMAINS = "platformFaultDomainCount"
_API_VERSION = f"{PROFILE}.networkProfile.networkApiVersion"


@_rules.warning("O1", "The orchestration mode is stated.", source=_ACD)
def mode_given(inputs: Any) -> Iterator[Found]:
    """The command line's default is Flexible, the API's is Uniform."""
    if absent(inputs, "orchestrationMode"):
        yield Found(
            "orchestrationMode",
            "orchestrationMode is absent, which means Uniform. Expected it stated: other tools take Flexible.",
            "Set it to Uniform.",
        )


@_rules.error("O2", "A Flexible set states its number of fault domains.", source="Azure/azure-cli#27871")
def flexible_fault_domains(inputs: Any) -> Iterator[Found]:
    """There is no default."""
    if flexible(inputs) and present(inputs, PROFILE) is not None and absent(inputs, _FAULT_DOMAINS):
        yield Found(
            _FAULT_DOMAINS, "platformFaultDomainCount is absent in a Flexible set. Expected 1, or 2 to 3 in a regional set.", "Set it to 1."
        )


@_rules.error("O3", "A zonal Flexible set has one fault domain.", source="kubernetes-sigs/cluster-api-provider-azure#4451")
def flexible_zones(inputs: Any) -> Iterator[Found]:
    """The zones are what spreads it."""
    count = integer(get(inputs, _FAULT_DOMAINS))
    if flexible(inputs) and zone_count(inputs) and count is not None and count > 1:
        yield Found(_FAULT_DOMAINS, f"platformFaultDomainCount is {count} in a Flexible set with zones. Expected 1.", "Set it to 1.")


@_rules.error("O4", "The number of fault domains is one that mode and zones allow.", source=f"{_ACD}; issue threads")
def fault_domains(inputs: Any) -> Iterator[Found]:
    """A region may allow fewer than 3 or 5."""
    count, zones, mode = integer(get(inputs, _FAULT_DOMAINS)), zone_count(inputs), flexible(inputs)
    if count is None or zones is None or mode is None or (mode and zones):
        return
    allowed, told = ((1, 2, 3), "1 to 3") if mode else ((1, 5), "1 or 5") if zones else ((1, 2, 3, 4, 5), "1 to 5")
    if count not in allowed:
        kind = "regional Flexible" if mode else "zonal Uniform" if zones else "regional Uniform"
        yield Found(
            _FAULT_DOMAINS, f"platformFaultDomainCount is {count} in a {kind} set. Expected {told}.", "Set it to 1, which spreads best."
        )


@_rules.error("O5", "A Flexible set has no system-assigned identity.", source="Azure/bicep-registry-modules#2671")
def flexible_identity(inputs: Any) -> Iterator[Found]:
    """Each machine of it is a resource of its own."""
    kind = text(get(inputs, "identity.type"))
    if flexible(inputs) and kind is not None and "systemassigned" in kind.casefold():
        yield Found(
            "identity.type",
            f"identity.type is {kind!r} in a Flexible set. Expected UserAssigned or None.",
            "Take a user-assigned identity.",
        )


@_rules.error("O6", "A Flexible set with interfaces states networkApiVersion.", source="kubernetes-sigs/cloud-provider-azure#2697; SDK34")
def flexible_network_version(inputs: Any) -> Iterator[Found]:
    """The version that its machines' interfaces are made with."""
    if flexible(inputs) and next(items(inputs, INTERFACES), None) is not None and absent(inputs, _API_VERSION):
        yield Found(
            _API_VERSION, "networkApiVersion is absent in a Flexible set. Expected 2020-11-01 or 2022-11-01.", "Set it to 2022-11-01."
        )


@_rules.warning("O7", "A Uniform set has no networkApiVersion.", source="Azure/azure-powershell#15331")
def uniform_network_version(inputs: Any) -> Iterator[Found]:
    """Older API versions refused it."""
    if flexible(inputs) is False and text(get(inputs, _API_VERSION)) is not None:
        yield Found(
            _API_VERSION,
            f"networkApiVersion is {get(inputs, _API_VERSION)!r} in a Uniform set. Expected it in Flexible sets only.",
            "Remove it.",
        )


@_rules.error("O8", "A Flexible set has none of what only Uniform sets can.", source=f"{_ACD}; Azure/azure-cli#21834")
def flexible_refuses(inputs: Any) -> Iterator[Found]:
    """Overprovisioning, the balancer's probe as health, NAT pools, unmanaged disks, one placement group."""
    if not flexible(inputs):
        return
    probe = f"{PROFILE}.networkProfile.healthProbe"
    for path, given, told, mend in (
        ("overprovision", is_true(inputs, "overprovision"), "is true", "Set it to false."),
        ("doNotRunExtensionsOnOverprovisionedVMs", is_true(inputs, "doNotRunExtensionsOnOverprovisionedVMs"), "is true", "Remove it."),
        (probe, text(get(inputs, f"{probe}.id")) is not None, "is given", "Remove it, and take the application health extension."),
        ("singlePlacementGroup", is_true(inputs, "singlePlacementGroup") and not _large_memory(inputs), "is true", "Set it to false."),
    ):
        if given:
            yield Found(path, f"{path.rpartition('.')[2]} {told} in a Flexible set. Expected it in Uniform sets only.", mend)
    for path, configuration in maps(inputs, INTERFACES):
        for place, address in maps(configuration, "ipConfigurations"):
            if next(items(address, "loadBalancerInboundNatPools"), None) is not None:
                yield Found(
                    f"{path}.{place}.loadBalancerInboundNatPools",
                    "loadBalancerInboundNatPools is given in a Flexible set. Expected it in Uniform sets only.",
                    "Take a NAT rule of the balancer that names the pool.",
                )


def _large_memory(inputs: Any) -> bool:
    # Azure names sizes of the M series that may.
    name = size(inputs)
    return name is None or name.casefold().startswith("standard_m")


@_rules.error("O9", "An instance mix is for Flexible sets.", source=f"{_ACD}; SDK34")
def uniform_refuses(inputs: Any) -> Iterator[Found]:
    """Uniform machines are all alike."""
    if flexible(inputs) is False and present(inputs, "skuProfile"):
        yield Found(
            "skuProfile",
            "skuProfile is given in a Uniform set. Expected it in Flexible sets only.",
            "Remove it, or set orchestrationMode to Flexible.",
        )


@_rules.error("O9", "A Uniform set has a model of its machines.", source=_ACD)
def uniform_profile(inputs: Any) -> Iterator[Found]:
    """Only a Flexible set may be empty."""
    if flexible(inputs) is False and isinstance(inputs, Mapping) and absent(inputs, PROFILE):
        yield Found(
            PROFILE, "virtualMachineProfile is absent in a Uniform set. Expected one.", "Add it, or set orchestrationMode to Flexible."
        )


@_rules.warning("O9", "An instance mix has size Mix, at most 5 sizes, and ranks only when prioritized.", source=f"{_ACD}; SDK34")
def instance_mix(inputs: Any) -> Iterator[Found]:
    """No text of a refusal was found."""
    if not flexible(inputs) or not isinstance(get(inputs, "skuProfile"), Mapping):
        return
    name = get(inputs, "sku.name")
    if name is not UNKNOWN and not same(name, "Mix"):
        yield Found("sku.name", f"sku.name is {shown(name)}, and skuProfile is given. Expected Mix.", "Set sku.name to Mix.")
    sizes = list(items(inputs, "skuProfile.vmSizes"))
    if len(sizes) > 5:
        yield Found("skuProfile.vmSizes", f"vmSizes has {len(sizes)} sizes. Expected at most 5.", "Remove some.")
    strategy = get(inputs, "skuProfile.allocationStrategy")
    ranked = next((path for path, each in maps(inputs, "skuProfile.vmSizes") if each.get("rank") is not None), None)
    if ranked and strategy is not UNKNOWN and not same(strategy, "Prioritized"):
        yield Found(
            f"{ranked}.rank",
            f"rank is given, and allocationStrategy is {shown(strategy)}. Expected it with Prioritized only.",
            "Remove the ranks, or take Prioritized.",
        )


@_rules.error("O11", "A Flexible set has at most 1000 instances.", source=_ACD)
def flexible_capacity(inputs: Any) -> Iterator[Found]:
    """Uniform sets have S1 and S2."""
    instances = capacity(inputs)
    if flexible(inputs) and instances is not None and instances > 1000:
        yield Found("sku.capacity", f"capacity is {instances} in a Flexible set. Expected at most 1000.", "Take several scale sets.")


@_rules.warning("O11", "A Flexible set with several fault domains has at most 200 instances.", source=_ACD)
def flexible_capacity_spread(inputs: Any) -> Iterator[Found]:
    """The documentation isn't plain about this one."""
    instances, domains = capacity(inputs), integer(get(inputs, _FAULT_DOMAINS))
    if flexible(inputs) and domains is not None and domains > 1 and instances is not None and 200 < instances <= 1000:
        yield Found(
            "sku.capacity",
            f"capacity is {instances} with {domains} fault domains. Expected at most 200.",
            "Set platformFaultDomainCount to 1.",
        )


@_rules.warning("O16", "Disk performance isn't set in a Flexible set.", source=f"{_ACD} against TF")
def flexible_disk_performance(inputs: Any) -> Iterator[Found]:
    """Sources disagree for UltraSSD and PremiumV2 disks; K7 speaks of the others."""
    for path, disk in maps(inputs, DATA_DISKS) if flexible(inputs) else ():
        for name in ("diskIOPSReadWrite", "diskMBpsReadWrite"):
            if integer(disk.get(name)) is not None and one_of(
                get(disk, "managedDisk.storageAccountType"), ("UltraSSD_LRS", "PremiumV2_LRS")
            ):
                yield Found(
                    f"{path}.{name}",
                    f"{name} is {integer(disk.get(name))} in a Flexible set. Expected it in Uniform sets: sources disagree about Flexible ones.",
                    "Check it with one instance.",
                )
