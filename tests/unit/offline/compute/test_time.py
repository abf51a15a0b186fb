"""Work takes virtual time, and only polls and writes make it go by."""

from typing import Any

import pytest

from offline.arm.agenda import POLL_SECONDS
from offline.arm.http import Request
from offline.arm.store import Store
from tests.unit.offline.compute.world import GROUP, SET, World, body, extension, health

ZONAL: Any = {"zones": ["1", "2"]}


def states(world: World) -> list[str]:
    """Provisioning state of each instance, looked up in the store so that no time goes by."""
    return [each["provisioningState"] for each in world.store.documents("instance", SET)]


def test_a_put_is_accepted_and_ends_later(world: World) -> None:
    """The set is Creating, its instances are being made, and the operation is InProgress until they have run their extensions."""
    answer = world.call("PUT", SET, body(2))
    operation = Request.to("GET", answer.headers["Azure-AsyncOperation"])
    assert (answer.status, (answer.body or {})["properties"]["provisioningState"], states(world)) == (201, "Creating", ["Creating"] * 2)
    first: Any = world.azure.handle(operation)
    assert (first.body["status"], first.headers, world.runs()) == ("InProgress", {"Retry-After": "0.01"}, [])
    assert (world.outcome(answer), states(world)) == ({}, ["Succeeded"] * 2)
    assert (world.expect(200, "GET", SET)["properties"]["provisioningState"], len(world.runs())) == ("Succeeded", 2)


def test_an_operation_says_when_it_began_and_ended(world: World) -> None:
    """In virtual time: booting takes 30 seconds and an extension 2, however seldom anybody looks."""
    answer = world.call("PUT", SET, body(1))
    world.later(500)
    operation = world.azure.handle(Request.to("GET", answer.headers["Azure-AsyncOperation"])).body or {}
    assert {name: operation[name][11:19] for name in ("startTime", "endTime")} == {"startTime": "00:00:03", "endTime": "00:00:35"}


@pytest.mark.parametrize(
    ("method", "path", "seconds"),
    [
        ("GET", f"{SET}/virtualMachines", POLL_SECONDS),
        ("GET", f"{SET}/virtualMachines/0", POLL_SECONDS),
        ("GET", f"{SET}/virtualMachines/0/instanceView", POLL_SECONDS),
        ("GET", f"{SET}/instanceView", POLL_SECONDS),
        ("GET", f"{SET}/virtualMachines?$skiptoken=0", 0),
        ("GET", SET, 0),
        ("GET", GROUP, 0),
        ("PATCH", SET, 1),
    ],
)
def test_what_moves_the_clock(world: World, method: str, path: str, seconds: float) -> None:
    """A poll moves it by ten seconds, a write by one, all else and a further page of a list not at all."""
    world.put(body(1))
    before = world.store.seconds
    world.expect(200, method, path, {"tags": {}} if method == "PATCH" else None)
    assert world.store.seconds - before == seconds


def test_a_refused_write_lets_time_go_by(world: World) -> None:
    """So a client that only tries again gets through in the end."""
    world.put(body(1))
    world.call("POST", f"{SET}/restart")
    statuses = [world.call("POST", f"{SET}/restart").status for _ in range(21)]
    assert statuses == [409] * 19 + [202] + [409]


def test_an_instance_does_one_thing_at_a_time(world: World) -> None:
    """A second call about an instance at work is a conflict in Azure's words."""
    world.put(body(1))
    world.call("POST", f"{SET}/restart")
    answer = world.call("POST", f"{SET}/reimage", {"instanceIds": ["0"]})
    error = (answer.body or {})["error"]
    assert (answer.status, error["code"], error["message"].partition(".")[0]) == (
        409,
        "Conflict",
        "The request failed due to conflict with a concurrent request",
    )


