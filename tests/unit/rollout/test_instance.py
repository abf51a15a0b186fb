"""What is read of ARM's answers about instances."""

from typing import Any

import pytest

from azure_scaleset.rollout.instance import ExtensionStatus, Health, Instance, Signals, read, signals

SET = "/subscriptions/1/resourceGroups/Group/providers/Microsoft.Compute/virtualMachineScaleSets/web"
DISK = "/subscriptions/1/resourceGroups/Group/providers/Microsoft.Compute/disks/web_3_OsDisk_1"

UNIFORM: dict[str, Any] = {
    "id": f"{SET}/virtualMachines/3",
    "name": "web_3",
    "instanceId": "3",
    "zones": ["2"],
    "properties": {
        "latestModelApplied": False,
        "provisioningState": "Failed",
        "protectionPolicy": {"protectFromScaleIn": True, "protectFromScaleSetActions": False},
        "storageProfile": {
            "imageReference": {"publisher": "Canonical", "offer": "ubuntu", "sku": "server", "version": "latest", "exactVersion": "24.04.1"},
            "osDisk": {"name": "web_3_OsDisk_1", "managedDisk": {"id": DISK}},
        },
        "instanceView": {
            "platformUpdateDomain": 1,
            "platformFaultDomain": 4,
            "statuses": [
                {"code": "ProvisioningState/failed/VMExtensionProvisioningError", "level": "Error", "time": "2026-01-01T00:00:00.1234567+00:00"},
                {"code": "PowerState/running", "level": "Info", "displayStatus": "VM running"},
            ],
            "vmHealth": {"status": {"code": "HealthState/unhealthy", "level": "Info", "time": "2026-01-01T00:00:00+00:00"}},
            "extensions": [
                {
                    "name": "script",
                    "type": "Microsoft.Azure.Extensions.CustomScript",
                    "statuses": [{"code": "ProvisioningState/failed/7", "level": "Error", "message": "exit 7\n\n  \nE: no", "time": "2026-01-01T00:00:05Z"}],
                    "substatuses": [{"code": "ComponentStatus/StdErr/succeeded", "message": "trace  "}],
                },
                {"name": "health", "statuses": [{"code": "ProvisioningState/succeeded", "level": "Info"}]},
                {"name": "agent"},
            ],
        },
    },
}  # fmt: skip


def test_uniform_instance() -> None:
    """Everything that a rollout needs, from a body as Azure's documentation has it."""
    assert read(UNIFORM, Signals(health=True)) == Instance(
        id="3",
        name="web_3",
        zone="2",
        fault_domain=4,
        latest_model=False,
        provisioning="Failed",
        power="running",
        health=Health.UNHEALTHY,
        protected=False,
        os_disk=DISK.lower(),
        image_version="24.04.1",
        extensions=(
            ExtensionStatus("script", True, "ProvisioningState/failed/7", "exit 7\n\n  \nE: no\ntrace  ", "2026-01-01T00:00:05Z"),
            ExtensionStatus("health", False, "ProvisioningState/succeeded", ""),
            ExtensionStatus("agent", False, "", ""),
        ),
    )


def test_flexible_instance() -> None:
    """Its id is its name; it has no protection and no update domain."""
    body = {
        "name": "web_1a2b3c4d",
        "instanceId": "web_1a2b3c4d",
        "properties": {
            "latestModelApplied": True,
            "provisioningState": "Succeeded",
            "storageProfile": {"imageReference": {"id": "/gallery"}, "osDisk": {"managedDisk": {"id": DISK}}},
            "instanceView": {"statuses": [{"code": "PowerState/running"}], "vmHealth": {"status": {"code": "HealthState/healthy"}}},
        },
    }
    instance = read(body, Signals(health=True))
    assert (instance.id, instance.zone, instance.fault_domain, instance.image_version) == ("web_1a2b3c4d", None, None, None)
    assert (instance.serves, instance.excluded, instance.order) == (True, None, ("", 0, 0, "web_1a2b3c4d"))


def test_instance_of_which_nothing_is_known_yet() -> None:
    """Only its name: it doesn't serve, and nobody leaves it alone."""
    instance = read({"name": "web_4", "instanceId": "4"}, Signals())
    assert (instance.id, instance.power, instance.health, instance.serves, instance.excluded) == ("4", "unknown", None, False, None)


