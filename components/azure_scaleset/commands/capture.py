"""`scaleset capture`: an image of a VM that was customised by hand."""

import functools
import os
import shlex
from typing import Annotated, Any

import typer

from azure_scaleset.capture.checks import refusals, remarks
from azure_scaleset.capture.drive import Capture, Captured, CaptureError
from azure_scaleset.capture.looking import found_again, look, taken
from azure_scaleset.capture.steps import UnclearStateError, steps_ahead
from azure_scaleset.capture.vm import Vm
from azure_scaleset.capture.wanted import Wanted, definition_id, managed_image_id, problems, stack_lines
from azure_scaleset.commands import interrupt, options, printing
from azure_scaleset.commands.connection import signed_in
from azure_scaleset.commands.failure import CommandError
from azure_scaleset.commands.progress_bar import progress_bar
from azure_scaleset.commands.question import agreed
from azure_scaleset.images.artifact import ImageError
from azure_scaleset.images.azure import GALLERY_API_VERSION, get_or_none
from azure_scaleset.images.ids import VIRTUAL_MACHINE_ID
from azure_scaleset.rollout.arm import Arm
from azure_scaleset.rollout.pace import Cancelled

_Machine = Annotated[str, typer.Argument(metavar="VM", help="The VM: its resource id, or its name with --group.", show_default=False)]
_Group = Annotated[str | None, typer.Option("--group", "-g", help="Its resource group; with ARM_SUBSCRIPTION_ID.", show_default=False)]
_Gallery = Annotated[
    str | None,
    typer.Option("--gallery", help="Gallery, by name or id; made where there is none. Default: GROUP_images.", show_default=False),
]
_Definition = Annotated[
    str | None,
    typer.Option(
        "--definition", help="Image definition; made as the VM is where there is none. Default: the VM's name.", show_default=False
    ),
]
_Version = Annotated[str, typer.Option("--image-version", help="Major.Minor, which counts up, or Major.Minor.Patch.")]
_Region = Annotated[list[str] | None, typer.Option("--region", help="Another region to carry it to; may be repeated.", show_default=False)]
_ManagedImage = Annotated[
    str | None,
    typer.Option("--managed-image", metavar="NAME", help="Make a managed image instead of a gallery version.", show_default=False),
]
_DeleteVm = Annotated[bool, typer.Option("--delete-vm", help="Delete the VM afterwards, with its OS disk and network interfaces.")]
_Minutes = Annotated[int, typer.Option("--timeout", min=1, help="Minutes that the system may take to prepare itself.")]
_DryRun = Annotated[bool, typer.Option("--dry-run", help="Show the steps, change nothing.")]
_TIMEOUT = 30


def capture(
    vm: _Machine,
    group: _Group = None,
    gallery: _Gallery = None,
    definition: _Definition = None,
    image_version: _Version = "1.0",
    region: _Region = None,
    managed_image: _ManagedImage = None,
    delete_vm: _DeleteVm = False,
    timeout: _Minutes = _TIMEOUT,
    dry_run: _DryRun = False,
    yes: options.Yes = False,
    output: options.Output = options.Format.TABLE,
) -> int:
    """Makes an image of a VM: its system is prepared, it is deallocated and generalized. It can never be started again.

    Run again after a failure or a kill, it goes on where it stopped.
    """
    wanted = Wanted(managed_image, gallery, definition, image_version, tuple(region or ()), delete_vm)
    found = problems(wanted)
    if found:
        raise CommandError("\n".join(found))
    vm_id = machine_id(vm, group, os.environ.get("ARM_SUBSCRIPTION_ID"))
    listener = interrupt.Interrupt()
    arm = signed_in(functools.partial(interrupt.InterruptibleArm, listener))
    live = look(arm, vm_id)
    if live is None:
        return _gone(arm, vm_id, wanted, output)
    hindered = [*refusals(live, wanted, _definition_of(arm, live, wanted)), *taken(arm, live, wanted)]
    if hindered:
        raise CommandError("\n".join([f"{live.name} can't be captured:", *(f"  - {each}" for each in hindered)]))
    again = f"scaleset capture {vm_id}" + words_of(wanted, timeout)
    if dry_run:
        return _show(live, wanted, output)
    if not yes and not agreed(question(live, wanted)):
        raise CommandError(f"Nothing was done. To do it: {again} --yes")
    with listener.listening():
        try:
            with progress_bar() as report:
                done = Capture(arm, vm_id, wanted, report, timeout).run()
        except Cancelled:
            printing.complain(f"Stopped. What was begun goes on in Azure. Next: {again} --yes")
            return interrupt.EXIT_CODE
        except (CaptureError, ImageError, UnclearStateError) as error:
            printing.complain(f"{error}\nTo go on: {again} --yes")
            return 1
    if output is options.Format.JSON:
        printing.document(document(done))
    else:
        printing.line("\n".join(lines(done, again)))
    return 0


