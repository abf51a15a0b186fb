"""One scale set in Azure: what a rollout reads of it and asks of it. One list a look, not one call an instance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from azure_scaleset.rollout import instance as instances
from azure_scaleset.rollout.arm import DISK_API_VERSION, NETWORK_API_VERSION, Arm, ArmError, Operation
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


_PROBING_SECONDS = 60.0
"""The same for a balancer's probe that may not be read."""


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

    @property
    def flexible(self) -> bool:
        """Orchestration mode Flexible: instances are virtual machines of their own."""
        return bool((self._model or self.model()).get("properties", {}).get("orchestrationMode") == "Flexible")

    def probing_seconds(self) -> float:
        """So long after a change of an instance its health may still be what was found before: one probe more than make a state."""
        signals = instances.signals(self._model or self.model())
        if signals.probe is None:
            return signals.interval * (signals.probes + 1)
        try:
            probe = self.arm.get(signals.probe, NETWORK_API_VERSION).get("properties") or {}
        except ArmError:  # Reader on the balancer is no condition of a rollout
            return _PROBING_SECONDS
        return float(probe.get("intervalInSeconds") or 15) * (int(probe.get("probeThreshold") or probe.get("numberOfProbes") or 1) + 1)

    def instances(self, disks: bool = False) -> list[Instance]:
        """All instances with health and extensions; *disks*: also when their OS disks were made."""
        model = self._model or self.model()
        expected = instances.signals(model)
        views = self._machines() if self.flexible else {}
        bodies = self.arm.values(f"{self.id}/virtualMachines", **({} if self.flexible else {"$expand": "instanceView"}))
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
        """Starts to bring instances to the latest model; gives the operation. (In a Flexible set an instance's id is its name.)"""
        self._disks_made = {}
        return self.arm.post(f"{self.id}/manualupgrade", {"instanceIds": list(ids)})

    def reimage(self, ids: Sequence[str]) -> str | None:
        """Starts to give instances of a Uniform set a new OS disk; gives the operation. Azure has no such call for a Flexible set: that of a single virtual
        machine wants the very custom data that the machine was made with, and nothing tells that."""
        self._disks_made = {}
        return self.arm.post(f"{self.id}/reimage", {"instanceIds": list(ids)})

    def run_command(self, instance_id: str, script: str) -> str | None:
        """Starts a script on an instance, as root or as the system account; gives the operation. Azure doesn't tell whether it succeeded, only what it wrote."""
        owner = f"{self._group}/providers/Microsoft.Compute" if self.flexible else self.id
        command = "RunPowerShellScript" if self._windows else "RunShellScript"
        return self.arm.post(f"{owner}/virtualMachines/{instance_id}/runCommand", {"commandId": command, "script": script.splitlines()})

    @property
    def _windows(self) -> bool:
        profile = (self._model or self.model()).get("properties", {}).get("virtualMachineProfile") or {}
        disk = (profile.get("storageProfile") or {}).get("osDisk") or {}
        return disk.get("osType") == "Windows" or bool((profile.get("osProfile") or {}).get("windowsConfiguration"))

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

    def services(self) -> list[dict[str, Any]]:
        """The orchestration services of the scale set, as automatic repairs are one: `{"serviceName", "serviceState"}`."""
        found: list[dict[str, Any]] = self.arm.get(f"{self.id}/instanceView").get("orchestrationServices") or []
        return found

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
