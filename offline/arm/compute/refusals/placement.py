"""Capacity, size, zones, fault domains, placement groups, orchestration mode, spot."""

from __future__ import annotations

from offline.arm.compute import sizes
from offline.arm.compute.model import ScaleSet
from offline.arm.compute.refusals.missing import Check, invalid, missing, not_allowed
from offline.arm.compute.tree import dig
from offline.arm.errors import bad_request, conflict


def capacity(scale_set: ScaleSet) -> None:
    """S1, S2: there is a size and a capacity, not above what the placement groups hold."""
    for name in ("name", "capacity"):
        if dig(scale_set.body, f"sku.{name}") is None and scale_set.profile:
            raise missing(f"sku.{name}")
    if scale_set.capacity < 0:
        raise invalid("sku.capacity")
    managed_image = "/images/" in str(scale_set.image_reference.get("id", "")) and "/galleries/" not in str(
        scale_set.image_reference.get("id", "")
    )
    most = 100 if scale_set.properties.get("singlePlacementGroup") else 600 if managed_image else 1000
    if scale_set.capacity > most:
        raise conflict(
            "OperationNotAllowed",
            f"Unable to create or update Virtual Machine Scale Set '{scale_set.name}' as it exceeds the total limit of '{most}' Virtual Machine instances.",
        )


def zones(scale_set: ScaleSet) -> None:
    """S6, S7."""
    for zone in scale_set.zones:
        if zone not in ("1", "2", "3"):
            raise bad_request(
                "InvalidAvailabilityZone",
                f"The zone(s) '{zone}' for resource '{scale_set.id}' is not supported. The supported zones are '1,2,3'.",
            )
    if scale_set.properties.get("zoneBalance") and len(scale_set.zones) < 2:
        raise invalid("zoneBalance")


def fault_domains(scale_set: ScaleSet) -> None:
    """O2, O3, O4, S4."""
    count, single = scale_set.properties.get("platformFaultDomainCount"), scale_set.properties.get("singlePlacementGroup")
    if scale_set.flexible:
        if count is None:
            raise missing("platformFaultDomainCount")
        if scale_set.zones and count > 1:
            raise bad_request(
                "BadRequest",
                "Specifying Availability Zones is not allowed when Virtual Machine Scale Set has platformFaultDomainCount higher than 1 with OrchestrationMode: 'Flexible'.",
            )
        if not 1 <= count <= 3:
            raise bad_request("BadRequest", f"The specified fault domain count {count} must fall in the range 2 to 3.")
    elif count not in ((1, 5) if scale_set.zones else (1, 2, 3, 4, 5)):
        raise invalid("platformFaultDomainCount")
    elif count == 1 and single and not scale_set.zones:
        raise bad_request(
            "BadRequest", "With platform fault domain count 1, you must use multiple placement groups.", "singlePlacementGroup"
        )


def flexible(scale_set: ScaleSet) -> None:
    """O5, O6, O8: what a Flexible set can't have, and must have."""
    if not scale_set.flexible:
        return
    if "systemassigned" in str(dig(scale_set.body, "identity.type")).lower():
        raise bad_request(
            "InvalidParameter",
            "The value 'SystemAssigned' of parameter 'identity' is not allowed. Allowed values are: UserAssigned, None.",
            "identity",
        )
    network = scale_set.profile.get("networkProfile") or {}
    if network.get("networkInterfaceConfigurations") and not network.get("networkApiVersion"):
        raise bad_request(
            "NetworkApiVersionMustBeSpecifiedWithNetworkInterfaceConfigurations",
            "Network API version must be specified for Virtual Machine Scale Set with OrchestrationMode 'Flexible' when network interface configurations are given.",
        )
    for name in ("overprovision", "doNotRunExtensionsOnOverprovisionedVMs"):
        if scale_set.properties.get(name):
            raise not_allowed(name)
    if network.get("healthProbe"):
        raise not_allowed("networkProfile.healthProbe")


def spot(scale_set: ScaleSet) -> None:
    """P1, P2, P4."""
    price = dig(scale_set.profile, "billingProfile.maxPrice")
    if scale_set.profile.get("priority") not in ("Spot", "Low"):
        given = {
            "evictionPolicy": scale_set.profile.get("evictionPolicy"),
            "billingProfile.maxPrice": price,
            "spotRestorePolicy": scale_set.properties.get("spotRestorePolicy"),
        }
        for name, value in given.items():
            if value is not None:
                raise not_allowed(name)
        return
    if price is not None and price != -1 and price <= 0:
        raise invalid("billingProfile.maxPrice")
    if dig(scale_set.profile, "storageProfile.osDisk.diffDiskSettings") and scale_set.profile.get("evictionPolicy") != "Delete":
        raise invalid("evictionPolicy")


def size(scale_set: ScaleSet) -> None:
    """S7, K2, K6, C2, C5: the size is offered and has what the machines want; each of several, where the set mixes them."""
    mixed = dig(scale_set.properties, "skuProfile.vmSizes") or ()
    for each in mixed:
        sizes.refuse(each["name"], scale_set.profile, "skuProfile.vmSizes")
    if scale_set.size and scale_set.profile and not mixed:
        sizes.refuse(scale_set.size, scale_set.profile, "sku.name")


CHECKS: list[Check] = [capacity, size, zones, fault_domains, flexible, spot]
