"""What Azure tells of one instance, as a rollout needs it. Uniform instances have numbers, those of Flexible sets have names."""

import enum
from collections.abc import Collection, Mapping
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
    """None where nothing reports it; unknown where something should, and hasn't yet."""
    protected: bool
    """Protected from scale set actions: Azure doesn't upgrade it."""
    os_disk: str | None
    """Resource id of the OS disk, in lower case."""
    image_version: str | None
    """Exact version of the image that it was made of."""
    extensions: tuple[ExtensionStatus, ...] = ()
    """Extensions that ran."""
    os_disk_made: datetime | None = None
    """When the OS disk was made; None where nobody asked, or Azure doesn't tell: an ephemeral disk is no resource."""
    made: datetime | None = None
    """When the machine was made; None where Azure doesn't tell."""

    @property
    def order(self) -> tuple[str, int, int, str]:
        """Sorts instances by zone, fault domain, and number."""
        return (self.zone or "", self.fault_domain or 0, int(self.id) if self.id.isdigit() else 0, self.id)

    @property
    def failed(self) -> bool:
        """Whether its last change failed."""
        return self.provisioning in ("Failed", "Canceled") or any(extension.failed for extension in self.extensions)

    @property
    def busy(self) -> bool:
        """Whether a change of it is running."""
        return self.provisioning not in ("Succeeded", "Failed", "Canceled")

    @property
    def in_rotation(self) -> bool:
        """Whether requests reach it: it runs, is not being changed, and its application answers. One whose last change failed may do so, too."""
        answers = self.health is Health.HEALTHY or (self.health is None and not self.failed)
        return self.power == "running" and not self.busy and answers

    @property
    def serves(self) -> bool:
        """Whether requests reach it, and its last change succeeded."""
        return self.in_rotation and not self.failed

    @property
    def leaving(self) -> bool:
        """Whether it is being deleted: nothing is to be done to it any more."""
        return self.provisioning == "Deleting"

    @property
    def excluded(self) -> str | None:
        """Why a rollout leaves it alone (T21), or None."""
        if self.protected:
            return "protected from scale set actions"
        if self.leaving:
            return "being deleted"
        # A reimage stops an instance for a while, and one that fails may leave it so: neither was anybody's wish.
        if self.power == "deallocated" and not self.busy:
            return "deallocated"
        # One that has the model may have been powered off by its own script, which Azure shows the same way: to leave it alone, deallocate it.
        if self.power == "stopped" and self.provisioning == "Succeeded" and not self.latest_model:
            return "stopped"
        return None


@dataclass(frozen=True)
class Signals:
    """What a model says of how to read its instances."""

    health: bool = False
    """Something reports the application's health: the health extension, or the balancer's probe."""
    suppressed: frozenset[str] = frozenset()
    """Names of extensions whose failures don't count (`suppressFailures`)."""
    probe: str | None = None
    """Resource id of the balancer's probe, where that reports."""
    interval: float = 5
    """Seconds between two questions of the health extension (H2)."""
    probes: int = 1
    """So many answers in a row make a state of the health extension."""


def signals(model: Mapping[str, Any]) -> Signals:
    """The signals of a scale set, from its body as ARM shows it."""
    profile = (model.get("properties") or {}).get("virtualMachineProfile") or {}
    extensions = (profile.get("extensionProfile") or {}).get("extensions") or ()
    definitions = {str(extension.get("name")): extension.get("properties") or {} for extension in extensions}
    extension = next((each for each in definitions.values() if str(each.get("type", "")).lower().startswith("applicationhealth")), None)
    probe = ((profile.get("networkProfile") or {}).get("healthProbe") or {}).get("id")
    settings = (extension or {}).get("settings") or {}
    return Signals(
        health=bool(probe) or extension is not None,
        suppressed=frozenset(name for name, each in definitions.items() if each.get("suppressFailures")),
        probe=str(probe) if probe and extension is None else None,
        interval=float(settings.get("intervalInSeconds") or 5),
        probes=int(settings.get("numberOfProbes") or 1),
    )


def read(body: Mapping[str, Any], expected: Signals) -> Instance:
    """An instance from ARM's answer (`virtualMachines?$expand=instanceView`). *expected*: the signals of the model, for an instance that has it."""
    properties = body.get("properties") or {}
    view = properties.get("instanceView") or {}
    storage = properties.get("storageProfile") or {}
    image = storage.get("imageReference") or {}
    latest = bool(properties.get("latestModelApplied", True))
    code = ((view.get("vmHealth") or {}).get("status") or {}).get("code")
    return Instance(
        id=str(body.get("instanceId") or body["name"]),
        name=str(body["name"]),
        zone=next(iter(body.get("zones") or ()), None),
        fault_domain=view.get("platformFaultDomain"),
        latest_model=latest,
        provisioning=str(properties.get("provisioningState", "Succeeded")),
        power=_power(view),
        health=_health(code) if code else Health.UNKNOWN if latest and expected.health else None,
        protected=bool((properties.get("protectionPolicy") or {}).get("protectFromScaleSetActions")),
        os_disk=(((storage.get("osDisk") or {}).get("managedDisk") or {}).get("id") or "").lower() or None,
        image_version=image.get("exactVersion") or image.get("version"),
        extensions=tuple(_extension(extension, expected.suppressed) for extension in view.get("extensions") or ()),
        made=datetime.fromisoformat(properties["timeCreated"]) if properties.get("timeCreated") else None,
    )


def _power(view: Mapping[str, Any]) -> str:
    codes = [str(status.get("code", "")) for status in view.get("statuses") or ()]
    return next((code.partition("/")[2] for code in codes if code.startswith("PowerState/")), "unknown")


def _health(code: str) -> Health:
    word = code.rpartition("/")[2].lower()
    return Health(word) if word in set(Health) else Health.UNKNOWN


def _extension(body: Mapping[str, Any], suppressed: Collection[str]) -> ExtensionStatus:
    statuses = body.get("statuses") or [{}]
    code = str(statuses[0].get("code", ""))
    texts = [status.get("message") for status in [*statuses, *(body.get("substatuses") or ())]]
    failed = ("/failed" in code.lower() or statuses[0].get("level") == "Error") and body["name"] not in suppressed
    return ExtensionStatus(str(body["name"]), failed, code, "\n".join(text for text in texts if text), statuses[0].get("time"))
