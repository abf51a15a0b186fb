"""Does the steps, one after the other, each after a look at the VM."""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from azure_scaleset.capture import scripts, wanted
from azure_scaleset.capture.looking import look
from azure_scaleset.capture.steps import Step, next_step, steps_ahead
from azure_scaleset.capture.vm import MARK_TAG, PREPARED, PREPARING, TOLD, Vm
from azure_scaleset.capture.wanted import Wanted
from azure_scaleset.images.artifact import Artifact, ensure
from azure_scaleset.images.azure import GALLERY_API_VERSION, get_or_none
from azure_scaleset.images.chosen import CONTENT_TAG
from azure_scaleset.images.listing import of_definition
from azure_scaleset.images.versions import chosen_number
from azure_scaleset.rollout.arm import DISK_API_VERSION, NETWORK_API_VERSION, Arm
from azure_scaleset.rollout.progress import Progress

_TRIES = 3
"""So often a step is done when the VM looks afterwards as before."""


class CaptureError(RuntimeError):
    """The capture can't go on. The VM is in the state that the message says; the same command goes on from there."""


@dataclass(frozen=True)
class Captured:
    """What was made."""

    image_id: str
    vm: Vm
    deleted: tuple[str, ...] = ()
    """Ids of what was deleted."""


class Capture:
    """One capture."""

    def __init__(self, arm: Arm, vm_id: str, asked: Wanted, report: Callable[[Progress], None], minutes: int) -> None:
        """*report* is told how it goes. *minutes*: so long the system may take to prepare itself."""
        self._arm = arm
        self._id = vm_id
        self._wanted = asked
        self._report = report
        self._minutes = minutes
        self._patience = timedelta(minutes=minutes)
        self._deadline = arm.now + self._patience
        self._total = 0

    def run(self) -> Captured:
        """Goes on till the image is there. Raises `CaptureError`, `ImageError`, `UnclearStateError`, `ArmError`."""
        tries: Counter[Step] = Counter()
        vm = self._look()
        self._deadline = self._arm.now + self._patience
        self._total = len(steps_ahead(vm, delete=self._wanted.delete_vm))
        while (step := next_step(vm)) is not Step.CAPTURE:
            tries[step] += 1
            if step is not Step.WAIT and tries[step] > _TRIES:
                raise CaptureError(f"{vm.name} looks the same after {_TRIES} times: {step.value}.")
            self._tell(step, vm)
            self._do(step, vm)
            if step is not Step.WAIT:
                self._deadline = self._arm.now + self._patience
            vm = self._look()
        self._tell(Step.CAPTURE, vm)
        image_id = self._capture(vm)
        deleted: tuple[str, ...] = ()
        if self._wanted.delete_vm:
            self._tell(Step.DELETE, vm)
            deleted = self._delete(vm)
        return Captured(image_id, vm, deleted)

    def _look(self) -> Vm:
        vm = look(self._arm, self._id)
        if vm is None:
            raise CaptureError(f"The VM {self._id} is gone.")
        return vm

    def _tell(self, step: Step, vm: Vm) -> None:
        left = len(steps_ahead(vm, delete=self._wanted.delete_vm)) - (1 if step is Step.DELETE else 0)
        self._total = max(self._total, left)
        self._report(Progress(self._total - left, self._total, f"{vm.name}: {step.value}"))

    def _do(self, step: Step, vm: Vm) -> None:
        match step:
            case Step.WAIT:
                if self._arm.now > self._deadline:
                    raise CaptureError(f"{vm.name} is {vm.power} and {vm.provisioning}, and has been for {self._minutes} minutes.")
                self._arm.pause()
            case Step.START:
                self._finish(self._arm.post(f"{vm.id}/start"), "starting it")
            case Step.REMOVE_EXTENSIONS:
                for each in vm.extensions:
                    self._finish(self._arm.delete(each.id), f"removing the extension {each.name}")
            case Step.PREPARE:
                self._prepare(vm)
            case Step.CONFIRM:
                self._confirm(vm)
            case Step.DEALLOCATE:
                self._finish(self._arm.post(f"{vm.id}/deallocate"), "deallocating it")
            case Step.GENERALIZE:
                self._finish(self._arm.post(f"{vm.id}/generalize"), "marking it as generalized")
            case _:
                raise AssertionError(step)

    def _mark(self, vm: Vm, mark: str) -> None:
        """Writes the tag; with it, where the VM is to be deleted, that its disk and interfaces go with it: one deletion then takes all, and nothing is forgotten."""
        body: dict[str, Any] = {"tags": {**vm.tags, MARK_TAG: mark}}
        if self._wanted.delete_vm:
            body["properties"] = wanted.leaving_together(vm)
        self._finish(self._arm.patch(vm.id, body), "writing its tags")

    def _confirm(self, vm: Vm) -> None:
        if vm.provisioning == "Updating":  # a script that never came back would hold the VM for as long as scripts may run
            self._finish(self._arm.post(f"{vm.id}/powerOff"), "ending the script that didn't come back")
        self._mark(vm, PREPARED)

    def _prepare(self, vm: Vm) -> None:
        """Leaves the preparation to the system and waits till it has turned itself off. Neither the end of the script nor its answer says that; an answer may even
        never come, when the agent was gone before."""
        if vm.mark != PREPARING:
            self._mark(vm, PREPARING)
        answer = self._script(vm, scripts.prepare(vm.tells.os))
        self._deadline = self._arm.now + self._patience
        written = ""
        while (seen := self._look()).power not in ("stopped", "deallocating", "deallocated"):
            if answer is not None:
                operation = self._arm.operation(answer)
                if operation.error:
                    raise CaptureError(f"The script that prepares {vm.name} could not be run: {operation.error}")
                if operation.over:
                    answer, written = None, operation.output
                    self._mark(vm, TOLD)
            if self._arm.now > self._deadline:
                raise CaptureError(self._why_not(vm, written))
            self._arm.pause()
        if answer is not None and seen.power == "stopped":
            # Azure took the script, and its end is not known or never comes: only here one knows that the system was told.
            self._confirm(seen)

    def _script(self, vm: Vm, script: str) -> str | None:
        return self._arm.post(f"{vm.id}/runCommand", {"commandId": scripts.command_id(vm.tells.os), "script": script.splitlines()})

    def _why_not(self, vm: Vm, written: str) -> str:
        start = f"The system of {vm.name} did not prepare itself within {self._minutes} minutes: it still runs."
        if not self._look().agent_ready:
            return f"{start} Its agent doesn't answer any more. Look at the boot log, then run the same command again."
        answer = self._script(vm, scripts.ask(vm.tells.os))
        told = ""
        while answer is not None:
            operation = self._arm.operation(answer)
            if operation.over:
                told = operation.error or operation.output
                break
            self._arm.pause()
        return f"{start} Mend the cause, then run the same command again. It tells:\n{_indented(told or written or 'nothing')}"

    def _finish(self, operation: str | None, doing: str) -> None:
        while operation is not None:
            answer = self._arm.operation(operation)
            if answer.error:
                raise CaptureError(f"{doing} failed: {answer.error}")
            if answer.over:
                return
            self._arm.pause()

    def _capture(self, vm: Vm) -> str:
        artifact = self._artifact(vm)
        ensure(self._arm, artifact, lambda text: self._report(Progress(self._total - 1, self._total, text)), threading.Event())
        return artifact.id

    def _artifact(self, vm: Vm) -> Artifact:
        """The image, with the gallery and the definition made where they are not there."""
        if self._wanted.managed_image:
            return wanted.managed_image(vm, self._wanted.managed_image)
        gallery, definition = wanted.gallery_id(vm.id, self._wanted), wanted.definition_id(vm.id, self._wanted)
        name = definition.rpartition("/")[2]
        for resource_id, body in ((gallery, wanted.gallery_body(vm)), (definition, wanted.definition_body(vm, name))):
            if get_or_none(self._arm, resource_id, GALLERY_API_VERSION) is None:
                self._finish(self._arm.put(resource_id, body, GALLERY_API_VERSION), f"making {resource_id.rpartition('/')[2]}")
        try:
            chosen = chosen_number(of_definition(self._arm, definition), self._wanted.version, CONTENT_TAG, wanted.made_of(vm))
        except ValueError as error:
            raise CaptureError(str(error)) from None
        return wanted.version(vm, definition, chosen, self._wanted.regions)

    def _delete(self, vm: Vm) -> tuple[str, ...]:
        """Deletes the VM; what didn't go with it (its capture had begun without --delete-vm) goes after it."""
        self._finish(self._arm.delete(vm.id), "deleting it")
        rest = [(each, NETWORK_API_VERSION) for each in vm.interfaces] + ([(vm.disk_id, DISK_API_VERSION)] if vm.disk_id else [])
        for resource_id, api_version in rest:
            self._finish(self._arm.delete(resource_id, api_version), f"deleting {resource_id.rpartition('/')[2]}")
        return (vm.id, *(resource_id for resource_id, _ in rest))


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines() if line.strip())
