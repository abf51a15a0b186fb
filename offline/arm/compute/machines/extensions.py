"""Extensions of a virtual machine. They are resources of their own below it; a handler leaves its state on the disk until it is removed (T15)."""

from __future__ import annotations

from dataclasses import replace

from offline.arm import faults
from offline.arm.compute import guest
from offline.arm.compute.durations import HANDLER_SECONDS, UNINSTALL_SECONDS
from offline.arm.compute.handlers import Run
from offline.arm.compute.machines import work
from offline.arm.compute.machines.machine import Machine
from offline.arm.errors import conflict
from offline.arm.http import Json

EXTENSION = "Microsoft.Compute/virtualMachines/extensions"


def begin(machine: Machine, name: str, definition: Json) -> str:
    """Begins to bring an extension to its definition. Refuses on a machine that does not run: its agent must do it."""
    _refuse(machine)
    return work.begin(machine, "extension", HANDLER_SECONDS, name=name, definition=definition)


def begin_removal(machine: Machine, name: str) -> str:
    """Begins to uninstall an extension."""
    _refuse(machine)
    return work.begin(machine, "removeExtension", UNINSTALL_SECONDS, name=name)


def _refuse(machine: Machine) -> None:
    if machine.generalized or not machine.running:
        raise conflict("OperationNotAllowed", "Cannot modify extensions in the VM when the VM is not running.")
    work.refuse_busy(machine)


def _ran(machine: Machine, done: Json) -> list[Json]:
    name, definition = done["name"], done["definition"]
    before = machine.state["extensions"].get(name)
    handler, content = guest.handler_of(definition), machine.content
    # A handler that was removed begins anew; one whose state came with the image goes on from there.
    sequence = before["sequence"] + 1 if before else 0
    run = Run(machine.store, machine.body.get("identity") or {}, definition, machine.store.now())
    if handler in guest.RUNS_ONCE and content.handlers.get(handler, -1) >= sequence:
        ran = guest.not_run(definition, machine.store.now())
    else:
        subject = {"instanceId": machine.name, "number": machine.name}
        ran, event = guest.outcome_of(run, name, faults.failure_of(machine.store, subject, name, definition))
        machine.store.log("extensionRun", machine.id, **event)
        replace(content, handlers={**content.handlers, handler: sequence}).save(machine.store, machine.disk_id)
    machine.state["extensions"][name] = {"sequence": sequence, "handler": handler, **ran}
    failed = ran["status"] == "failed"
    _show(machine, name, "Failed" if failed else "Succeeded")
    return [guest.failure(machine.name, name, ran)] if failed and not definition.get("suppressFailures") else []


def _show(machine: Machine, name: str, state: str) -> None:
    stored = machine.store.get(f"{machine.id}/extensions/{name}")
    if stored is not None:
        stored["properties"]["provisioningState"] = state
        machine.store.put(stored["id"], EXTENSION, stored)


def _removed(machine: Machine, done: Json) -> list[Json]:
    gone = machine.state["extensions"].pop(done["name"], None)
    if gone is not None:
        handlers = {name: number for name, number in machine.content.handlers.items() if name != gone["handler"]}
        replace(machine.content, handlers=handlers).save(machine.store, machine.disk_id)
    machine.store.delete(f"{machine.id}/extensions/{done['name']}")
    machine.store.log("extensionRemoved", machine.id, extension=done["name"])
    return []


work.ENDS |= {"extension": _ran, "removeExtension": _removed}
