"""Spot instances: evictions, and Azure's tries to restore them."""

from typing import Any

import pytest

from offline.arm import faults
from offline.arm.compute.serving import serving
from offline.arm.http import Json
from tests.unit.offline.compute.world import GROUP, SET, World, body, changed, profile


def spot(capacity: int, policy: str | None = None, restore: Json | None = None) -> Json:
    """A set of spot instances."""
    new = profile(profile(body(capacity), "priority", "Spot"), "evictionPolicy", policy)
    return changed(new, "properties.spotRestorePolicy", restore) if restore else new


def evict(world: World, instance: str = "0") -> None:
    """`simulateEviction`, and the time that an eviction takes."""
    assert world.call("POST", f"{SET}/virtualMachines/{instance}/simulateEviction").status == 204
    world.later(60)


def power(world: World) -> dict[str, str]:
    """Instance -> its power state."""
    found: dict[str, str] = {}
    for each in world.instances():
        view = world.expect(200, "GET", f"{SET}/virtualMachines/{each['instanceId']}/instanceView")
        found[each["instanceId"]] = view["statuses"][1]["code"].partition("/")[2]
    return found


def capacity(world: World) -> Any:
    """`sku.capacity`."""
    return world.expect(200, "GET", SET)["sku"]["capacity"]


def test_an_instance_serves_until_it_is_evicted(world: World) -> None:
    """It is told half a minute before."""
    world.put(spot(2))
    assert world.call("POST", f"{SET}/virtualMachines/0/simulateEviction").status == 204
    world.later(20)
    assert (serving(world.store.events(), SET)[-1][1], [data["event"] for _, data in world.events("scheduledEvent")]) == (2, ["Preempt"])
    world.later(20)
    assert serving(world.store.events(), SET)[-1][1] == 1


@pytest.mark.parametrize("policy", [None, "Deallocate"])
def test_deallocate_keeps_the_instance(world: World, policy: str | None) -> None:
    """It counts against the capacity as before, and can be started."""
    world.put(spot(2, policy))
    evict(world)
    assert (power(world), capacity(world)) == ({"0": "deallocated", "1": "running"}, 2)
    world.expect(202, "POST", f"{SET}/start", {"instanceIds": ["0"]})
    assert power(world) == {"0": "running", "1": "running"}


def test_delete_takes_the_instance_away(world: World) -> None:
    """And its place."""
    world.put(spot(2, "Delete"))
    evict(world)
    assert (power(world), capacity(world)) == ({"1": "running"}, 1)


@pytest.mark.parametrize(("policy", "left"), [("Deallocate", ["0", "1"]), ("Delete", ["1", "2"])])
def test_azure_restores_what_it_evicted(world: World, policy: str, left: list[str]) -> None:
    """Where the set's policy says so: the same instance, or a new one."""
    world.put(spot(2, policy, {"enabled": True, "restoreTimeout": "PT1H"}))
    evict(world)
    world.later(300)
    assert (power(world), capacity(world)) == (dict.fromkeys(left, "running"), 2)


def test_restoring_waits_for_capacity(world: World) -> None:
    """It is tried again until there is some."""
    world.put(spot(1, "Deallocate", {"enabled": True}))
    faults.add(world.store, "noSpotCapacity", times=3)
    evict(world)
    world.later(120)
    assert power(world) == {"0": "deallocated"}
    world.later(300)
    assert power(world) == {"0": "running"}


def test_restoring_is_given_up(world: World) -> None:
    """When the time that the policy gives is over."""
    world.put(spot(1, "Deallocate", {"enabled": True, "restoreTimeout": "PT15M"}))
    order = faults.add(world.store, "noSpotCapacity")
    evict(world)
    world.later(15 * 60)
    faults.clear(world.store, order)
    world.later(3600)
    assert (power(world), [data for _, data in world.events("restoreGivenUp")]) == ({"0": "deallocated"}, [{"instance": "0"}])


def test_nothing_is_restored_under_autoscale(world: World) -> None:
    """P7."""
    world.put(spot(2, "Deallocate", {"enabled": True}))
    bounds = {"minimum": "1", "default": "2", "maximum": "4"}
    properties = {"enabled": True, "targetResourceUri": SET, "profiles": [{"name": "all", "capacity": bounds, "rules": []}]}
    path = f"{GROUP}/providers/Microsoft.Insights/autoscaleSettings/auto"
    world.expect(201, "PUT", path, {"location": "westeurope", "properties": properties})
    evict(world)
    world.later(3600)
    assert power(world) == {"0": "deallocated", "1": "running"}


def test_what_is_no_spot_instance_is_not_evicted(world: World) -> None:
    """409; nor one that does not run."""
    world.put(body(1))
    assert (world.call("POST", f"{SET}/virtualMachines/0/simulateEviction").body or {})["error"]["code"] == "OperationNotAllowed"
    world.expect(200, "DELETE", SET)
    world.put(spot(1))
    evict(world, world.instances()[0]["instanceId"])
    answer = world.call("POST", f"{SET}/virtualMachines/{world.instances()[0]['instanceId']}/simulateEviction")
    assert (answer.status, (answer.body or {})["error"]["code"]) == (409, "OperationNotAllowed")
