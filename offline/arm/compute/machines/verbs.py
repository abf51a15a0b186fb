"""What can be done to a virtual machine: started, stopped, restarted, deallocated, marked as generalized."""

from __future__ import annotations

from dataclasses import replace

from offline.arm.compute import durations as takes
from offline.arm.compute.machines import work
from offline.arm.compute.machines.machine import COMPLETE, Machine
from offline.arm.errors import conflict
from offline.arm.http import Json


def create(machine: Machine, boots: bool) -> str:
    """Boots a machine that was made. One whose image was not prepared never reports that it is provisioned (G9)."""
    return work.begin(machine, "create", takes.CREATE_SECONDS if boots else takes.PROVISIONING_TIMEOUT_SECONDS, "Creating", boots=boots)


def start(machine: Machine) -> str | None:
    """Starts a machine; gives the operation, None when it runs already."""
    _refuse_generalized(machine, "start")
    work.refuse_busy(machine)
    return None if machine.running else work.begin(machine, "power", takes.START_SECONDS, to="running", boots=True)


def restart(machine: Machine) -> str | None:
    """Restarts a machine that runs."""
    _refuse_generalized(machine, "restart")
    work.refuse_busy(machine, stops=True)
    if not machine.running:
        raise conflict("OperationNotAllowed", "The operation requires the VM to be running (or set to run).")
    return work.begin(machine, "power", takes.RESTART_SECONDS, to="running", boots=True)


def power_off(machine: Machine) -> str | None:
    """Stops a machine; it stays allocated."""
    work.refuse_busy(machine, stops=True)
    return work.begin(machine, "power", takes.POWER_OFF_SECONDS, to="stopped", boots=False) if machine.running else None


def deallocate(machine: Machine) -> str | None:
    """Stops a machine and gives its hardware back."""
    work.refuse_busy(machine, stops=True)
    if machine.state["powerState"] == "deallocated":
        return None
    return work.begin(machine, "power", takes.DEALLOCATE_SECONDS, to="deallocated", boots=False)


def generalize(machine: Machine) -> None:
    """Marks a stopped machine as generalized. Azure does not look into it: whether it was deprovisioned shows when its image boots."""
    work.refuse_busy(machine)
    if machine.running:
        raise conflict(
            "OperationNotAllowed",
            f"Operation 'generalize' is not allowed on VM '{machine.name}' since the VM is running. Please power off the VM before performing this operation.",
        )
    if not machine.generalized:
        machine.store.put_document("generalized", machine.id, "state", {"time": machine.store.now().isoformat()})
        machine.store.log("machineGeneralized", machine.id, prepared=machine.content.prepared)


def _refuse_generalized(machine: Machine, operation: str) -> None:
    """V3."""
    if machine.generalized:
        raise conflict("OperationNotAllowed", f"Operation '{operation}' is not allowed on VM '{machine.name}' since the VM is generalized.")


def _created(machine: Machine, done: Json) -> list[Json]:
    machine.state["powerState"] = "running"
    machine.store.log("powerState", machine.id, state="running")
    if done["boots"]:
        return []
    machine.state["agent"] = False
    message = (
        f"OS Provisioning for VM '{machine.name}' did not finish in the allotted time. The VM may still finish provisioning successfully. "
        "Please check provisioning state later. Also, make sure the image has been properly prepared (generalized)."
    )
    return [{"code": "OSProvisioningTimedOut", "message": message, "target": machine.name}]


def _powered(machine: Machine, done: Json) -> list[Json]:
    machine.state["powerState"] = done["to"]
    machine.store.log("powerState", machine.id, state=done["to"])
    if done["boots"]:
        _boot(machine)
    return []


def _boot(machine: Machine) -> None:
    """The machine comes up: its agent answers, and a system that had been prepared for capture is set up again, which undoes it."""
    machine.state.update({"agent": True, "imageState": COMPLETE, "boot": machine.state["boot"] + 1})
    replace(machine.content, prepared=False).save(machine.store, machine.disk_id)


work.ENDS |= {"create": _created, "power": _powered}
