"""Instances: numbering, names, placement. Each is a document of kind `instance`."""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter

from offline.arm.compute import os_disk
from offline.arm.compute.model import ScaleSet
from offline.arm.compute.tree import dig
from offline.arm.http import Json
from offline.arm.network import pools
from offline.arm.store import Store

INSTANCE = "Microsoft.Compute/virtualMachineScaleSets/virtualMachines"
MACHINE = "Microsoft.Compute/virtualMachines"

UPDATE_DOMAINS = 5
"""A Uniform set has so many, in each zone."""

STILL_UP = ("terminate", "preempt")
"""Kinds of work during which an instance runs and serves as before: it has been told that it will be deleted, or evicted."""

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def resource_id(set_id: str, instance_id: str) -> str:
    """The ARM id of an instance."""
    return f"{set_id}/virtualMachines/{instance_id}"


def machine_id(set_id: str, name: str) -> str:
    """The ARM id of the virtual machine that an instance of a Flexible set is (O13)."""
    return f"{set_id.partition('/providers/')[0]}/providers/{MACHINE}/{name}"


def instances(store: Store, set_id: str) -> list[Json]:
    """All instances of a set, oldest first."""
    return sorted(store.documents("instance", set_id), key=lambda each: each["number"])


def save(scale_set: ScaleSet, instance: Json) -> None:
    """Writes an instance; an event tells when it goes into or out of the rotation of the balancer."""
    serving = serves(instance)
    if serving != instance["serving"]:
        instance["serving"] = serving
        scale_set.store.log("serving", resource_id(scale_set.id, instance["instanceId"]), serving=serving)
    scale_set.store.put_document("instance", scale_set.id, instance["instanceId"], instance)


def join_pools(scale_set: ScaleSet, instance: Json) -> None:
    """Puts an instance into the backend pools that its model names, and out of all others; an event tells which these are. The caller saves it."""
    joined = sorted({pool for configuration in pools.of_ip_configurations(scale_set.body) for pool in configuration})
    if joined != instance["pools"]:
        instance["pools"] = joined
        scale_set.store.log("pools", resource_id(scale_set.id, instance["instanceId"]), pools=joined)


def serves(instance: Json) -> bool:
    """Whether the balancer sends it requests: it runs, nothing is being done to it, and its health signal says healthy (without one: it is provisioned)."""
    told = instance["work"] is not None and instance["work"]["kind"] in STILL_UP
    up = instance["powerState"] == "running" and (instance["work"] is None or told)
    provisioned = instance["provisioningState"] if not told else instance["work"]["before"]
    return up and (instance["health"] == "healthy" if instance["signal"] is not None else bool(provisioned == "Succeeded"))


def forget(scale_set: ScaleSet, instance: Json) -> None:
    """Removes an instance and its OS disk."""
    if instance["serving"]:
        scale_set.store.log("serving", resource_id(scale_set.id, instance["instanceId"]), serving=False)
    os_disk.remove(scale_set.store, instance)
    scale_set.store.delete_document("instance", scale_set.id, instance["instanceId"])
    scale_set.store.delete(resource_id(scale_set.id, instance["instanceId"]))
    if scale_set.flexible:
        scale_set.store.delete(machine_id(scale_set.id, instance["name"]))
    scale_set.store.log("instanceDeleted", resource_id(scale_set.id, instance["instanceId"]), zone=instance["zone"])


def new(scale_set: ScaleSet, places: Places) -> Json:
    """A new instance with the latest model, which is being made; the row by which ARM knows that it exists is written, the instance not yet."""
    number = scale_set.store.count_up(scale_set.id, "instance")
    unique = hashlib.sha256(f"{scale_set.properties['uniqueId']}/{number}".encode()).hexdigest()
    name = f"{scale_set.name}_{unique[:8] if scale_set.flexible else number}"
    instance: Json = {
        "instanceId": name if scale_set.flexible else str(number),
        "number": number,
        "name": name,
        "vmId": str(uuid.UUID(unique[:32])),
        "computerName": (dig(scale_set.profile, "osProfile.computerNamePrefix") or scale_set.name) + _base36(number),
        **places.take(),
        "timeCreated": scale_set.store.now().isoformat(),
        "provisioningState": "Creating",
        "powerState": "starting",
        "protection": {},
        "extensions": {},
        "signal": None,
        "health": None,
        "healthTime": None,
        "serving": False,
        "pools": [],
        "work": None,
        "turn": 0,
        "model": scale_set.model_fingerprint,
        "size": scale_set.size,
        "disks": 0,
    }
    instance |= os_disk.make(scale_set, instance)
    row = {"id": resource_id(scale_set.id, instance["instanceId"]), "name": instance["instanceId"], "type": INSTANCE}
    scale_set.store.put(row["id"], INSTANCE, row)
    if scale_set.flexible:
        machine: Json = {"name": name, "type": MACHINE, "location": scale_set.body.get("location"), "scaleSet": scale_set.id}
        scale_set.store.put(machine_id(scale_set.id, name), MACHINE, {"id": machine_id(scale_set.id, name), **machine})
    return instance


class Places:
    """Where the next instances of a set go: the zone, and in it the fault domain and the update domain, with the fewest instances."""

    def __init__(self, scale_set: ScaleSet) -> None:
        self._zones: list[str | None] = [*scale_set.zones] or [None]
        self._fault_domains = range(scale_set.properties.get("platformFaultDomainCount") or 1)
        # A Flexible set has no update domains (O10).
        self._update_domains: list[int | None] = [None] if scale_set.flexible else [*range(UPDATE_DOMAINS)]
        present = [each for each in instances(scale_set.store, scale_set.id) if not is_leaving(each)]
        self._in_zones = Counter(each["zone"] for each in present)
        self._in_fault_domains = Counter((each["zone"], each["faultDomain"]) for each in present)
        self._in_update_domains = Counter((each["zone"], each["updateDomain"]) for each in present)

    def take(self) -> Json:
        """The place of one more instance: `{"zone", "faultDomain", "updateDomain"}`, None where there is no such thing."""
        zone = min(self._zones, key=lambda each: self._in_zones[each])
        fault_domain = min(self._fault_domains, key=lambda each: self._in_fault_domains[zone, each])
        update_domain = min(self._update_domains, key=lambda each: self._in_update_domains[zone, each])
        self._in_zones[zone] += 1
        self._in_fault_domains[zone, fault_domain] += 1
        self._in_update_domains[zone, update_domain] += 1
        return {"zone": zone, "faultDomain": fault_domain, "updateDomain": update_domain}


def is_leaving(instance: Json) -> bool:
    """Whether an instance is being deleted, or has been told that it will be."""
    return instance["work"] is not None and instance["work"]["kind"] in ("delete", "terminate")


def _base36(number: int) -> str:
    digits = ""
    for _ in range(6):
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
    return digits
