"""The action `runCommand`: a script that the guest agent runs in a machine, and what is left to a job of the machine's own scheduler."""

from __future__ import annotations

from dataclasses import asdict, replace

from offline.arm import agenda, faults, operations
from offline.arm.compute import durations as takes
from offline.arm.compute.machines import scripts, work
from offline.arm.compute.machines.machine import GENERALIZED, UNDEPLOYABLE, Machine, load
from offline.arm.errors import bad_request, conflict
from offline.arm.http import Json
from offline.arm.store import Store

_COMMANDS = {"runshellscript": "Linux", "runpowershellscript": "Windows"}


def begin(machine: Machine, asked: Json) -> str:
    """Begins a run. One whose script deprovisions the machine by itself never comes back (T14): the agent that should report is gone."""
    system = _COMMANDS.get(str(asked.get("commandId")).lower())
    if system is None:
        raise bad_request("InvalidParameter", f"The value '{asked.get('commandId')}' of parameter commandId is invalid.", "commandId")
    if system != machine.content.os:
        raise bad_request(
            "BadRequest",
            f"The command '{asked['commandId']}' is for {system}, the virtual machine '{machine.name}' runs {machine.content.os}.",
            "commandId",
        )
    if machine.generalized or not machine.running:
        raise conflict("OperationNotAllowed", "The operation requires the VM to be running (or set to run).")
    work.refuse_busy(machine)
    text = "\n".join(asked.get("script") or [])
    script = scripts.read(text)
    hangs = not machine.state["agent"] or (script.generalizes and script.delay is None)
    machine.store.log("runCommand", machine.id, script=text, **asdict(script))
    if hangs and machine.state["agent"]:
        _generalize(machine, script.turns_off)
    seconds = takes.RUN_COMMAND_TIMEOUT_SECONDS if hangs else takes.RUN_COMMAND_SECONDS
    operation = work.begin(machine, "runCommand", seconds, script=asdict(script), hangs=hangs)
    operations.promise(machine.store, operation)
    return operation


def _ended(machine: Machine, done: Json) -> list[Json]:
    if done["hangs"]:
        message = f"VM '{machine.name}' has not reported status for VM agent or extensions. The Run Command timed out after 90 minutes."
        return [{"code": "VMAgentStatusCommunicationError", "message": message, "target": machine.name}]
    script = scripts.Script(**done["script"])
    if script.generalizes and script.delay is not None:
        machine.store.plan(machine.id, "scheduledJob", script.delay, boot=machine.state["boot"], turnsOff=script.turns_off)
    operations.give(machine.store, done["operation"], _output(machine, machine.state["imageState"] if script.asks else ""))
    return []


def _output(machine: Machine, printed: str) -> Json:
    if machine.content.os == "Linux":
        message = f"Enable succeeded: \n[stdout]\n{printed}\n[stderr]\n"
        return {
            "value": [
                {"code": "ProvisioningState/succeeded", "level": "Info", "displayStatus": "Provisioning succeeded", "message": message}
            ]
        }
    parts = (("StdOut", printed), ("StdErr", ""))
    return {
        "value": [
            {"code": f"ComponentStatus/{name}/succeeded", "level": "Info", "displayStatus": "Provisioning succeeded", "message": text}
            for name, text in parts
        ]
    }


@agenda.deed("scheduledJob")
def job(store: Store, owner: str, data: Json) -> None:
    """The scheduler of a machine does what a script has left to it, unless the machine was stopped or booted since."""
    machine = load(store, owner)
    if machine is None or not machine.running or machine.state["boot"] != data["boot"]:
        return
    if faults.generalization_fails(store, machine.name):
        machine.state["imageState"] = UNDEPLOYABLE
        store.log("generalizationFailed", machine.id)
        machine.save()
        return
    _generalize(machine, data["turnsOff"])
    machine.save()


def _generalize(machine: Machine, turns_off: bool) -> None:
    """The system forgets who it is; the agent does not answer any more. Perhaps the machine turns itself off, which leaves it allocated."""
    replace(machine.content, prepared=True).save(machine.store, machine.disk_id)
    machine.state.update({"agent": False, "imageState": GENERALIZED})
    machine.store.log("machinePrepared", machine.id)
    if turns_off:
        machine.state["powerState"] = "stopped"
        machine.store.log("powerState", machine.id, state="stopped")


work.ENDS["runCommand"] = _ended
