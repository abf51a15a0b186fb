"""Which step comes next. Pure: it is read off the VM alone, so a capture that was killed anywhere goes on where it was."""

import enum

from azure_scaleset.capture.vm import PREPARED, PREPARING, TOLD, Vm


class Step(enum.Enum):
    """A step of a capture, in words."""

    WAIT = "wait till what is being done to it is over"
    START = "start it: its system must prepare itself"
    REMOVE_EXTENSIONS = "remove its extensions: their state on the disk would keep a scale set's own from running"
    PREPARE = "prepare its system, which turns it off"
    CONFIRM = "note that its system is prepared"
    DEALLOCATE = "deallocate it"
    GENERALIZE = "mark it as generalized: it never starts again"
    CAPTURE = "make the image"
    DELETE = "delete it with its OS disk and network interfaces"


class UnclearStateError(RuntimeError):
    """Nobody can tell whether the system was prepared."""


_BUSY = ("Creating", "Updating", "Deleting")
_OFF = ("stopped", "deallocated")
_UNDER_WAY = (PREPARING, TOLD)


def next_step(vm: Vm) -> Step:
    """What is to be done next on the way to the image. Raises `UnclearStateError`.

    A VM that is off tells nothing of its system, so the tag does: `preparing` is written before the system is told to prepare itself, `told` when it was, and
    `prepared` when it was seen that it has turned itself off. One that is off and says `preparing` may have been stopped by hand before it was told anything.
    """
    if vm.generalized:
        return Step.CAPTURE
    if vm.provisioning in _BUSY and not (vm.mark in _UNDER_WAY and vm.power == "stopped"):
        return Step.WAIT
    if vm.power == "running":
        # Of one that says `prepared` and runs, somebody has undone the preparation by starting it.
        if vm.mark in _UNDER_WAY and not vm.agent_ready:
            return Step.WAIT
        return Step.REMOVE_EXTENSIONS if vm.extensions else Step.PREPARE
    if vm.power not in _OFF:
        return Step.WAIT
    if vm.mark == PREPARED:
        return Step.DEALLOCATE if vm.power == "stopped" else Step.GENERALIZE
    if vm.mark == TOLD and vm.power == "stopped":
        return Step.CONFIRM
    if vm.mark in _UNDER_WAY:
        raise UnclearStateError(
            f"{vm.name} was {vm.power} while its system was being prepared: nobody can tell whether it had finished. Start it (az vm start --ids {vm.id}), look at it, "
            "and run the same command again."
        )
    return Step.START


def steps_ahead(vm: Vm, *, delete: bool) -> list[Step]:
    """The steps that a capture is to take from here. Raises `UnclearStateError`."""
    way = [Step.DEALLOCATE, Step.GENERALIZE, Step.CAPTURE, *([Step.DELETE] if delete else [])]
    prepare = [*([Step.REMOVE_EXTENSIONS] if vm.extensions else []), Step.PREPARE]
    match next_step(vm):
        case Step.START:
            return [Step.START, *prepare, *way]
        case Step.REMOVE_EXTENSIONS | Step.PREPARE:
            return [*prepare, *way]
        case Step.WAIT:
            return [Step.WAIT, *way]
        case Step.CONFIRM:  # no step that anybody waits for
            return way
        case step:
            return way[way.index(step) :]
