"""A newer version of an image, and who gets it."""

from typing import Any

import pytest

from offline.arm import faults
from offline.arm.compute import publishing
from offline.arm.http import Json
from tests.unit.offline.compute.world import SET, World, body, changed, extension, health

IMAGE = "Canonical:ubuntu-24_04-lts:server"
NEWER = "24.04.202512010"


def automatic(capacity: int, **policy: Any) -> Json:
    """A set with automatic OS image upgrades."""
    upgrades = {"mode": "Manual", "automaticOSUpgradePolicy": {"enableAutomaticOSUpgrade": True, **policy}}
    return changed(body(capacity, "Manual", [extension(), health()]), "properties.upgradePolicy", upgrades)


def versions(world: World) -> list[str]:
    """The exact image version of each instance."""
    return [each["properties"]["storageProfile"]["imageReference"]["exactVersion"] for each in world.instances()]


def publish(world: World) -> None:
    """Publishes the newer version."""
    publishing.publish(world.store, f"{IMAGE}:{NEWER}")


def test_only_new_instances_get_a_newer_version(world: World) -> None:
    """Without automatic upgrades the others keep theirs, and count as up to date; a reimage brings it."""
    world.put(body(1))
    publish(world)
    world.put(body(2))
    assert (versions(world), [each["properties"]["latestModelApplied"] for each in world.instances()]) == (
        ["24.04.202510010", NEWER],
        [True, True],
    )
    world.expect(202, "POST", f"{SET}/reimage", {"instanceIds": ["0"]})
    assert versions(world) == [NEWER, NEWER]


def test_automatic_upgrades_roll_it_out(world: World) -> None:
    """One by one, whatever the mode, with all extensions again."""
    world.put(automatic(2))
    world.later(60)
    publish(world)
    world.later(60)
    assert (world.rolled()["runningStatus"]["code"], versions(world)) == ("Completed", [NEWER, NEWER])
    assert [data["instances"] for _, data in world.events("batch")] == [["0"], ["1"]]
    assert [name for name, extension_name, _ in world.runs()[4:] if extension_name == "script"] == ["0", "1"]


@pytest.mark.parametrize(("policy", "first"), [({}, "24.04.202510010"), ({"disableAutomaticRollback": True}, NEWER)])
def test_a_bad_version_stops_and_goes_back(world: World, policy: Json, first: str) -> None:
    """The failed instance gets the image back that it had, unless that is disabled; the rest never had the new one."""
    world.put(automatic(3, **policy))
    world.later(60)
    faults.add(world.store, "appUnhealthy", imageVersion=NEWER)
    publish(world)
    world.later(60)
    assert world.rolled()["error"]["code"] == "MaxUnhealthyUpgradedInstancePercentExceededInRollingUpgrade"
    world.later(100)
    assert versions(world) == [first, "24.04.202510010", "24.04.202510010"]
    (told,) = world.expect(200, "GET", f"{SET}/osUpgradeHistory")["value"]
    assert {key: told["properties"][key] for key in ("startedBy", "progress", "rollbackInfo")} == {
        "startedBy": "Platform",
        "progress": {"successfulInstanceCount": 0, "failedInstanceCount": 1, "inProgressInstanceCount": 0, "pendingInstanceCount": 2},
        "rollbackInfo": {"successfullyRolledbackInstanceCount": 0 if policy else 1, "failedRolledbackInstanceCount": 0},
    }


def test_an_upgrade_can_be_started_by_hand(world: World) -> None:
    """`osRollingUpgrade`: of what is old; there is nothing to do the second time."""
    world.put(body(1, "Manual", [extension(), health()]))
    world.later(60)
    publish(world)
    world.expect(202, "POST", f"{SET}/osRollingUpgrade")
    assert (world.rolled()["runningStatus"]["code"], versions(world)) == ("Completed", [NEWER])
    world.expect(202, "POST", f"{SET}/osRollingUpgrade")
    world.rolled()
    assert len(world.events("instanceReimaged")) == 1
    told = [each["properties"] for each in world.expect(200, "GET", f"{SET}/osUpgradeHistory")["value"]]
    assert [(each["startedBy"], each["runningStatus"]["code"], each["targetImageReference"]["exactVersion"]) for each in told] == [
        ("User", "Completed", NEWER)
    ]


@pytest.mark.parametrize("urn", ["Canonical:none:server:1", "server", f"{IMAGE}:24.04.202510010"])
def test_what_can_not_be_published(world: World, urn: str) -> None:
    """An image that does not exist, and a version that does."""
    with pytest.raises(ValueError, match=r"There is no image|has the version"):
        publishing.publish(world.store, urn)
