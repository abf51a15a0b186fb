"""Instances: numbering, names, placement; which are made and which go when the capacity changes. Each is a document of kind `instance`."""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter

from offline.arm.compute import guest, images
from offline.arm.compute.model import ScaleSet
from offline.arm.compute.tree import dig
from offline.arm.http import Json
from offline.arm.store import Store

INSTANCE = "Microsoft.Compute/virtualMachineScaleSets/virtualMachines"
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def resource_id(set_id: str, instance_id: str) -> str:
    """The ARM id of an instance."""
    return f"{set_id}/virtualMachines/{instance_id}"


def instances(store: Store, set_id: str) -> list[Json]:
    """All instances of a set, oldest first."""
    return sorted(store.documents("instance", set_id), key=lambda each: each["number"])


def save(scale_set: ScaleSet, instance: Json) -> None:
    """Writes an instance, and the row by which ARM knows that it exists."""
    scale_set.store.put_document("instance", scale_set.id, instance["instanceId"], instance)
    row = {"id": resource_id(scale_set.id, instance["instanceId"]), "name": instance["instanceId"], "type": INSTANCE}
    scale_set.store.put(row["id"], INSTANCE, row)


def create(scale_set: ScaleSet, count: int) -> tuple[list[guest.Failure], float]:
    """Makes instances with the latest model and starts them, all at the same time; gives the failures and how long the slowest took."""
    failures, longest = [], 0.0
    for _ in range(count):
        instance = _new(scale_set)
        scale_set.store.log(
            "instanceCreated",
            resource_id(scale_set.id, instance["instanceId"]),
            computerName=instance["computerName"],
            zone=instance["zone"],
            faultDomain=instance["faultDomain"],
            imageReference=instance["imageReference"],
            customData=instance["customData"],
        )
        failed, seconds = guest.bring_extensions(scale_set, instance)
        failures += failed
        longest = max(longest, seconds)
        save(scale_set, instance)
    return failures, longest


def delete(scale_set: ScaleSet, instance: Json) -> None:
    """Removes an instance."""
    scale_set.store.delete_document("instance", scale_set.id, instance["instanceId"])
    scale_set.store.delete(resource_id(scale_set.id, instance["instanceId"]))
    scale_set.store.log("instanceDeleted", resource_id(scale_set.id, instance["instanceId"]), zone=instance["zone"])


def _new(scale_set: ScaleSet) -> Json:
    counter = scale_set.store.document("instanceCounter", scale_set.id, "next") or {"number": 0}
    number = counter["number"]
    scale_set.store.put_document("instanceCounter", scale_set.id, "next", {"number": number + 1})
    unique = hashlib.sha256(f"{scale_set.properties['uniqueId']}/{number}".encode()).hexdigest()
    name = f"{scale_set.name}_{unique[:8] if scale_set.flexible else number}"
    zone, fault_domain = _place(scale_set)
    instance = {
        "instanceId": name if scale_set.flexible else str(number),
        "number": number,
        "name": name,
        "vmId": str(uuid.UUID(unique[:32])),
        "computerName": (dig(scale_set.profile, "osProfile.computerNamePrefix") or scale_set.name) + _base36(number),
        "zone": zone,
        "faultDomain": fault_domain,
        "timeCreated": scale_set.store.now().isoformat(),
        "provisioningState": "Succeeded",
        "powerState": "running",
        "extensions": {},
    }
    install_image(scale_set, instance)
    return instance


def install_image(scale_set: ScaleSet, instance: Json) -> None:
    """What only a new OS disk takes from the model: the image and customData. `latest` becomes the version of now."""
    instance |= {
        "imageReference": images.exact(scale_set.store, scale_set.image_reference) if scale_set.image_reference else {},
        "customData": dig(scale_set.profile, "osProfile.customData"),
        "osDiskTime": scale_set.store.now().isoformat(),
    }
    adopt(scale_set, instance)


def adopt(scale_set: ScaleSet, instance: Json) -> None:
    """Notes that the instance has been brought to this model, whatever of it has reached the OS."""
    instance |= {"model": scale_set.model_fingerprint, "profile": scale_set.profile, "size": dig(scale_set.body, "sku.name")}


def _place(scale_set: ScaleSet) -> tuple[str | None, int]:
    """The zone, and in it the fault domain, with the fewest instances."""
    present = instances(scale_set.store, scale_set.id)
    in_zones = Counter(each["zone"] for each in present)
    zone = min(scale_set.zones, key=lambda each: in_zones[each], default=None)
    in_domains = Counter(each["faultDomain"] for each in present if each["zone"] == zone)
    domains = range(scale_set.properties.get("platformFaultDomainCount") or 1)
    return zone, min(domains, key=lambda each: in_domains[each])


def _base36(number: int) -> str:
    digits = ""
    for _ in range(6):
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
    return digits


def leaving(scale_set: ScaleSet, count: int) -> list[Json]:
    """The instances that a scale-in removes: always from the zone that has most; within it the newest, or the oldest by rule `OldestVM`.

    Azure's rule `Default` also balances fault domains before it takes the highest number; that part is left out.
    """
    remaining = instances(scale_set.store, scale_set.id)
    oldest_first = (dig(scale_set.properties, "scaleInPolicy.rules") or ["Default"])[0] == "OldestVM"
    chosen: list[Json] = []
    for _ in range(count):
        in_zones = Counter(each["zone"] for each in remaining)
        fullest = [each for each in remaining if in_zones[each["zone"]] == max(in_zones.values())]
        goes = fullest[0] if oldest_first else fullest[-1]
        remaining.remove(goes)
        chosen.append(goes)
    return chosen