def machine_id(vm: str, group: str | None, subscription: str | None) -> str:
    """The resource id of the VM. Raises `CommandError`."""
    if vm.startswith("/"):
        if group:
            raise CommandError(f"A resource id and --group {group} were given. Expected one of them: leave --group out.")
        if not VIRTUAL_MACHINE_ID.fullmatch(vm.rstrip("/")):
            raise CommandError(
                f"{vm!r} is no resource id of a VM. Expected /subscriptions/…/virtualMachines/…, as `az vm list --query [].id` shows it."
            )
        return vm.rstrip("/")
    if not group:
        raise CommandError(f"{vm!r} is a name, and --group is missing. Expected VM --group GROUP, or a resource id.")
    if not subscription:
        raise CommandError(
            "ARM_SUBSCRIPTION_ID is not set, and --group needs it. Next: export ARM_SUBSCRIPTION_ID=…, or give the resource id."
        )
    return f"/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Compute/virtualMachines/{vm}"


def _definition_of(arm: Arm, vm: Vm, wanted: Wanted) -> dict[str, Any] | None:
    return None if wanted.managed_image else get_or_none(arm, definition_id(vm.id, wanted), GALLERY_API_VERSION)


def _gone(arm: Arm, vm_id: str, wanted: Wanted, output: options.Format) -> int:
    """A VM that is not there may have been captured and deleted before."""
    image_id = found_again(arm, vm_id, wanted)
    if image_id is None:
        raise CommandError(f"There is no VM {vm_id}. Next: look for it with `az vm list --output table`.")
    if output is options.Format.JSON:
        printing.document({"image": image_id, "definition": definition_of(image_id), "vm": vm_id, "deleted": [vm_id], "stack": None})
    else:
        printing.line(f"{vm_id.rpartition('/')[2]} is gone; it was captured before as {image_id}")
    return 0


def question(vm: Vm, wanted: Wanted) -> str:
    """What is asked before anything is changed."""
    ends = "and is deleted with its OS disk and network interfaces" if wanted.delete_vm else "and can never be started again"
    told = "".join(f"{each} " for each in remarks(vm, wanted))
    return f"The capture ends the use of {vm.name}: its users, keys and host name are removed, it is turned off {ends}. {told}Go on?"


def _show(vm: Vm, wanted: Wanted, output: options.Format) -> int:
    steps = steps_ahead(vm, delete=wanted.delete_vm)
    target = managed_image_id(vm.id, wanted.managed_image) if wanted.managed_image else definition_id(vm.id, wanted)
    if output is options.Format.JSON:
        names = [each.name.lower() for each in steps]
        printing.document({"vm": vm.id, "target": target, "steps": names, "remarks": remarks(vm, wanted)})
        return 0
    for number, step in enumerate(steps, start=1):
        printing.line(f"{number}. {step.value}")
    for remark in remarks(vm, wanted):
        printing.line(remark)
    printing.line(f"The image goes to {target}. Nothing was changed.")
    return 0


def lines(done: Captured, again: str) -> list[str]:
    """What came of it, and what to do with it. *again*: the command that asks for the same once more."""
    vm = done.vm
    ending = "It is deleted." if done.deleted else f"It is of no more use. To delete it: {again} --delete-vm"
    stack = [f"  {line}" for line in stack_lines(done.image_id, vm.tells)]
    told = [f"Captured {vm.name}: {done.image_id}", ending, "In a stack file, below config:", *stack]
    definition = definition_of(done.image_id)
    if definition:
        told += [
            "That is this version, and no other. With imageVersion: {resolveLatest: true}, which takes newer ones, it is the definition:",
            f"  azure-scaleset:image: {definition}",
        ]
    return told


def document(done: Captured) -> dict[str, Any]:
    """What came of it, for `--output json`."""
    vm = done.vm
    return {
        "image": done.image_id,
        "definition": definition_of(done.image_id),
        "vm": vm.id,
        "deleted": list(done.deleted),
        "stack": stack_lines(done.image_id, vm.tells),
    }


def definition_of(image_id: str) -> str | None:
    """The definition of a version; None for a managed image, which has none."""
    definition, _, number = image_id.partition("/versions/")
    return definition if number else None


def words_of(wanted: Wanted, timeout: int) -> str:
    """The options that ask for the same again, for a shell."""
    pairs = [
        ("--gallery", wanted.gallery),
        ("--definition", wanted.definition),
        ("--image-version", wanted.version if wanted.version != "1.0" else None),
        *(("--region", each) for each in wanted.regions),
        ("--managed-image", wanted.managed_image),
        ("--timeout", str(timeout) if timeout != _TIMEOUT else None),
    ]
    return "".join(f" {option} {shlex.quote(value)}" for option, value in pairs if value) + (" --delete-vm" if wanted.delete_vm else "")
