"""The in-process client of the plugin waits for operations without sleeping, and tries again what is refused for now."""

import time

import pytest

from offline.arm import faults
from offline.plugin.client import AzureError, Client
from tests.unit.offline.compute.world import SET, World, body, extension, health

VERSION = "2024-11-01"


@pytest.fixture
def client(world: World) -> Client:
    """A client of the world's Azure."""
    return Client(world.store.path)


def test_a_put_returns_when_the_instances_are_provisioned(world: World, client: Client) -> None:
    """With their extensions, in next to no real time."""
    start = time.monotonic()
    client.put(SET, VERSION, body(3))
    assert (len(world.runs()), time.monotonic() - start < 5) == (3, True)


def test_a_put_does_not_wait_for_a_rolling_upgrade(world: World, client: Client) -> None:
    """M13."""
    client.put(SET, VERSION, body(3, "Rolling", [extension(), health()]))
    client.put(SET, VERSION, body(3, "Rolling", [extension(forceUpdateTag="2"), health()]))
    assert world.events("instanceUpgraded") == []


def test_what_failed_after_it_was_accepted(world: World, client: Client) -> None:
    """The error of the operation, marked as accepted."""
    with pytest.raises(AzureError, match="Additional property typo") as raised:
        client.put(SET, VERSION, body(1, extensions=[extension(settings={"typo": 1})]))
    assert raised.value.accepted


@pytest.mark.parametrize("status", [429, 500])
def test_a_refusal_for_now_is_tried_again(world: World, client: Client, status: int) -> None:
    """Three times; then it is the call's answer."""
    faults.add(world.store, "refuse", method="PUT", status=status, times=3)
    client.put(SET, VERSION, body(1))
    faults.add(world.store, "refuse", method="PUT", status=status, times=4)
    with pytest.raises(AzureError, match=f"Status={status}"):
        client.put(SET, VERSION, body(2))


def test_a_conflict_is_not_tried_again(world: World, client: Client) -> None:
    """409 is an answer."""
    faults.add(world.store, "refuse", method="PUT", status=409)
    with pytest.raises(AzureError, match="Status=409"):
        client.put(SET, VERSION, body(1))


def test_a_lost_answer_is_asked_for_again(world: World, client: Client) -> None:
    """The PUT that was carried out is sent again, and makes nothing twice."""
    faults.add(world.store, "loseAnswer", method="PUT")
    client.put(SET, VERSION, body(2))
    assert (world.names(), len(world.runs())) == (["web_0", "web_1"], 2)


def test_deleting_an_instance_waits_for_its_end(world: World, client: Client) -> None:
    """The operation of a DELETE too."""
    client.put(SET, VERSION, body(2))
    client.delete(f"{SET}/virtualMachines/1", VERSION)
    assert [each["instanceId"] for each in world.store.documents("instance", SET)] == ["0"]
