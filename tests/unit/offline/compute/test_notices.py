"""Termination notices: who is told of its deletion, and how long it runs on."""

import pytest

from offline.arm.compute import notices
from offline.arm.compute.serving import serving
from offline.arm.http import Json
from tests.unit.offline.compute.world import GROUP, SET, World, body, changed, extension, health, profile

FIVE, TEN = 5 * 60, 10 * 60


def noticed(capacity: int, timeout: str | None = "PT10M") -> Json:
    """A set whose instances are told."""
    own = {"enable": True} | ({"notBeforeTimeout": timeout} if timeout else {})
    return profile(body(capacity, "Manual", [extension(), health()]), "scheduledEventsProfile.terminateNotificationProfile", own)


def seconds_of(world: World, kind: str) -> list[float]:
    """Seconds on the virtual clock at which events of a kind happened, from the first `scheduledEvent` on."""
    start = min(_at(each) for each in world.store.events("scheduledEvent"))
    return [_at(each) - start for each in world.store.events(kind)]


def _at(event: Json) -> float:
    hours, minutes, rest = event["time"][11:19].split(":")
    return int(hours) * 3600 + int(minutes) * 60 + int(rest)


@pytest.mark.parametrize(("timeout", "lasts"), [("PT10M", TEN), (None, FIVE)])
def test_an_instance_runs_on_until_its_time_is_over(world: World, timeout: str | None, lasts: int) -> None:
    """It serves, is shown as Deleting, counts no longer, and the operation waits for it all."""
    world.put(noticed(2, timeout))
    world.later(60)
    answer = world.call("POST", f"{SET}/delete", {"instanceIds": ["0"]})
    world.later(lasts - 60)
    states = {each["instanceId"]: each["properties"]["provisioningState"] for each in world.instances()}
    assert (states, serving(world.store.events(), SET)[-1][1]) == ({"0": "Deleting", "1": "Succeeded"}, 2)
    assert world.expect(200, "GET", SET)["sku"]["capacity"] == 1
    assert (world.outcome(answer), world.names()) == ({}, ["web_1"])
    assert seconds_of(world, "instanceDeleted")[0] >= lasts
    assert [(name, data["event"]) for name, data in world.events("scheduledEvent")] == [("0", "Terminate")]


def test_scale_in_tells_and_approval_ends_the_wait(world: World) -> None:
    """What the application on the instance does; a second approval has nothing to approve."""
    world.put(noticed(2))
    answer = world.call("PUT", SET, noticed(1))
    with world.store.transaction():
        notices.approve(world.store, SET, "1")
    assert (world.outcome(answer), seconds_of(world, "instanceDeleted")[0] < 60) == ({}, True)
    with pytest.raises(ValueError, match="no scheduled event"):
        notices.approve(world.store, SET, "0")


def test_only_a_deletion_tells(world: World) -> None:
    """Restart, reimage and deallocate don't, and what doesn't run is not told."""
    world.put(noticed(1))
    for action in ("restart", "reimage", "deallocate"):
        world.expect(202, "POST", f"{SET}/{action}")
    world.expect(202, "POST", f"{SET}/delete", {"instanceIds": ["0"]})
    assert world.events("scheduledEvent") == []


def test_an_instance_without_the_model_is_not_told(world: World) -> None:
    """The profile counts that the instance has: it must be brought to the model first."""
    world.put(body(2, "Manual"))
    world.put(noticed(2))
    world.expect(202, "POST", f"{SET}/manualupgrade", {"instanceIds": ["1"]})
    world.expect(202, "POST", f"{SET}/delete", {"instanceIds": ["0", "1"]})
    assert [name for name, _ in world.events("scheduledEvent")] == ["1"]


def test_a_second_deletion_does_not_begin_the_time_anew(world: World) -> None:
    """It takes the place of the first, and what is left of the time stays."""
    world.put(noticed(1))
    world.call("DELETE", f"{SET}/virtualMachines/0")
    world.later(500)
    again = world.call("DELETE", f"{SET}/virtualMachines/0")
    assert (world.outcome(again), world.names()) == ({}, [])
    assert seconds_of(world, "instanceDeleted")[0] < TEN + 60


def test_the_set_itself_goes_at_once(world: World) -> None:
    """Nobody is told."""
    world.put(noticed(2))
    world.expect(200, "DELETE", SET)
    assert (world.events("scheduledEvent"), world.call("GET", SET).status) == ([], 404)


def test_autoscale_tells_too(world: World) -> None:
    """A range below the capacity scales in, as anybody does."""
    world.put(noticed(3))
    capacity = {"minimum": "1", "default": "2", "maximum": "2"}
    properties = {"enabled": True, "targetResourceUri": SET, "profiles": [{"name": "all", "capacity": capacity, "rules": []}]}
    path = f"{GROUP}/providers/Microsoft.Insights/autoscaleSettings/auto"
    world.expect(201, "PUT", path, {"location": "westeurope", "properties": properties})
    assert [name for name, _ in world.events("scheduledEvent")] == ["2"]


def test_spot_instances_have_no_termination_notice(world: World) -> None:
    """P6."""
    assert world.refusal(profile(noticed(1), "priority", "Spot"))[1:] == ("InvalidParameter", "terminateNotificationProfile.enable")
    off = profile(changed(noticed(1), "properties.virtualMachineProfile.priority", "Spot"), "scheduledEventsProfile", None)
    assert world.put(off) == {}
