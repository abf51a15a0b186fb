"""Commands on instances, and what a Flexible set's instances can't be asked."""

from typing import Any

import pytest

from tests.unit.offline.compute.world import SET, World, body, encoded, health, profile

COMMAND = {"commandId": "RunShellScript", "script": ["echo", "drain"]}
FLEXIBLE: dict[str, Any] = {"orchestrationMode": "Flexible", "platformFaultDomainCount": 1}


def flexible(world: World) -> str:
    """Makes a Flexible set of one; gives the id of its machine."""
    new = profile(body(1), "networkProfile.networkApiVersion", "2022-11-01")
    new["properties"] = {**{name: value for name, value in new["properties"].items() if name != "overprovision"}, **FLEXIBLE}
    assert world.put(new) == {}
    world.later(60)
    (name,) = world.names()
    return f"{SET.partition('/virtualMachineScaleSets')[0]}/virtualMachines/{name}"


def test_output_is_told_and_nothing_else(world: World) -> None:
    """Azure doesn't say whether a script succeeded."""
    world.put(body(1, extensions=[health()]))
    answer = world.call("POST", f"{SET}/virtualMachines/0/runCommand", COMMAND)
    operation = answer.headers["Azure-AsyncOperation"]
    assert (answer.status, world.outcome(answer)) == (202, {})
    told = world.call("GET", operation.partition("?")[0].partition("azure.com")[2]).body or {}
    assert [each["code"] for each in told["properties"]["output"]["value"]] == ["ProvisioningState/succeeded"]
    assert world.events("runCommand") == [("0", {"script": "echo\ndrain"})]


@pytest.mark.parametrize(("asked", "code"), [({"commandId": "RunPowerShellScript"}, "InvalidParameter"), ({}, "InvalidParameter")])
def test_command_of_another_system(world: World, asked: dict[str, str], code: str) -> None:
    """Refused."""
    world.put(body(1))
    assert (world.call("POST", f"{SET}/virtualMachines/0/runCommand", asked).body or {})["error"]["code"] == code


def test_stopped_instance_runs_none(world: World) -> None:
    """409."""
    world.put(body(1))
    world.expect(202, "POST", f"{SET}/virtualMachines/0/powerOff")
    assert world.call("POST", f"{SET}/virtualMachines/0/runCommand", COMMAND).status == 409


@pytest.mark.parametrize("action", ["reimage", "restart", "start", "powerOff", "deallocate"])
def test_flexible_set_has_no_calls_to_several_instances(world: World, action: str) -> None:
    """But `manualupgrade` and `delete`, by names."""
    name = flexible(world).rpartition("/")[2]
    refused = world.call("POST", f"{SET}/{action}", {"instanceIds": [name]})
    assert (refused.status, world.call("POST", f"{SET}/manualupgrade", {"instanceIds": [name]}).status) == (409, 202)


def test_machine_of_a_flexible_set_is_reimaged_with_its_own_custom_data(world: World) -> None:
    """No other one, nor none."""
    machine = flexible(world)
    answers = [
        world.call("POST", f"{machine}/reimage", {"osProfile": {"customData": data}} if data else None)
        for data in (None, encoded("another"), encoded("#cloud-config\n"))
    ]
    assert [each.status for each in answers] == [400, 400, 202]


def test_machine_of_a_flexible_set_runs_a_command(world: World) -> None:
    """By its own id."""
    machine = flexible(world)
    assert world.outcome(world.call("POST", f"{machine}/runCommand", COMMAND)) == {}
