"""One scale set in Azure: what a rollout reads of it and asks of it. One list a look, not one call an instance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from azure_scaleset.rollout import instance as instances
from azure_scaleset.rollout.arm import DISK_API_VERSION, Arm, ArmError, Operation
from azure_scaleset.rollout.instance import Instance


@dataclass(frozen=True)
class RollingUpgrade:
    """The last rolling upgrade (`rollingUpgrades/latest`)."""

    code: str
    """`RollingForward`, `Completed`, `Cancelled` or `Faulted`."""
    started: datetime | None
    successful: int
    failed: int
    pending: int
    error: str | None
    """Azure's code and message, when it stopped by itself."""

    @property
    def running(self) -> bool:
        """Whether it goes on."""
        return self.code == "RollingForward"


class LiveScaleSet:
    """A scale set, by its resource id."""

    def __init__(self, arm: Arm, scale_set_id: str) -> None:
        self.arm = arm
        self.id = scale_set_id
        self._model: dict[str, Any] | None = None
        # Asked again after each change: a new disk may have the old one's id.
        self._disks_made: dict[str, datetime] = {}

    @property
    def name(self) -> str:
        """Resource name."""
        return self.id.rpartition("/")[2]

    def model(self) -> dict[str, Any]:
        """The scale set as ARM shows it now."""
        self._model = self.arm.get(self.id)
        return self._model

    def instances(self, disks: bool = False) -> list[Instance]:
        """All instances with health and extensions; *disks*: also when their OS disks were made."""
        model = self._model or self.model()
        expected = instances.signals(model)
        flexible = model.get("properties", {}).get("orchestrationMode") == "Flexible"
        views = self._machines() if flexible else {}
        bodies = self.arm.values(f"{self.id}/virtualMachines", **({} if flexible else {"$expand": "instanceView"}))
        found = [instances.read(_with_view(body, views), expected) for body in bodies]
        if not disks:
            return found
        if any(each.os_disk and each.os_disk not in self._disks_made for each in found):
            self._disks_made = self._disk_times()
        return [replace(each, os_disk_made=self._disks_made.get(each.os_disk or "")) for each in found]

    def _machines(self) -> dict[str, dict[str, Any]]:
        """The virtual machines of a Flexible set by their names. Azure gives no instance views with the instances of such a set."""
        query = {"$filter": f"'virtualMachineScaleSet/id' eq '{self.id}'", "$expand": "instanceView"}
        return {str(body["name"]): body for body in self.arm.values(f"{self._group}/providers/Microsoft.Compute/virtualMachines", **query)}

    def _disk_times(self) -> dict[str, datetime]:
        return {
            str(disk["id"]).lower(): datetime.fromisoformat(disk["properties"]["timeCreated"])
            for disk in self.arm.values(f"{self._group}/providers/Microsoft.Compute/disks", DISK_API_VERSION)
            if disk.get("properties", {}).get("timeCreated")
        }

    @property
    def _group(self) -> str:
        return self.id.partition("/providers/")[0]

    def upgrade(self, ids: Sequence[str]) -> str | None:
        """Starts to bring instances to the latest model; gives the operation."""
        self._disks_made = {}
        return self.arm.post(f"{self.id}/manualupgrade", {"instanceIds": list(ids)})

    def reimage(self, ids: Sequence[str]) -> str | None:
        """Starts to give instances a new OS disk; gives the operation."""
        self._disks_made = {}
        return self.arm.post(f"{self.id}/reimage", {"instanceIds": list(ids)})

    def operation(self, address: str) -> Operation:
        """How an operation goes."""
        return self.arm.operation(address)

    def rolling_upgrade(self) -> RollingUpgrade | None:
        """The last rolling upgrade, or None when there was none."""
        try:
            properties = self.arm.get(f"{self.id}/rollingUpgrades/latest").get("properties", {})
        except ArmError as error:
            if error.status == 404:
                return None
            raise
        status, progress = properties.get("runningStatus") or {}, properties.get("progress") or {}
        fault = properties.get("error")
        return RollingUpgrade(
            code=str(status.get("code")),
            started=datetime.fromisoformat(status["startTime"]) if status.get("startTime") else None,
            successful=int(progress.get("successfulInstanceCount") or 0),
            failed=int(progress.get("failedInstanceCount") or 0),
            pending=int(progress.get("pendingInstanceCount") or 0),
            error=f"{fault.get('code')}: {fault.get('message')}" if fault else None,
        )

    def restart_rolling_upgrade(self) -> str | None:
        """Writes an empty change of the model: the one way to start a stopped rolling upgrade again (T11)."""
        return self.arm.patch(self.id, {})

    def cancel_rolling_upgrade(self) -> str | None:
        """Stops the running rolling upgrade."""
        return self.arm.post(f"{self.id}/rollingUpgrades/cancel")

    def set_repairs(self, running: bool) -> str | None:
        """Suspends or resumes automatic repairs (T9)."""
        body = {"serviceName": "AutomaticRepairs", "action": "Resume" if running else "Suspend"}
        return self.arm.post(f"{self.id}/setOrchestrationServiceState", body)


def _with_view(body: dict[str, Any], machines: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """An instance with what its virtual machine tells, where it is one of its own."""
    machine = machines.get(str(body["name"]))
    if machine is None:
        return body
    return {**machine, **body, "properties": {**machine.get("properties", {}), **body.get("properties", {})}}
