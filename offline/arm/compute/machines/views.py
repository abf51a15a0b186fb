"""What ARM shows of a virtual machine: the machine with its extensions, its instance view."""

from __future__ import annotations

from offline.arm.compute.machines.extensions import EXTENSION
from offline.arm.compute.machines.machine import Machine
from offline.arm.compute.machines.write import visible
from offline.arm.compute.statuses import extension_view, handlers_view, status
from offline.arm.compute.tree import dig
from offline.arm.http import Json

_GENERIC = ("id", "name", "type", "location", "properties")


def machine(shown: Machine, with_view: bool) -> Json:
    """GET of a machine (`VirtualMachine`)."""
    body = visible(shown.body)
    below = shown.store.resources(f"{shown.id}/extensions/", EXTENSION)
    resources = [{name: each[name] for name in _GENERIC if name in each} for each in below]
    for each in resources:
        each["properties"] = {name: value for name, value in each["properties"].items() if name != "protectedSettings"}
    if resources:
        body = {**body, "resources": resources}
    if with_view:
        body = {**body, "properties": {**body["properties"], "instanceView": instance_view(shown)}}
    return body


def instance_view(shown: Machine) -> Json:
    """`VirtualMachineInstanceView`: the states of provisioning, system and power, the agent, the extensions."""
    properties, state = shown.properties, shown.state
    provisioning, power = str(properties["provisioningState"]).lower(), state["powerState"]
    statuses = [status(f"ProvisioningState/{provisioning}", f"Provisioning {provisioning}", None) | {"time": properties["timeCreated"]}]
    if shown.generalized:
        statuses.append(status("OSState/generalized", "VM generalized", None))
    statuses.append(status(f"PowerState/{power}", f"VM {power}", None))
    disk = dig(properties, "storageProfile.osDisk.name") or shown.disk_id.rpartition("/")[2]
    view: Json = {
        "computerName": dig(properties, "osProfile.computerName") or shown.name,
        "hyperVGeneration": shown.content.generation,
        "statuses": statuses,
        "disks": [{"name": disk, "statuses": [status("ProvisioningState/succeeded", "Provisioning succeeded", None)]}],
        "extensions": [extension_view(name, ran) for name, ran in state["extensions"].items()],
    }
    if shown.running:
        view["vmAgent"] = _agent(shown)
    return view


def _agent(shown: Machine) -> Json:
    now = shown.store.now().isoformat()
    if not shown.state["agent"]:
        message = "VM status blob is found but not yet populated."
        return {
            "vmAgentVersion": "Unknown",
            "statuses": [status("ProvisioningState/Unavailable", "Not Ready", message) | {"level": "Warning", "time": now}],
        }
    ready = status("ProvisioningState/succeeded", "Ready", "Guest Agent is running") | {"time": now}
    return {"vmAgentVersion": "2.14.0.1", "statuses": [ready], "extensionHandlers": handlers_view(list(shown.state["extensions"].values()))}
