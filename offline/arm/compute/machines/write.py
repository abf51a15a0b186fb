"""Writing a virtual machine: what a PUT fills in, the disk it makes, the work it begins."""

from __future__ import annotations

import copy
import uuid
from dataclasses import replace

from offline.arm.compute import durations as takes
from offline.arm.compute import images
from offline.arm.compute.images import SUPPORTED, TRUSTED_LAUNCH, Content, content_of
from offline.arm.compute.images.sources import DISK
from offline.arm.compute.machines import refusals, verbs, work
from offline.arm.compute.machines.machine import MACHINE, Machine, load, new_state
from offline.arm.compute.model import identity_of
from offline.arm.compute.tree import dig
from offline.arm.errors import not_implemented
from offline.arm.http import Json
from offline.arm.registry import OPERATION, Context

_HIDDEN = ("adminPassword", "customData")


def write(context: Context, new: Json, old: Json | None) -> Json:
    """Checks and completes the body and begins the work that the write takes."""
    body = copy.deepcopy({**new, "properties": new.get("properties") or {}})
    if body.get("identity"):
        body["identity"] = identity_of(context.id.text, body["identity"], context.store)
    return _create(context, body) if old is None else _update(context, body, old)


def _create(context: Context, body: Json) -> Json:
    store, machine_id = context.store, context.id.text
    refusals.check_new(store, machine_id, body)
    if dig(body, "properties.networkProfile.networkInterfaceConfigurations"):
        raise not_implemented("interfaces that are made with a virtual machine (`networkInterfaceConfigurations`)")
    properties = body["properties"]
    profile = refusals.as_profile(store, machine_id, body)
    image = profile.image if profile.image_reference else None
    if image is not None:
        body["properties"] = properties = _defaults(properties, image)
        properties["storageProfile"]["imageReference"] = profile.exact_image
    properties |= {
        "vmId": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{machine_id.lower()} {store.now().isoformat()}")),
        "timeCreated": store.now().isoformat(),
    }
    if image is not None and "osProfile" in properties:
        properties["osProfile"].setdefault("computerName", context.id.name)
    disk = properties["storageProfile"].setdefault("osDisk", {"createOption": "FromImage"})
    _give_disk(context, body, disk, image.content if image else None)
    machine = Machine(store, {"id": machine_id, "name": context.id.name, "type": MACHINE, **body}, new_state())
    store.log("machineCreated", machine_id, imageReference=dig(properties, "storageProfile.imageReference"))
    operation = verbs.create(machine, image is None or image.boots)
    return {**body, "properties": {**properties, "provisioningState": "Creating"}, OPERATION: operation}


def _defaults(properties: Json, image: images.Image) -> Json:
    """T25: a machine of an image that supports Trusted Launch, and that says nothing of it, is one."""
    security = dict(properties.get("securityProfile") or {})
    if security.get("securityType") is None and image.security in (TRUSTED_LAUNCH, *SUPPORTED):
        security["securityType"] = TRUSTED_LAUNCH
    if security.get("securityType") == TRUSTED_LAUNCH:
        security["uefiSettings"] = {"secureBootEnabled": True, "vTpmEnabled": True, **(security.get("uefiSettings") or {})}
    return {**properties, "securityProfile": security} if security else properties


def _give_disk(context: Context, body: Json, disk: Json, content: Content | None) -> None:
    """The OS disk as a resource: made from the image, or the one that is attached."""
    store, properties = context.store, body["properties"]
    trusted = dig(properties, "securityProfile.securityType") == TRUSTED_LAUNCH
    if content is None:
        disk_id = str(disk["managedDisk"]["id"])
        stored = store.get(disk_id) or {}
        attached = content_of(store, disk_id)
        assert attached is not None, "the checks saw it"
        content = replace(attached, prepared=False)
    else:
        disk["name"] = disk.get("name") or f"{context.id.name}_OsDisk_1_{properties['vmId'].replace('-', '')}"
        disk_id = f"{context.id.text.partition('/providers/')[0]}/providers/{DISK}/{disk['name']}"
        kind = dig(disk, "managedDisk.storageAccountType") or "Standard_LRS"
        content = replace(content, prepared=False, trusted=trusted)
        made = {
            **content.shown,
            "creationData": {"createOption": "FromImage"},
            "diskSizeGB": disk.get("diskSizeGB") or 30,
            "uniqueId": properties["vmId"],
            "provisioningState": "Succeeded",
            "timeCreated": store.now().isoformat(),
        }
        stored = {"location": body["location"], "sku": {"name": kind, "tier": kind.partition("_")[0]}, "properties": made}
        if body.get("zones"):
            stored["zones"] = body["zones"]
    stored["properties"]["diskState"] = "Attached"
    store.put(disk_id, DISK, {**stored, "id": disk_id, "name": disk_id.rpartition("/")[2], "type": DISK, "managedBy": context.id.text})
    content.save(store, disk_id)
    disk["managedDisk"] = {"storageAccountType": (stored.get("sku") or {}).get("name"), **(disk.get("managedDisk") or {}), "id": disk_id}
    disk |= {"osType": content.os, "deleteOption": disk.get("deleteOption") or "Detach", "caching": disk.get("caching") or "ReadWrite"}


def _update(context: Context, body: Json, old: Json) -> Json:
    """What may change: the size (with a restart), tags, identity, disks' caching, diagnostics. What is left out stays."""
    machine = load(context.store, old["id"])
    assert machine is not None, "instances of sets are not written here"
    before, after = old["properties"], body["properties"]
    # The exact version is Azure's own word, and a client that sends back what it read says nothing new by it.
    for each in (before, after):
        reference = dig(each, "storageProfile.imageReference")
        if reference:
            reference.pop("exactVersion", None)
    refusals.check_change(old, body, machine.generalized)
    work.refuse_busy(machine)
    merged = {**before, **after, "storageProfile": _storage(before, after), "osProfile": before.get("osProfile"), "vmId": before["vmId"]}
    merged = {name: value for name, value in merged.items() if value is not None}
    reference = dig(merged, "storageProfile.imageReference")
    if reference and reference.get("publisher"):
        reference["exactVersion"] = dig(machine.properties, "storageProfile.imageReference.exactVersion")
    resized = dig(after, "hardwareProfile.vmSize") not in (None, dig(before, "hardwareProfile.vmSize"))
    machine.body.update({**body, "properties": merged})
    if resized and machine.running:
        operation = work.begin(machine, "power", takes.RESTART_SECONDS, to="running", boots=True)
    else:
        operation = work.begin(machine, "update", takes.UPDATE_SECONDS)
    return {**machine.body, OPERATION: operation}


def _storage(before: Json, after: Json) -> Json:
    """The storage profile with what may change of the OS disk."""
    storage = before["storageProfile"]
    stated = dig(after, "storageProfile.osDisk") or {}
    return {**storage, "osDisk": {**storage["osDisk"], **{name: stated[name] for name in ("deleteOption", "caching") if name in stated}}}


def visible(body: Json) -> Json:
    """The body as GET returns it: without password and custom data."""
    profile = dig(body, "properties.osProfile")
    if not profile:
        return body
    shown = {name: value for name, value in profile.items() if name not in _HIDDEN}
    return {**body, "properties": {**body["properties"], "osProfile": shown}}


work.ENDS["update"] = lambda machine, done: []
