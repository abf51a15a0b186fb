"""Microsoft.Compute/virtualMachines: machines of their own, and the instances of Flexible sets, which are virtual machines too (O13) and are made by their set."""

from __future__ import annotations

import re
from collections.abc import Callable

from azure.mgmt.compute.models import VirtualMachine, VirtualMachineUpdate

from offline.arm.compute import actions, instance_command, views
from offline.arm.compute.images.sources import DISK
from offline.arm.compute.instances import MACHINE, machine_id
from offline.arm.compute.machines import run_command, verbs, work, write
from offline.arm.compute.machines import views as machine_views
from offline.arm.compute.machines.machine import Machine, load
from offline.arm.errors import bad_request, not_implemented
from offline.arm.http import Json, Request
from offline.arm.registry import OPERATION, Action, Context, ResourceType, register

_OF_SET = re.compile(r"^\s*'?virtualMachineScaleSet/id'?\s+eq\s+'?(?P<set>/[^']+?)'?\s*$", re.IGNORECASE)


def _filtered(bodies: list[Json], request: Request) -> list[Json]:
    """`$filter`: the one that Azure takes, `'virtualMachineScaleSet/id' eq '<id>'`."""
    wanted = request.query.get("$filter")
    if wanted is None:
        return bodies
    match = _OF_SET.match(wanted)
    if match is None:
        raise not_implemented(f"the filter '{wanted}' of '{MACHINE}'")
    return [each for each in bodies if str(each.get("scaleSet")).lower() == match["set"].lower()]


def _get(context: Context, body: Json) -> Json:
    with_view = context.request.query.get("$expand", "").lower() == "instanceview"
    machine = load(context.store, body["id"])
    if machine is not None:
        return machine_views.machine(machine, with_view)
    scale_set, (document,) = actions.of(context)
    shown = views.instance(scale_set, document, with_view=with_view)
    properties = {
        name: value for name, value in shown["properties"].items() if name not in ("latestModelApplied", "modelDefinitionApplied")
    }
    properties["virtualMachineScaleSet"] = {"id": scale_set.id}
    kept = {name: value for name, value in shown.items() if name not in ("instanceId", "sku", "resources")}
    return {**kept, "id": machine_id(scale_set.id, document["name"]), "type": MACHINE, "properties": properties}


def _put(context: Context, new: Json, old: Json | None) -> Json:
    if old is not None and "scaleSet" in old:
        raise not_implemented("a PUT of a virtual machine of a Flexible set")
    return write.write(context, new, old)


def _delete(context: Context, old: Json) -> str | None:
    machine = load(context.store, old["id"])
    if machine is None:
        begun = actions.run(actions.remove, *actions.of(context))
        assert begun is not None, "a deletion takes time"
        return str(begun[OPERATION])
    work.abandon(machine)
    _leave_disk(machine)
    for each in machine.properties["networkProfile"].get("networkInterfaces") or []:
        if (each.get("properties") or {}).get("deleteOption") == "Delete":
            context.store.delete(each["id"])
    return None


def _leave_disk(machine: Machine) -> None:
    """`deleteOption` of the OS disk: it goes with the machine, or stays without one."""
    store, disk = machine.store, machine.store.get(machine.disk_id)
    if machine.properties["storageProfile"]["osDisk"]["deleteOption"] == "Delete" or disk is None:
        store.delete(machine.disk_id)
        store.delete_documents(machine.disk_id)
        return
    disk.pop("managedBy", None)
    store.put(disk["id"], DISK, {**disk, "properties": {**disk["properties"], "diskState": "Unattached"}})


def _of_machine(act: Callable[[Machine, Json], str | None], otherwise: str) -> Action:
    """An action on a machine of its own; on an instance of a Flexible set the action of that name for instances, where there is one."""

    def run(context: Context, body: Json) -> Json | None:
        machine = load(context.store, body["id"])
        if machine is not None:
            operation = act(machine, context.request.body or {})
            return {OPERATION: operation} if operation else None
        if otherwise == "runCommand":
            return instance_command.begin(context, body)
        if otherwise not in actions.INSTANCE_ACTIONS:
            raise not_implemented(f"the action '{otherwise}' of a virtual machine of a Flexible set")
        return actions.INSTANCE_ACTIONS[otherwise](context, body)

    return run


def _generalize(context: Context, body: Json) -> Json | None:
    """`generalize` answers at once, with 200."""
    machine = load(context.store, body["id"])
    if machine is None:
        raise not_implemented("the action 'generalize' of a virtual machine of a Flexible set")
    verbs.generalize(machine)
    return {}


def _reimage(context: Context, body: Json) -> Json | None:
    if load(context.store, body["id"]) is not None:
        raise not_implemented("the action 'reimage' of a virtual machine that is in no scale set")
    # Azure/azure-cli#26303: nothing else than what it was made with.
    _, (document,) = actions.of(context)
    if (((context.request.body or {}).get("osProfile") or {}).get("customData") or "") != (document["customData"] or ""):
        raise bad_request(
            "BadRequest",
            "Reimage requires the custom data provided should be same as the custom data provided while creating the Virtual Machine.",
        )
    return actions.INSTANCE_ACTIONS["reimage"](context, body)


def _view(context: Context, body: Json) -> Json | None:
    machine = load(context.store, body["id"])
    return machine_views.instance_view(machine) if machine is not None else actions.INSTANCE_VIEWS["instanceView"](context, body)


MACHINES = register(
    ResourceType(
        MACHINE,
        VirtualMachine,
        on_put=_put,
        on_delete=_delete,
        on_get=_get,
        actions={
            "start": _of_machine(lambda machine, asked: verbs.start(machine), "start"),
            "restart": _of_machine(lambda machine, asked: verbs.restart(machine), "restart"),
            "powerOff": _of_machine(lambda machine, asked: verbs.power_off(machine), "powerOff"),
            "deallocate": _of_machine(lambda machine, asked: verbs.deallocate(machine), "deallocate"),
            "runCommand": _of_machine(run_command.begin, "runCommand"),
            "generalize": _generalize,
            "reimage": _reimage,
        },
        views={"instanceView": _view},
        filtered=_filtered,
        page_size=50,
        patch_model=VirtualMachineUpdate,
        unchecked=("hardwareProfile", "vmSize"),  # the SDK's list of sizes ends years ago
    )
)
