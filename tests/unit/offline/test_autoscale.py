"""Autoscale settings."""

from typing import Any

import pytest

from tests.unit.offline.arm import GROUP, Arm, scale_set, virtual_network

NET = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/net"
SET = f"{GROUP}/providers/Microsoft.Compute/virtualMachineScaleSets/web"
SETTING = "Microsoft.Insights/autoscaleSettings/web"


@pytest.fixture(autouse=True)
def _scale_set(arm: Arm) -> None:
    arm.made(NET, virtual_network(("one", "10.0.0.0/24")))
    arm.made(SET, scale_set(f"{NET}/subnets/one"))


def setting(low: str = "1", default: str = "2", high: str = "5", target: str = SET, enabled: bool = True, profiles: int = 1) -> Any:
    """A setting with a range of capacity."""
    capacity = {"minimum": low, "default": default, "maximum": high}
    listed = [{"name": f"profile{number}", "capacity": capacity, "rules": []} for number in range(profiles)]
    return {"location": "westeurope", "properties": {"enabled": enabled, "targetResourceUri": target, "profiles": listed}}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (setting(low="3"), (400, "BadRequest", "properties.profiles[0].capacity.minimum")),
        (setting(high="1"), (400, "BadRequest", "properties.profiles[0].capacity.maximum")),
        (setting(low="none"), (400, "BadRequest", "properties.profiles[0].capacity.minimum")),
        (setting(high="1001"), (400, "BadRequest", "properties.profiles[0].capacity.maximum")),
        (setting(profiles=0), (400, "BadRequest", "properties.profiles")),
        (setting(profiles=21), (400, "BadRequest", "properties.profiles")),
        (setting(target=SET + "s"), (404, "ResourceNotFound", "properties.targetResourceUri")),
    ],
)
def test_settings_are_refused(arm: Arm, body: Any, expected: tuple[int, str, str]) -> None:
    """Ranges out of order, no numbers, too few or too many profiles, no target."""
    assert arm.refused("PUT", SETTING, body) == expected


def test_a_target_has_one_setting(arm: Arm) -> None:
    """A second setting for the same scale set is a conflict; the first may be written again."""
    arm.made(SETTING, setting())
    arm.made(SETTING, setting(high="6"))
    assert arm.refused("PUT", "Microsoft.Insights/autoscaleSettings/second", setting())[0] == 409


@pytest.mark.parametrize(("enabled", "capacity"), [(True, 3), (False, 1)])
def test_capacity_is_moved_into_the_range(arm: Arm, enabled: bool, capacity: int) -> None:
    """A set with fewer instances than the minimum gets more, unless the setting is off."""
    arm.made(SETTING, setting(low="3", default="3", enabled=enabled))
    assert arm.read(SET)["sku"]["capacity"] == capacity
