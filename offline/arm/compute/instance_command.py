"""The action `runCommand` of an instance: a script that the guest agent runs in it. The offline Azure runs none; what one does to the application is on order
(the fault `appDrains`)."""

from __future__ import annotations

from offline.arm import agenda, faults, operations
from offline.arm.compute import actions
from offline.arm.compute.durations import RUN_COMMAND_SECONDS
from offline.arm.compute.instances import resource_id, save
from offline.arm.compute.model import load
from offline.arm.compute.work import refuse_busy
from offline.arm.errors import bad_request, conflict
from offline.arm.http import Json
from offline.arm.registry import OPERATION, Context
from offline.arm.store import Store

_COMMANDS = {"runshellscript": "Linux", "runpowershellscript": "Windows"}


def begin(context: Context, body: Json) -> Json:
    """Begins a run. Whether the script succeeded is told to nobody, as in Azure: only what it wrote."""
    scale_set, (instance,) = actions.of(context)
    asked = context.request.body or {}
    system = _COMMANDS.get(str(asked.get("commandId")).lower())
    if system is None or system != scale_set.image.os:
        raise bad_request("InvalidParameter", f"The value '{asked.get('commandId')}' of parameter commandId is invalid.", "commandId")
    if instance["powerState"] != "running":
        raise conflict("OperationNotAllowed", "The operation requires the VM to be running (or set to run).")
    refuse_busy([instance])
    store, script = scale_set.store, "\n".join(asked.get("script") or [])
    store.log("runCommand", resource_id(scale_set.id, instance["instanceId"]), script=script)
    operation = operations.begin(store)
    operations.wait_for_one_more(store, operation)
    operations.promise(store, operation)
    store.plan(
        scale_set.id,
        "commandEnds",
        RUN_COMMAND_SECONDS,
        instance=instance["instanceId"],
        turn=instance["turn"],
        operation=operation,
        script=script,
    )
    return {OPERATION: operation}


@agenda.deed("commandEnds")
def end(store: Store, owner: str, data: Json) -> None:
    """The script has run: an application that was told to go answers its probe with an error from now on, and still serves what it has begun."""
    scale_set, instance = load(store, owner), store.document("instance", owner, data["instance"])
    if scale_set is not None and instance is not None and instance["turn"] == data["turn"]:
        drained = faults.drains(store, instance, data["script"])
        if drained is not None:
            save(scale_set, {**instance, "drained": drained})
            if instance["signal"] is not None:
                store.plan(owner, "health", instance["signal"]["seconds"], instance=data["instance"], turn=data["turn"])
    message = "Enable succeeded: \n[stdout]\n\n[stderr]\n"
    shown = {"code": "ProvisioningState/succeeded", "level": "Info", "displayStatus": "Provisioning succeeded", "message": message}
    operations.give(store, data["operation"], {"value": [shown]})
    operations.part_done(store, data["operation"], [])
