"""VMs as Azure may show them."""

from dataclasses import replace
from typing import Any

from azure_scaleset.capture.vm import Vm
from tests.unit.capture.bench import VM

RUNNING = Vm(
    id=VM,
    location="westeurope",
    os="Linux",
    generation="V2",
    security="TrustedLaunch",
    architecture="x64",
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
    plan=None,
    tags={},
)
"""One of Linux that runs and works."""


def vm(**fields: Any) -> Vm:
    """It with other fields."""
    return replace(RUNNING, **fields)
