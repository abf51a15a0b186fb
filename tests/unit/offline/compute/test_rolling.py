"""Rolling upgrades: batches, health, limits, what stops them and what begins them again."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from azure.mgmt.compute import models

from offline.arm import faults
from offline.arm.compute.serving import fewest, serving
from offline.arm.http import Json
from tests.unit.offline.compute.world import SET, World, body, changed, extension, health

OLD = [extension(), health()]
NEW = [extension(forceUpdateTag="2"), health()]
BROKEN = [extension(settings={"typo": 1}), health()]


def rolling(capacity: int, extensions: list[Json], **policy: Any) -> Json:
    """A set in mode Rolling."""
    return changed(body(capacity, "Rolling", extensions), "properties.upgradePolicy", {"mode": "Rolling", "rollingUpgradePolicy": policy})


def deploy(world: World, base: Json) -> str:
    """Makes the set and waits until all are healthy; gives that time."""
    world.put(base)
    world.later(60)
    return world.store.now().isoformat()


def rounds(world: World) -> list[list[str]]:
    """The instances of each batch so far."""
    return [data["instances"] for _, data in world.events("batch")]


def tags(world: World) -> dict[str, str | None]:
    """Instance -> `forceUpdateTag` of its last run of the script."""
    return {name: data["forceUpdateTag"] for name, data in world.events("extensionRun") if data["extension"] == "script"}


def test_the_put_ends_before_the_upgrade(world: World) -> None:
    """M13: its operation is done at once; the instances follow batch by batch, the others serving."""
    start = deploy(world, rolling(5, OLD))
    answer = world.call("PUT", SET, rolling(5, NEW))
    assert (answer.headers, tags(world)) == ({}, dict.fromkeys("01234"))
    status: Any = models.RollingUpgradeStatusInfo(world.expect(200, "GET", f"{SET}/rollingUpgrades/latest"))
    assert (status.running_status.code, status.progress.pending_instance_count, status.progress.in_progress_instance_count) == (
        "RollingForward",
        4,
        1,
    )
    assert world.rolled()["progress"] == {
        "successfulInstanceCount": 5,
        "failedInstanceCount": 0,
        "inProgressInstanceCount": 0,
        "pendingInstanceCount": 0,
    }
    assert (tags(world), rounds(world)) == (dict.fromkeys("01234", "2"), [["0"], ["1"], ["2"], ["3"], ["4"]])
    assert fewest(serving(world.store.events(), SET), start) == 4


def test_pause_between_batches(world: World) -> None:
    """From the end of one to the beginning of the next."""
    deploy(world, rolling(2, OLD))
    world.put(rolling(2, NEW, pauseTimeBetweenBatches="PT10M"))
    world.rolled()
    ended = datetime.fromisoformat(world.store.events("batch")[0]["time"])
    began = datetime.fromisoformat(world.store.events("serving", f"{SET}/virtualMachines/1")[1]["time"])
    assert began - ended == timedelta(minutes=10)


def test_a_failed_batch_ends_the_upgrade(world: World) -> None:
    """The PUT ends well; `latest` tells what happened, and the rest keep the old model."""
    start = deploy(world, rolling(4, OLD))
    assert world.put(rolling(4, BROKEN)) == {}
    ended = world.rolled()
    assert (ended["runningStatus"]["code"], ended["error"]["code"], ended["progress"]) == (
        "Faulted",
        "MaxUnhealthyUpgradedInstancePercentExceededInRollingUpgrade",
        {"successfulInstanceCount": 0, "failedInstanceCount": 1, "inProgressInstanceCount": 0, "pendingInstanceCount": 3},
    )
    assert [each["properties"]["latestModelApplied"] for each in world.instances()] == [True, False, False, False]
    assert (world.events("batch"), fewest(serving(world.store.events(), SET), start)) == (
        [("web", {"instances": ["0"], "failed": ["0"]})],
        3,
    )


def test_what_failed_is_in_the_way_of_the_next_upgrade(world: World) -> None:
    """A quarter of the set is ill, more than the policy allows: the mended script is not rolled out before that instance was brought to it by name."""
    deploy(world, rolling(4, OLD))
    world.put(rolling(4, BROKEN))
    world.rolled()
    world.put(rolling(4, NEW))
    assert world.rolled()["error"]["code"] == "MaxUnhealthyInstancePercentExceededBeforeRollingUpgrade"
    world.expect(202, "POST", f"{SET}/manualupgrade", {"instanceIds": ["0"]})
    world.later(10)  # what the probes said before stands until they look again
    world.expect(200, "PATCH", SET, {})
    assert (world.rolled()["runningStatus"]["code"], tags(world)) == ("Completed", dict.fromkeys("0123", "2"))


def test_a_set_that_is_ill_begins_no_upgrade(world: World) -> None:
    """More unhealthy than the policy allows: nothing is touched."""
    deploy(world, rolling(4, OLD))
    faults.add(world.store, "appUnhealthy", instances=["3"])
    world.later(60)
    world.put(rolling(4, NEW))
    error = world.rolled()["error"]
    assert (error["code"], rounds(world)) == ("MaxUnhealthyInstancePercentExceededBeforeRollingUpgrade", [])


def test_illness_elsewhere_stops_an_upgrade_between_batches(world: World) -> None:
    """The limit over all instances is looked at before each batch."""
    deploy(world, rolling(4, OLD))
    world.put(rolling(4, NEW, pauseTimeBetweenBatches="PT5M"))
    world.later(60)
    faults.add(world.store, "appUnhealthy", instances=["3"])
    error = world.rolled()["error"]
    assert (error["code"], rounds(world)) == ("MaxUnhealthyInstancePercentExceededInRollingUpgrade", [["0"]])


def test_what_is_not_known_yet_is_waited_for(world: World) -> None:
    """An upgrade right after the creation waits for the first reports of health."""
    world.put(rolling(2, OLD))
    world.put(rolling(2, NEW))
    assert (world.rolled()["runningStatus"]["code"], rounds(world)) == ("Completed", [["0"], ["1"]])


def test_an_instance_has_five_minutes_to_be_healthy(world: World) -> None:
    """Then it has failed."""
    deploy(world, rolling(2, OLD))
    faults.add(world.store, "appUnhealthy", payload="slow", state="unknown")
    world.put(rolling(2, [extension(settings={"commandToExecute": "slow"}), health()]))
    world.rolled()
    (upgraded,), (batch,) = world.store.events("instanceUpgraded"), world.store.events("batch")
    waited = datetime.fromisoformat(batch["time"]) - datetime.fromisoformat(upgraded["time"])
    assert (batch["data"]["failed"], timedelta(minutes=5) <= waited < timedelta(minutes=5, seconds=10)) == (["0"], True)


@pytest.mark.parametrize("update", [("PATCH", {}), ("PUT", rolling(4, NEW))])
def test_an_update_without_change_begins_it_again(world: World, update: tuple[str, Json]) -> None:
    """T11: after a cancellation the outdated instances follow with the next write of the model; scaling is none."""
    deploy(world, rolling(4, OLD))
    world.put(rolling(4, NEW, pauseTimeBetweenBatches="PT10M"))
    world.later(60)
    world.expect(202, "POST", f"{SET}/rollingUpgrades/cancel")
    cancelled = world.rolled()["runningStatus"]
    assert (cancelled["code"], cancelled["lastAction"], len(rounds(world))) == ("Cancelled", "Cancel", 1)
    world.expect(200, "PATCH", SET, {"sku": {"name": "Standard_D2s_v5", "capacity": 5}})
    assert world.rolled()["runningStatus"]["code"] == "Cancelled"
    method, sent = update
    if method == "PUT":
        sent = changed(sent, "sku.capacity", 5)
    world.expect(200, method, SET, sent)
    assert (world.rolled()["runningStatus"]["code"], rounds(world)) == ("Completed", [["0"], ["1"], ["2"], ["3"]])


def test_nothing_else_begins_during_an_upgrade(world: World) -> None:
    """Another model, another upgrade and `manualupgrade` are conflicts; scaling is not, nor is the same model again."""
    deploy(world, rolling(3, OLD))
    world.put(rolling(3, NEW))
    refused = [
        world.call("PUT", SET, rolling(3, OLD)),
        world.call("POST", f"{SET}/manualupgrade", {"instanceIds": ["2"]}),
        world.call("POST", f"{SET}/osRollingUpgrade"),
        world.call("POST", f"{SET}/extensionRollingUpgrade"),
    ]
    assert {(each.status, (each.body or {})["error"]["code"]) for each in refused} == {(409, "OperationNotAllowed")}
    world.put(rolling(4, NEW))
    assert (world.rolled()["runningStatus"]["code"], tags(world)) == ("Completed", dict.fromkeys("0123", "2"))
    assert world.call("POST", f"{SET}/rollingUpgrades/cancel").status == 409


def test_stopped_and_protected_instances_are_left_out(world: World) -> None:
    """They keep the old model, and the log says why."""
    deploy(world, rolling(4, OLD))
    world.expect(202, "POST", f"{SET}/virtualMachines/1/deallocate")
    policy = {"location": "westeurope", "properties": {"protectionPolicy": {"protectFromScaleSetActions": True}}}
    world.expect(200, "PUT", f"{SET}/virtualMachines/2", policy)
    world.put(rolling(4, NEW))
    assert (world.rolled()["runningStatus"]["code"], rounds(world)) == ("Completed", [["0"], ["3"]])
    assert world.events("rollingUpgrade")[0][1]["skipped"] == [{"instanceId": "1", "reason": "deallocated"}]


def test_max_surge_makes_new_instances_first(world: World) -> None:
    """New ids with the new model serve before the old ones go; the capacity is never short."""
    start = deploy(world, rolling(2, OLD, maxSurge=True))
    world.put(rolling(2, NEW, maxSurge=True))
    assert world.rolled()["runningStatus"]["code"] == "Completed"
    world.later(60)
    assert (world.names(), tags(world)["2"], tags(world)["3"], world.expect(200, "GET", SET)["sku"]["capacity"]) == (
        ["web_2", "web_3"],
        "2",
        "2",
        2,
    )
    assert fewest(serving(world.store.events(), SET), start) == 2


def test_max_surge_keeps_the_old_when_the_new_fail(world: World) -> None:
    """What was made in vain goes again."""
    start = deploy(world, rolling(2, OLD, maxSurge=True))
    world.put(rolling(2, BROKEN, maxSurge=True))
    assert world.rolled()["runningStatus"]["code"] == "Faulted"
    world.later(60)
    assert (world.names(), fewest(serving(world.store.events(), SET), start)) == (["web_0", "web_1"], 2)


def test_failed_instances_are_rolled_back_on_request(world: World) -> None:
    """`rollbackFailedInstancesOnPolicyBreach`: the previous model comes back, on the failed ones only."""
    deploy(world, rolling(3, OLD))
    world.put(rolling(3, BROKEN, rollbackFailedInstancesOnPolicyBreach=True))
    assert world.rolled()["runningStatus"]["code"] == "Faulted"
    world.later(60)
    assert [each["properties"]["provisioningState"] for each in world.instances()] == ["Succeeded"] * 3
    assert [each["properties"]["latestModelApplied"] for each in world.instances()] == [False] * 3
    assert [status for name, _, status in world.runs() if name == "0"] == ["succeeded", "succeeded", "failed", "succeeded"]


def test_instances_that_go_meanwhile_are_no_failures(world: World) -> None:
    """A scale-in during the upgrade takes what it takes."""
    deploy(world, rolling(4, OLD))
    world.put(rolling(4, NEW))
    world.put(rolling(2, NEW))
    ended = world.rolled()
    assert (ended["runningStatus"]["code"], ended["progress"]["failedInstanceCount"], world.names()) == ("Completed", 0, ["web_0", "web_1"])


def test_an_upgrade_of_extensions_touches_every_instance(world: World) -> None:
    """It brings all to the model, in batches, whatever the mode."""
    deploy(world, body(2, "Manual", OLD))
    world.expect(202, "POST", f"{SET}/extensionRollingUpgrade")
    assert (world.rolled()["runningStatus"]["code"], rounds(world)) == ("Completed", [["0"], ["1"]])


def test_there_is_no_latest_before_the_first(world: World) -> None:
    """GET is a 404."""
    world.put(rolling(1, OLD))
    assert world.call("GET", f"{SET}/rollingUpgrades/latest").status == 404
