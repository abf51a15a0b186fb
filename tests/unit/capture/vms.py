"""VMs as Azure may show them."""

from dataclasses import replace
from typing import Any

from azure_scaleset.capture.vm import Vm
from azure_scaleset.images.machine import Machine
from tests.unit.capture.bench import VM

RUNNING = Vm(
    id=VM,
    location="westeurope",
    tells=Machine("Linux", "V2", "TrustedLaunch", "x64"),
    unique_id="7",
    power="running",
    provisioning="Succeeded",
    generalized=False,
    agent_ready=True,
    mark=None,
    disk_id=f"{VM}-disk",
    ephemeral=False,
    encrypted=False,
    scale_set=None,
    extensions=(),
    data_disks=0,
    interfaces=(f"{VM}-nic",),
    references={"osDisk": {"name": "disk"}, "networkInterfaces": [{"id": f"{VM}-nic"}]},
    tags={},
)
"""One of Linux that runs and works."""


def vm(**fields: Any) -> Vm:
    """It with other fields, or fields of what it tells."""
    told = {name: fields.pop(name) for name in vars(RUNNING.tells) if name in fields}
    return replace(RUNNING, tells=replace(RUNNING.tells, **told), **fields)
