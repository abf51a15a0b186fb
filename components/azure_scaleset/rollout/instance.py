"""What Azure tells of one instance, as a rollout needs it. Uniform instances have numbers, those of Flexible sets have names."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


class Health(enum.StrEnum):
    """The application's health, as the health extension or the balancer's probe reports it (H3)."""

    HEALTHY = "healthy"
    """The application answers."""
    UNHEALTHY = "unhealthy"
    """It doesn't, or says so itself."""
    UNKNOWN = "unknown"
    """Nothing was reported yet, or an answer that is neither."""
    INITIALIZING = "initializing"
    """The grace period after a start (version 2 of the health extension)."""


@dataclass(frozen=True)
class ExtensionStatus:
    """The last run of an extension on an instance."""

    name: str
    """Name in the model."""
    failed: bool
    """Whether Azure takes the run for failed."""
    code: str
    """Azure's code, as `ProvisioningState/failed/1`."""
    message: str
    """What the handler says, with what the script wrote."""
    time: str | None = None
    """When it ended, ISO 8601 (UTC)."""

    @property
    def last_lines(self) -> list[str]:
        """The end of the message without empty lines: at most ten lines."""
        return [line.rstrip() for line in self.message.splitlines() if line.strip()][-10:]


@dataclass(frozen=True)
class Instance:
    """One instance."""

    id: str
    """Instance id: a number in a Uniform set, a name in a Flexible one."""
    name: str
    """Name of the virtual machine."""
    zone: str | None
    """Availability zone."""
    fault_domain: int | None
    """Fault domain."""
    latest_model: bool
    """`latestModelApplied`: true after an upgrade also when a reimage is still needed (T12)."""
    provisioning: str
    """Provisioning state, as `Succeeded`."""
    power: str
    """Power state, as `running`."""
    health: Health | None
    """None where no health is reported."""
    protected: bool
    """Protected from scale set actions: Azure doesn't upgrade it."""
    os_disk: str | None
    """Resource id of the OS disk, in lower case."""
    image_version: str | None
    """Exact version of the image that it was made of."""
    extensions: tuple[ExtensionStatus, ...] = ()
    """Extensions that ran."""
    os_disk_made: datetime | None = None
    """When the OS disk was made; None where nobody asked."""

    @property
    def order(self) -> tuple[str, int, int, str]:
        """Sorts instances by zone, fault domain, and number."""
        return (self.zone or "", self.fault_domain or 0, int(self.id) if self.id.isdigit() else 0, self.id)

    @property
    def failed(self) -> bool:
        """Whether its last change failed."""
        return self.provisioning == "Failed" or any(extension.failed for extension in self.extensions)

    @property
    def busy(self) -> bool:
        """Whether a change of it is running."""
        return self.provisioning not in ("Succeeded", "Failed")

    @property
    def serves(self) -> bool:
        """Whether it runs, is not being changed, and is not reported as anything but healthy."""
        return self.power == "running" and not self.busy and not self.failed and self.health in (None, Health.HEALTHY)

    @property
    def excluded(self) -> str | None:
        """Why a rollout leaves it alone (T21), or None."""
        if self.protected:
            return "protected from scale set actions"
        if self.power in ("deallocated", "deallocating", "stopped"):
            return self.power
        if self.provisioning == "Deleting":
            return "being deleted"
        return None


def read(body: Mapping[str, Any]) -> Instance:
    """An instance from ARM's answer (`virtualMachines?$expand=instanceView`)."""
    properties = body.get("properties") or {}
    view = properties.get("instanceView") or {}
    storage = properties.get("storageProfile") or {}
    image = storage.get("imageReference") or {}
    health = ((view.get("vmHealth") or {}).get("status") or {}).get("code")
    return Instance(
        id=str(body.get("instanceId") or body["name"]),
        name=str(body["name"]),
        zone=next(iter(body.get("zones") or ()), None),
        fault_domain=view.get("platformFaultDomain"),
        latest_model=bool(properties.get("latestModelApplied", True)),
        provisioning=str(properties.get("provisioningState", "Succeeded")),
        power=_power(view),
        health=_health(health) if health else None,
        protected=bool((properties.get("protectionPolicy") or {}).get("protectFromScaleSetActions")),
        os_disk=(((storage.get("osDisk") or {}).get("managedDisk") or {}).get("id") or "").lower() or None,
        image_version=image.get("exactVersion") or image.get("version"),
        extensions=tuple(_extension(extension) for extension in view.get("extensions") or ()),
    )


def _power(view: Mapping[str, Any]) -> str:
    codes = [str(status.get("code", "")) for status in view.get("statuses") or ()]
    return next((code.partition("/")[2] for code in codes if code.startswith("PowerState/")), "unknown")


def _health(code: str) -> Health:
    word = code.rpartition("/")[2].lower()
    return Health(word) if word in set(Health) else Health.UNKNOWN


def _extension(body: Mapping[str, Any]) -> ExtensionStatus:
    statuses = body.get("statuses") or [{}]
    code = str(statuses[0].get("code", ""))
    texts = [status.get("message") for status in [*statuses, *(body.get("substatuses") or ())]]
    failed = "/failed" in code.lower() or statuses[0].get("level") == "Error"
    return ExtensionStatus(str(body["name"]), failed, code, "\n".join(text for text in texts if text), statuses[0].get("time"))
