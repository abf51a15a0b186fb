"""Faults on order."""

from typing import Any

import pytest

from offline.arm import faults
from offline.arm.http import Json
from tests.unit.offline.compute.world import SET, World, body, encoded, extension, health


def test_an_extension_fails_where_it_is_to(world: World) -> None:
    """On the instances named, with the exit code and output given; the operation names them."""
    faults.add(world.store, "extensionFails", instances=["1"], extension="script", exitCode=7, output="disk is full")
    error = world.put(body(3, extensions=[extension(), health()]))
    assert world.runs() == [
        (name, what, "failed" if (name, what) == ("1", "script") else "succeeded") for name in "012" for what in ("script", "health")
    ]
    assert ([each["target"] for each in error["details"]], "disk is full" in error["message"]) == (["1"], True)
    view = world.expect(200, "GET", f"{SET}/virtualMachines/1/instanceView")
    assert view["extensions"][0]["statuses"][0]["code"] == "ProvisioningState/failed/7"


@pytest.mark.parametrize(
    "properties",
    [
        {"forceUpdateTag": "broken"},
        {"settings": {"commandToExecute": "broken"}},
        {"settings": {}, "protectedSettings": {"commandToExecute": "broken"}},
        {"settings": {"script": encoded("echo broken")}},
    ],
)
def test_a_payload_fails_wherever_it_comes(world: World, properties: Json) -> None:
    """By a text in what the handler gets, scripts decoded; another payload is well."""
    faults.add(world.store, "extensionFails", payload="broken")
    world.put(body(1, extensions=[extension(**properties)]))
    world.put(body(1, extensions=[extension(protectedSettings={})]))
    assert [status for _, _, status in world.runs()] == ["failed", "succeeded"]


def test_a_fault_can_be_used_up(world: World) -> None:
    """`times`."""
    faults.add(world.store, "extensionFails", times=2)
    world.put(body(3))
    assert ([status for _, _, status in world.runs()], faults.ordered(world.store)) == (["failed", "failed", "succeeded"], [])


def test_a_script_runs_twice(world: World) -> None:
    """T13."""
    faults.add(world.store, "runsTwice", instances=["0"], extension="script")
    world.put(body(2, extensions=[extension(), health()]))
    runs = sorted((name, what) for name, what, _ in world.runs())
    assert runs == [("0", "health"), ("0", "script"), ("0", "script"), ("1", "health"), ("1", "script")]


def test_an_instance_is_stuck_until_its_time_budget_ends(world: World) -> None:
    """Updating for 90 minutes, then failed; it keeps what it had."""
    world.put(body(2))
    faults.add(world.store, "stuck", instances=["1"], times=1)
    answer = world.call("PUT", SET, body(2, extensions=[extension(forceUpdateTag="2")]))
    world.later(89 * 60)
    assert [each["properties"]["provisioningState"] for each in world.instances()] == ["Succeeded", "Updating"]
    assert (world.outcome(answer)["code"], len(world.runs())) == ("VMExtensionProvisioningTimeout", 3)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({}, "TooManyRequests"),
        ({"status": 409}, "Conflict"),
        ({"status": 500}, "InternalServerError"),
        ({"status": 409, "code": "Own"}, "Own"),
    ],
)
def test_a_call_is_refused(world: World, fault: Json, code: str) -> None:
    """The second PUT of a set: nothing of it happens, and the next is well."""
    faults.add(world.store, "refuse", method="PUT", path="/virtualmachinescalesets/", nth=2, retryAfter="3", **fault)
    answers = [world.call("PUT", SET, body(count)) for count in (1, 2, 1)]
    refused: Any = answers[1].body
    assert ([each.status for each in answers], refused["error"]["code"], answers[1].headers) == (
        [201, fault.get("status", 429), 200],
        code,
        {"Retry-After": "3"},
    )


def test_an_answer_is_lost(world: World) -> None:
    """The call was carried out: a 500 or a broken connection says nothing about that."""
    faults.add(world.store, "loseAnswer", method="PUT", how="error")
    assert (world.call("PUT", SET, body(1)).status, world.call("GET", SET).status) == (500, 200)
    faults.add(world.store, "loseAnswer", method="DELETE")
    with pytest.raises(ConnectionResetError):
        world.call("DELETE", SET)
    assert world.call("GET", SET).status == 404


@pytest.mark.parametrize(("kind", "fields"), [("none", {}), ("stuck", {"exitCode": 1})])
def test_a_wrong_order_is_refused(world: World, kind: str, fields: Json) -> None:
    """Kinds and fields that there are not."""
    with pytest.raises(ValueError, match=r"is no kind of fault|has no field"):
        faults.add(world.store, kind, **fields)


def test_orders_are_listed_and_taken_back(world: World) -> None:
    """One or all; a number that is not there is a KeyError."""
    first = faults.add(world.store, "stuck", instances=["1"])
    faults.add(world.store, "appUnhealthy")
    assert faults.ordered(world.store)[0] == {"id": first, "kind": "stuck", "instances": ["1"], "payload": None, "times": None}
    faults.clear(world.store, first)
    assert [each["kind"] for each in faults.ordered(world.store)] == ["appUnhealthy"]
    with pytest.raises(KeyError):
        faults.clear(world.store, first)
    faults.clear(world.store)
    assert faults.ordered(world.store) == []