@pytest.mark.parametrize(
    ("code", "latest", "expected", "health"),
    [
        ("HealthState/healthy", True, True, Health.HEALTHY),
        ("HealthState/Initializing", True, True, Health.INITIALIZING),
        ("HealthState/odd", True, True, Health.UNKNOWN),
        (None, True, True, Health.UNKNOWN),
        (None, True, False, None),
        (None, False, True, None),
    ],
)
def test_health(code: str | None, latest: bool, expected: bool, health: Health | None) -> None:
    """Where the model has a signal, an instance with the model that reports nothing is unknown; one with an older model may never have had a signal."""
    view = {} if code is None else {"vmHealth": {"status": {"code": code}}}
    body = {"name": "web_0", "properties": {"latestModelApplied": latest, "instanceView": view}}
    assert read(body, Signals(health=expected)).health == health


def test_failure_that_the_model_suppresses() -> None:
    """It is shown, and doesn't count."""
    statuses = read(UNIFORM, Signals(suppressed=frozenset(["script"]))).extensions
    assert (statuses[0].failed, statuses[0].code) == (False, "ProvisioningState/failed/7")


def test_last_lines() -> None:
    """The end of what a script wrote: ten lines at most, none that is empty."""
    status = ExtensionStatus("script", True, "", "\n".join([*map(str, range(20)), "", "  end  ", ""]))
    assert status.last_lines == ["11", "12", "13", "14", "15", "16", "17", "18", "19", "  end"]


@pytest.mark.parametrize(
    ("changes", "serves", "in_rotation", "failed", "busy", "excluded"),
    [
        ({}, True, True, False, False, None),
        ({"health": None}, True, True, False, False, None),
        ({"health": Health.UNKNOWN}, False, False, False, False, None),
        ({"provisioning": "Failed"}, False, True, True, False, None),
        ({"provisioning": "Failed", "health": None}, False, False, True, False, None),
        ({"provisioning": "Canceled"}, False, True, True, False, None),
        ({"provisioning": "Updating"}, False, False, False, True, None),
        ({"provisioning": "Migrating"}, False, False, False, True, None),
        ({"provisioning": "Deleting"}, False, False, False, True, "being deleted"),
        ({"power": "stopped", "latest_model": False}, False, False, False, False, "stopped"),
        ({"power": "stopped"}, False, False, False, False, None),
        ({"power": "stopped", "provisioning": "Failed"}, False, False, True, False, None),
        ({"power": "stopped", "provisioning": "Updating"}, False, False, False, True, None),
        ({"power": "deallocated"}, False, False, False, False, "deallocated"),
        ({"power": "deallocated", "provisioning": "Failed"}, False, False, True, False, "deallocated"),
        ({"power": "deallocating", "provisioning": "Updating"}, False, False, False, True, None),
        ({"protected": True}, True, True, False, False, "protected from scale set actions"),
    ],
)
def test_states(changes: dict[str, Any], serves: bool, in_rotation: bool, failed: bool, busy: bool, excluded: str | None) -> None:
    """An instance that a reimage has stopped or left stopped, or that has the model and is off, is not one that somebody has stopped to leave it alone."""
    own: dict[str, Any] = {"provisioning": "Succeeded", "power": "running", "health": Health.HEALTHY, "protected": False}
    other: dict[str, Any] = {"id": "0", "name": "web_0", "zone": None, "fault_domain": None, "latest_model": True}
    instance = Instance(**{**other, **own, "os_disk": None, "image_version": None, **changes})
    assert (instance.serves, instance.in_rotation, instance.failed, instance.busy, instance.excluded) == (
        serves,
        in_rotation,
        failed,
        busy,
        excluded,
    )


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        ({}, Signals()),
        ({"networkProfile": {"healthProbe": {"id": "/probe"}}}, Signals(health=True, probe="/probe")),
        (
            {
                "extensionProfile": {
                    "extensions": [
                        {
                            "name": "h",
                            "properties": {"type": "ApplicationHealthLinux", "settings": {"intervalInSeconds": 20, "numberOfProbes": 3}},
                        }
                    ]
                }
            },
            Signals(health=True, interval=20, probes=3),
        ),
        (
            {"extensionProfile": {"extensions": [{"name": "h", "properties": {"type": "ApplicationHealthWindows"}}]}},
            Signals(health=True),
        ),
        (
            {"extensionProfile": {"extensions": [{"name": "a", "properties": {"type": "X", "suppressFailures": True}}, {"name": "b"}]}},
            Signals(suppressed=frozenset(["a"])),
        ),
    ],
)
def test_signals_of_a_model(profile: dict[str, Any], expected: Signals) -> None:
    """The health extension, or the balancer's probe; a set without a profile has none."""
    assert signals({"properties": {"virtualMachineProfile": profile}}) == expected
    assert signals({}) == Signals()