def test_deletion_takes_the_place_of_what_goes_on(world: World) -> None:
    """The operation that waited for the instance is Canceled."""
    world.put(body(2))
    reimage = world.call("POST", f"{SET}/reimage", {"instanceIds": ["1"]})
    world.expect(202, "POST", f"{SET}/delete", {"instanceIds": ["1"]})
    assert (world.outcome(reimage)["code"], world.names()) == ("OperationPreempted", ["web_0"])


def test_a_dead_process_loses_nothing(world: World) -> None:
    """What was begun goes on in another process on the same file."""
    answer = world.call("PUT", SET, body(1))
    world.store.close()
    again = World.on(Store(world.store.path))
    assert (again.outcome(answer), again.names()) == ({}, ["web_0"])


def test_deleting_a_set_ends_its_operations(world: World) -> None:
    """Nobody waits for instances that are gone."""
    answer = world.call("PUT", SET, body(1))
    world.expect(200, "DELETE", SET)
    assert world.outcome(answer)["code"] == "OperationPreempted"


def test_a_write_waits_for_the_one_before(world: World) -> None:
    """A client that sends its PUT again, because the first answer was lost, gets an operation that ends when the set is ready."""
    first, second = (world.call("PUT", SET, body(2)) for _ in range(2))
    assert (second.status, (second.body or {})["properties"]["provisioningState"]) == (200, "Updating")
    assert (world.outcome(second), len(world.runs())) == ({}, 2)
    operation = world.azure.handle(Request.to("GET", first.headers["Azure-AsyncOperation"])).body or {}
    assert (operation["status"], world.expect(200, "GET", SET)["properties"]["provisioningState"]) == ("Succeeded", "Succeeded")


def test_a_write_that_waits_for_a_failed_one_fails(world: World) -> None:
    """Sending a PUT again does not make its failure a success."""
    broken = body(1, extensions=[extension(settings={"typo": 1})])
    world.call("PUT", SET, broken)
    assert world.outcome(world.call("PUT", SET, broken))["code"] == "VMExtensionProvisioningError"
    assert world.expect(200, "GET", SET)["properties"]["provisioningState"] == "Failed"


def test_looking_at_an_unfinished_set_is_a_poll(world: World) -> None:
    """A client that knows nothing of operations waits for its provisioning state."""
    world.call("PUT", SET, body(1))
    states: list[str] = []
    while not states or states[-1] != "Succeeded":
        states.append(world.expect(200, "GET", SET)["properties"]["provisioningState"])
        assert len(states) < 10
    assert states == ["Creating"] * 3 + ["Succeeded"]


def test_pages_of_instances(world: World) -> None:
    """Fifty on a page; the link leads to the next one."""
    world.put(body(55, extensions=[]))
    first = world.expect(200, "GET", f"{SET}/virtualMachines?$expand=instanceView")
    second: Any = world.azure.handle(Request.to("GET", first["nextLink"])).body
    assert (len(first["value"]), len(second["value"]), "nextLink" in second) == (50, 5, False)
    assert len({each["instanceId"] for each in first["value"] + second["value"]}) == 55
    assert "instanceView" in second["value"][0]["properties"]


def test_update_domains_in_each_zone(world: World) -> None:
    """Five of them, filled evenly."""
    world.put({**body(6, extensions=[health()]), **ZONAL})
    views = [world.expect(200, "GET", f"{SET}/virtualMachines/{number}/instanceView") for number in range(6)]
    assert [each["platformUpdateDomain"] for each in views] == [0, 0, 1, 1, 2, 2]


def test_extension_status_has_the_time_and_message_of_its_run(world: World) -> None:
    """What a client shows when something failed."""
    world.put(body(1, extensions=[extension(settings={"typo": 1})]))
    (shown,) = world.expect(200, "GET", f"{SET}/virtualMachines/0/instanceView")["extensions"]
    (status,) = shown["statuses"]
    assert (status["code"], status["time"][11:19], "typo" in status["message"]) == ("ProvisioningState/failed/1", "00:00:35", True)
