"""Work on a virtual machine: it begins, takes virtual time, and ends. A machine does one thing at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from offline.arm import agenda, operations
from offline.arm.compute.machines.machine import Machine, load
from offline.arm.errors import conflict
from offline.arm.http import Json
from offline.arm.store import Store

End = Callable[[Machine, Json], list[Json]]
"""What the end of a kind of work does to the machine (its state is changed in place, and written afterwards); gives what went wrong."""

ENDS: dict[str, End] = {}
"""Kind of work -> its end."""

INSIDE = ("runCommand", "extension", "removeExtension")
"""Work that goes on inside the machine: to stop the machine ends it."""


def begin(machine: Machine, kind: str, seconds: float, state: str = "Updating", **data: Any) -> str:
    """Begins work and gives its operation. `state`: the provisioning state meanwhile."""
    operation = operations.begin(machine.store)
    operations.wait_for_one_more(machine.store, operation)
    turn = machine.state["turn"] + 1
    machine.state.update({"turn": turn, "work": {"kind": kind, "operation": operation, **data}})
    machine.save(state)
    machine.store.plan(machine.id, "machineWorkEnds", seconds, turn=turn)
    return operation


def refuse_busy(machine: Machine, stops: bool = False) -> None:
    """409 while something is being done to it. `stops`: the call stops the machine, which ends what goes on inside."""
    working = machine.state["work"]
    if working is None:
        return
    if stops and working["kind"] in INSIDE:
        abandon(machine)
        return
    if working["kind"] == "runCommand":
        raise conflict(
            "Conflict", "Run command extension execution is in progress. Please wait for completion before invoking a run command."
        )
    raise conflict(
        "Conflict",
        "The request failed due to conflict with a concurrent request. To resolve it, please refer to https://aka.ms/activitylog "
        "to get more details on the conflicting requests.",
        machine.name,
    )


def abandon(machine: Machine) -> None:
    """Ends what is being done without its effect; its operation is Canceled."""
    working = machine.state["work"]
    if working is not None:
        preempted = {
            "code": operations.PREEMPTED,
            "message": "Operation execution has been preempted by a more recent operation.",
            "target": machine.name,
        }
        operations.part_done(machine.store, working["operation"], [preempted], cancelled=True)
    machine.state["work"] = None


@agenda.deed("machineWorkEnds")
def end(store: Store, owner: str, data: Json) -> None:
    """The end of work, unless the machine has begun something else since."""
    machine = load(store, owner)
    if machine is None or machine.state["turn"] != data["turn"] or machine.state["work"] is None:
        return
    working = machine.state["work"]
    machine.state["work"] = None
    failures = ENDS[working["kind"]](machine, working)
    machine.save("Failed" if failures else "Succeeded")
    operations.part_done(store, working["operation"], failures)
