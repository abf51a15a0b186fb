"""What hinders the capture of a VM, and what one should know before. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from azure_scaleset.capture.steps import Step, UnclearStateError, next_step
from azure_scaleset.capture.vm import Vm
from azure_scaleset.capture.wanted import Wanted
from azure_scaleset.images.definition import refusals as unfit


def refusals(vm: Vm, wanted: Wanted, definition: Mapping[str, Any] | None) -> list[str]:
    """All that hinders it. *definition*: the image definition as ARM has it, None where it is made."""
    found = []
    if vm.scale_set:
        found.append(
            f"{vm.name} is an instance of the scale set {vm.scale_set.rpartition('/')[2]}. Expected a VM of its own, made for its image."
        )
    if vm.tells.os not in ("Linux", "Windows"):
        found.append(f"Azure doesn't tell the system of {vm.name}. Expected Linux or Windows.")
    if vm.disk_id is None:
        found.append(f"The OS disk of {vm.name} is a VHD in a storage account. Expected a managed disk: az vm convert --ids {vm.id}")
    if vm.ephemeral:
        found.append(f"The OS disk of {vm.name} is ephemeral: it is lost when the VM is deallocated. Make the VM with a disk that stays.")
    if vm.encrypted:
        found.append(
            f"{vm.name} is encrypted by Azure Disk Encryption: nothing could read its image. Decrypt it: az vm encryption disable --ids {vm.id}"
        )
    found += _hindered_state(vm)
    # It is going to be generalized.
    return found + unfit(replace(vm, generalized=True), vm.location, definition, managed=bool(wanted.managed_image))


def _hindered_state(vm: Vm) -> list[str]:
    if vm.provisioning == "Failed" and not vm.generalized:
        return [f"The provisioning of {vm.name} has failed. Mend it first: scripts run on a VM that works."]
    try:
        step = next_step(vm)
    except UnclearStateError as error:
        return [str(error)]
    if step in (Step.REMOVE_EXTENSIONS, Step.PREPARE) and not vm.agent_ready:
        return [
            f"The VM agent of {vm.name} doesn't answer, and it must run the script that prepares the system. Wait till it is ready, or restart the VM."
        ]
    return []


def remarks(vm: Vm, wanted: Wanted) -> list[str]:
    """What one should know before it is done."""
    found = []
    if vm.extensions:
        found.append(f"Extensions are removed: {', '.join(each.name for each in vm.extensions)}.")
    if vm.data_disks:
        found.append(f"{vm.data_disks} data disks go into the image, each at the lun that it has.")
    if vm.tells.plan:
        found.append("The image has the plan of the marketplace image it comes from: a scale set of it needs the same plan.")
    if wanted.delete_vm and vm.data_disks:
        found.append("The data disks of the VM stay, also when it is deleted.")
    return found
