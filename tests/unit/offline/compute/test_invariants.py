"""Whatever is asked in whatever order: in the end everything is done, counted and gone that should be."""

import random
from typing import Any

import pytest

from offline.arm import faults
from offline.arm.compute.serving import serving
from offline.arm.http import Json, Response
from tests.unit.offline.compute.world import GROUP, SET, World, body, changed, extension, health

LONG = 6 * 60 * 60


def written(chance: random.Random) -> Json:
    """A PUT body: any mode, capacity, model and policy."""
    mode = chance.choice(["Manual", "Automatic", "Rolling"])
    surge = chance.random() < 0.3
    policy = {
        "maxBatchInstancePercent": chance.choice([5, 50, 100]),
        "maxSurge": surge,
        "rollbackFailedInstancesOnPolicyBreach": chance.random() < 0.5,
    }
    new = body(chance.randint(0, 6), mode, [extension(forceUpdateTag=chance.choice("abc")), health()])
    new = changed(new, "properties.upgradePolicy", {"mode": mode, "rollingUpgradePolicy": policy})
    new = changed(new, "properties.automaticRepairsPolicy", {"enabled": chance.random() < 0.5})
    return changed(new, "properties.overprovision", not surge and chance.random() < 0.3)


def step(world: World, chance: random.Random) -> Response:
    """One call, with a fault now and then; refusals are answers too."""
    if chance.random() < 0.2:
        orders: list[tuple[str, Json]] = [
            ("extensionFails", {"payload": "b", "times": 1}),
            ("stuck", {"times": 1}),
            ("runsTwice", {"times": 1}),
            ("appUnhealthy", {"instances": [chance.randint(0, 9)]}),
            ("refuse", {"status": 409}),
        ]
        kind, fields = chance.choice(orders)
        faults.add(world.store, kind, **fields)
    names = [each["instanceId"] for each in world.store.documents("instance", SET)]
    some: Any = {"instanceIds": chance.sample(names, min(len(names), 2))}
    path = chance.choice(
        ["manualupgrade", "reimage", "restart", "deallocate", "start", "delete", "rollingUpgrades/cancel", "osRollingUpgrade"]
    )
    if chance.random() < 0.4:
        return world.call("PUT", SET, written(chance))
    return world.call("POST", f"{SET}/{path}", some)


@pytest.mark.parametrize("seed", range(40))
def test_everything_comes_to_an_end(world: World, seed: int) -> None:
    """No instance at work, no operation open, as many instances as the capacity says, a disk for each, nothing on the agenda."""
    chance = random.Random(seed)
    world.call("PUT", SET, written(chance))
    urls: list[str] = []
    for _ in range(30):
        answer = step(world, chance)
        assert answer.status != 500, answer.body
        urls += [url for name, url in answer.headers.items() if name == "Azure-AsyncOperation"]
        world.later(chance.choice([0, 5, 30, 200]))
    faults.clear(world.store)
    world.later(LONG)
    found = world.store.documents("instance", SET)
    capacity = world.expect(200, "GET", SET)["sku"]["capacity"]
    operations = {world.call("GET", url.removeprefix("https://management.azure.com").partition("?")[0]).body["status"] for url in urls}  # type: ignore[index]
    assert [each["work"] for each in found] == [None] * capacity
    assert operations <= {"Succeeded", "Failed", "Canceled"}
    assert len(world.expect(200, "GET", f"{GROUP}/providers/Microsoft.Compute/disks")["value"]) == len(world.instances()) == capacity
    assert world.store.take_due(float("inf")) is None
    counts = serving(world.store.events(), SET)
    assert counts == [] or counts[-1][1] == len([each for each in found if each["serving"]])
    assert world.expect(200, "GET", SET)["properties"]["provisioningState"] in ("Succeeded", "Failed")
