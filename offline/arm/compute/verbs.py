"""What can be done to an instance: made, brought to a model, reimaged, restarted, started, stopped, deleted. Each begins work and says what its end does."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from offline.arm import faults
from offline.arm.compute import durations as takes
from offline.arm.compute import guest, instances, notices, os_disk, work
from offline.arm.compute.instances import resource_id
from offline.arm.compute.model import ScaleSet
from offline.arm.compute.taking import Taking, take
from offline.arm.compute.tree import dig, seconds
from offline.arm.http import Json


def create(scale_set: ScaleSet, places: instances.Places, operation: str | None, surplus: bool = False, surge: bool = False) -> Json:
    """Makes an instance with the latest model and starts it. `surplus`: overprovisioned, to be deleted when it is up. `surge`: to replace another."""
    instance = {**instances.new(scale_set, places), "surplus": surplus, "surge": surge}
    os_disk.attach(scale_set, instance, resource_id(scale_set.id, instance["instanceId"]))
    scale_set.store.log(
        "instanceCreated",
        resource_id(scale_set.id, instance["instanceId"]),
        computerName=instance["computerName"],
        zone=instance["zone"],
        faultDomain=instance["faultDomain"],
        imageReference=instance["imageReference"],
        customData=instance["customData"],
    )
    instances.join_pools(scale_set, instance)
    spared = surplus and scale_set.properties.get("doNotRunExtensionsOnOverprovisionedVMs")
    _bring(scale_set, instance, "create", takes.CREATE_SECONDS, operation, disk=None, before={}, state="Creating", runs=not spared)
    return instance


def update(scale_set: ScaleSet, instance: Json, operation: str | None, image: Json | None = None, new_disk: bool = False) -> None:
    """Brings an instance to the set's model, as `taking` says: a changed image reimages (M7), another size restarts (M6), changed extensions run.

    `image`: the exact image in place of what the model says now. `new_disk`: reimage in any case. An instance that does not run gets the model
    noted; its extensions run when it starts.
    """
    stated = {name: value for name, value in instance["imageReference"].items() if name != "exactVersion"}
    taking = take(scale_set.with_model(instance["model"]), scale_set, new_disk or stated != scale_set.image_reference)
    disk = os_disk.make(scale_set, instance) | ({"imageReference": image} if image else {}) if taking.new_disk else None
    runs = instance["powerState"] == "running"
    lasts = takes.UPDATE_SECONDS + (takes.REIMAGE_SECONDS if disk else takes.RESTART_SECONDS if taking.restart and runs else 0)
    before = {} if disk else instance["extensions"]
    _bring(scale_set, instance, "update", lasts, operation, disk, before, runs=runs, taking=taking)


def reimage(scale_set: ScaleSet, instance: Json, operation: str | None) -> None:
    """Gives an instance a new OS disk: customData is read again and every extension runs again (X15).

    It keeps the model that it was last brought to: only an upgrade brings the latest.
    """
    applied = scale_set.with_model(instance["model"])
    _bring(applied, instance, "reimage", takes.REIMAGE_SECONDS, operation, os_disk.make(applied, instance), {})


def start(scale_set: ScaleSet, instance: Json, operation: str | None) -> None:
    """Starts an instance that does not run; extensions of its model that have not run yet run now."""
    if instance["powerState"] == "running":
        return
    _bring(scale_set.with_model(instance["model"]), instance, "start", takes.START_SECONDS, operation, None, instance["extensions"])


def restart(scale_set: ScaleSet, instance: Json, operation: str | None) -> None:
    """Restarts an instance; one that does not run stays as it is."""
    _power(scale_set, instance, operation, takes.RESTART_SECONDS, "running" if instance["powerState"] == "running" else None)


def power_off(scale_set: ScaleSet, instance: Json, operation: str | None) -> None:
    """Stops an instance that runs; it stays allocated."""
    if instance["powerState"] != "running":
        return
    _power(scale_set, instance, operation, takes.POWER_OFF_SECONDS, "stopped")


def deallocate(scale_set: ScaleSet, instance: Json, operation: str | None) -> None:
    """Stops an instance and gives its hardware back."""
    _power(scale_set, instance, operation, takes.DEALLOCATE_SECONDS, "deallocated")


def delete(scale_set: ScaleSet, instance: Json, operation: str | None) -> None:
    """Deletes an instance, whatever it is doing; one that wants to be told first (`notices`) runs on until its time is over."""
    told = notices.seconds_before_deletion(scale_set, instance)
    if told:
        notices.tell(scale_set, instance, "terminate", told, operation, state="Deleting")
    else:
        _delete(scale_set, instance, operation)


def _delete(scale_set: ScaleSet, instance: Json, operation: str | None) -> None:
    work.begin(scale_set, instance, "delete", takes.DELETE_SECONDS, operation, state="Deleting")


def _power(scale_set: ScaleSet, instance: Json, operation: str | None, lasts: float, state: str | None) -> None:
    work.begin(scale_set, instance, "power", lasts, operation, powerState=state)


def _bring(
    scale_set: ScaleSet,
    instance: Json,
    kind: str,
    lasts: float,
    operation: str | None,
    disk: Json | None,
    before: Json,
    state: str = "Updating",
    runs: bool = True,
    taking: Taking | None = None,
) -> None:
    """Begins work at whose end the instance has the model of `scale_set`, perhaps a new disk, and has run its extensions (`runs`)."""
    later = {**instance, **(disk or {}), "model": scale_set.model_fingerprint}
    session = guest.run_extensions(scale_set, later, before, lasts) if runs else guest.Session(before, [], [], [], 0)
    if not later["boots"] and kind in ("create", "reimage"):
        lasts, session = takes.PROVISIONING_TIMEOUT_SECONDS, guest.Session({}, [], [], [_never_provisioned(instance)], 0)
    elif runs and faults.sticks(scale_set.store, scale_set.profile, later):
        lasts = seconds(dig(scale_set.profile, "extensionProfile.extensionsTimeBudget") or takes.EXTENSIONS_TIME_BUDGET) or 0
        session = guest.Session(before, [], [], [_hung(instance)], 0)
    data: dict[str, Any] = {
        "model": scale_set.model_fingerprint,
        "size": scale_set.size,
        "disk": disk,
        "session": asdict(session),
        "runs": runs,
        "taking": asdict(taking) if taking else None,
    }
    work.begin(scale_set, instance, kind, lasts + session.seconds, operation, state, **data)


def _never_provisioned(instance: Json) -> Json:
    message = (
        f"OS Provisioning for VM '{instance['name']}' did not finish in the allotted time. The VM may still finish provisioning successfully. "
        "Please check provisioning state later. Also, make sure the image has been properly prepared (generalized)."
    )
    return {"code": "OSProvisioningTimedOut", "message": message, "target": instance["instanceId"]}


def _hung(instance: Json) -> Json:
    message = f"VM '{instance['instanceId']}' has not reported the end of its extensions within the time budget."
    return {"code": "VMExtensionProvisioningTimeout", "message": message, "target": instance["instanceId"]}


def _brought(scale_set: ScaleSet, instance: Json, done: Json) -> list[Json]:
    store, at = scale_set.store, resource_id(scale_set.id, instance["instanceId"])
    if done["disk"] is not None:
        os_disk.remove(store, instance)
        instance |= done["disk"]
        os_disk.attach(scale_set.with_model(done["model"]), instance, at)
        store.log("instanceReimaged", at, imageReference=instance["imageReference"], customData=instance["customData"])
    instances.join_pools(scale_set.with_model(done["model"]), instance)
    session = done["session"]
    for event in session["runs"]:
        store.log("extensionRun", at, **event)
    instance |= {"model": done["model"], "size": done["size"], "extensions": session["extensions"]}
    instance["provisioningState"] = "Failed" if session["failures"] else "Succeeded"
    if done["runs"] or done["kind"] in ("create", "reimage"):
        instance["powerState"] = "running"
    if done["kind"] == "update":
        taking = done["taking"]
        if taking["restart"] and done["runs"]:
            store.log("powerState", at, state="running")
        store.log(
            "instanceUpgraded", at, reimaged=done["disk"] is not None, failed=session["failed"], took=taking["took"], left=taking["left"]
        )
    if done["kind"] == "start":
        store.log("powerState", at, state="running")
    failures: list[Json] = session["failures"]
    return failures


def _powered(scale_set: ScaleSet, instance: Json, done: Json) -> list[Json]:
    instance["provisioningState"] = done["before"]
    if done["powerState"] is not None:
        instance["powerState"] = done["powerState"]
        scale_set.store.log("powerState", resource_id(scale_set.id, instance["instanceId"]), state=done["powerState"])
    return []


def _told(scale_set: ScaleSet, instance: Json, done: Json) -> None:
    _delete(scale_set, instance, done["operation"])


def _deleted(scale_set: ScaleSet, instance: Json, done: Json) -> None:
    instances.forget(scale_set, instance)


work.ENDS |= {
    "create": _brought,
    "update": _brought,
    "reimage": _brought,
    "start": _brought,
    "power": _powered,
    "terminate": _told,
    "delete": _deleted,
}
