"""What Azure hears of the application on an instance, and what the balancer makes of it."""

from typing import Any

import pytest

from offline.arm import faults
from offline.arm.compute.serving import fewest, serving
from offline.arm.http import Json
from tests.unit.offline.compute.test_balancers import balancer, behind
from tests.unit.offline.compute.world import SET, World, body, changed, encoded, extension, health, profile

RICH = health(typeHandlerVersion="2.0", settings={"protocol": "http", "port": 80, "requestPath": "/", "gracePeriod": 60})


def shown(world: World, instance: str = "0") -> str | None:
    """The health state in the instance view (a look takes ten seconds)."""
    view = world.expect(200, "GET", f"{SET}/virtualMachines/{instance}/instanceView")
    return str(view["vmHealth"]["status"]["code"]) if "vmHealth" in view else None


def heard(world: World, instance: str = "0") -> list[tuple[str, str]]:
    """(time, state) of the health events of an instance."""
    return [
        (each["time"][11:19], each["data"]["state"]) for each in world.store.events("healthChanged", f"{SET}/virtualMachines/{instance}")
    ]


def test_without_a_signal_there_is_no_health(world: World) -> None:
    """A provisioned instance serves, and nothing says how it is."""
    world.put(body(1))
    assert (shown(world), serving(world.store.events(), SET)) == (None, [("2026-01-01T00:00:35+00:00", 1)])


@pytest.mark.parametrize(("signal", "at_first"), [(health(), "unknown"), (RICH, "initializing")])
def test_an_instance_is_healthy_some_time_after_its_work(world: World, signal: Json, at_first: str) -> None:
    """Nothing is known at first (version 2: it initializes), then its application has started and was probed."""
    world.put(body(1, extensions=[signal]))
    world.later(60)
    assert (heard(world), shown(world)) == ([("00:00:35", at_first), ("00:00:45", "healthy")], "HealthState/healthy")


def test_work_takes_an_instance_out_of_rotation(world: World) -> None:
    """From the beginning of a restart until it is healthy again."""
    world.put(body(2, extensions=[health()]))
    world.later(60)
    world.expect(202, "POST", f"{SET}/virtualMachines/1/restart")
    world.later(60)
    counts = [count for _, count in serving(world.store.events(), SET)]
    assert (counts, fewest(serving(world.store.events(), SET), "2026-01-01T00:01:00")) == ([1, 2, 1, 2], 1)


def test_an_instance_that_stands_still_serves_nobody(world: World) -> None:
    """Deallocated: no health, no traffic, until it starts again."""
    world.put(body(1, extensions=[health()]))
    world.later(60)
    world.expect(202, "POST", f"{SET}/deallocate")
    assert (shown(world), serving(world.store.events(), SET)[-1][1]) == (None, 0)
    world.expect(202, "POST", f"{SET}/start")
    world.later(60)
    assert (shown(world), serving(world.store.events(), SET)[-1][1]) == ("HealthState/healthy", 1)


def test_a_probe_of_the_balancer_is_a_signal(world: World) -> None:
    """Its interval and number of probes decide when it reports."""
    at = balancer(world, "one")
    world.put(behind([f"{at}/backendAddressPools/pool"], f"{at}/probes/probe"))
    world.later(60)
    assert [state for _, state in heard(world)] == ["unknown", "healthy"]


def test_a_failed_script_leaves_no_application(world: World) -> None:
    """The signal says unhealthy, and the instance never serves."""
    world.put(body(1, extensions=[extension(settings={"typo": 1}), health()]))
    world.later(60)
    assert ([state for _, state in heard(world)], serving(world.store.events(), SET)) == (["unknown", "unhealthy"], [])


def test_a_signal_that_waits_for_a_failed_script_says_nothing(world: World) -> None:
    """The health stays unknown, for ever."""
    world.put(body(1, extensions=[extension(settings={"typo": 2}), health(provisionAfterExtensions=["script"])]))
    world.later(6000)
    assert (shown(world), serving(world.store.events(), SET)) == ("HealthState/unknown", [])


@pytest.mark.parametrize(
    "fault",
    [{"payload": "broken"}, {"customData": "broken"}, {"imageVersion": "24.04.202510010"}, {"instances": ["0"]}, {"instances": [0]}],
)
def test_an_application_is_unhealthy_on_order(world: World, fault: Json) -> None:
    """By what the instance has: its payload (decoded), customData, image; or by its id or number."""
    faults.add(world.store, "appUnhealthy", **fault)
    broken = profile(
        body(1, extensions=[extension(settings={"script": encoded("broken")}), health()]), "osProfile.customData", encoded("broken")
    )
    world.put(broken)
    world.later(60)
    assert [state for _, state in heard(world)] == ["unknown", "unhealthy"]


def test_a_fault_that_is_taken_back_heals(world: World) -> None:
    """Ordered on a running instance it makes it ill; cleared, the next probe finds it well."""
    world.put(body(1, extensions=[health()]))
    world.later(60)
    fault = faults.add(world.store, "appUnhealthy")
    world.later(10)
    faults.clear(world.store, fault)
    world.later(10)
    assert [state for _, state in heard(world)] == ["unknown", "healthy", "unhealthy", "healthy"]


def test_version_2_waits_out_its_grace_period(world: World) -> None:
    """An application that is not well initializes for so long."""
    faults.add(world.store, "appUnhealthy", state="unknown")
    world.put(body(1, extensions=[RICH]))
    world.later(100)
    assert heard(world) == [("00:00:35", "initializing"), ("00:01:35", "unknown")]


def repaired(base: Json, action: str) -> Json:
    """The set with automatic repairs."""
    return changed(base, "properties.automaticRepairsPolicy", {"enabled": True, "gracePeriod": "PT10M", "repairAction": action})


@pytest.mark.parametrize(
    ("action", "kind", "names"),
    [
        ("Replace", "instanceCreated", ["web_1", "web_2"]),
        ("Reimage", "instanceReimaged", ["web_0", "web_1"]),
        ("Restart", "repair", ["web_0", "web_1"]),
    ],
)
def test_what_stays_unhealthy_is_repaired(world: World, action: str, kind: str, names: list[str]) -> None:
    """After the grace period, not before; Replace makes another instance with the latest model."""
    world.put(repaired(body(2, "Manual", [health()]), action))
    world.later(60)
    world.put(repaired(body(2, "Manual", [health(), extension(forceUpdateTag="new")]), action))
    faults.add(world.store, "appUnhealthy", instances=["0"])
    world.later(590)
    assert world.events("repair") == []
    world.later(100)
    assert (world.events("repair"), world.names(), len(world.events(kind)) > 0) == ([("0", {"action": action})], names, True)
    assert [tag for _, tag in ((name, data["forceUpdateTag"]) for name, data in world.events("extensionRun")) if tag] == (
        ["new"] if action == "Replace" else []
    )


@pytest.mark.parametrize(("signal", "repairs"), [(RICH, [("0", {"action": "Restart"})]), (health(), [])])
def test_what_is_unknown_is_repaired_where_the_extension_knows_more_than_two_states(world: World, signal: Json, repairs: list[Any]) -> None:
    """Version 2 of the health extension: no answer that it understands counts as ill."""
    world.put(repaired(body(1, extensions=[signal]), "Restart"))
    world.later(200)
    faults.add(world.store, "appUnhealthy", instances=["0"], state="unknown")
    world.later(700)
    assert (heard(world)[-1][1], world.events("repair")) == ("unknown", repairs)


def test_suspended_repairs_do_nothing_until_they_are_resumed(world: World) -> None:
    """`setOrchestrationServiceState`, shown in the set's instance view."""
    service = {"serviceName": "AutomaticRepairs", "action": "Suspend"}
    world.put(repaired(body(1, extensions=[health()]), "Replace"))
    world.later(60)
    world.expect(202, "POST", f"{SET}/setOrchestrationServiceState", service)
    faults.add(world.store, "appUnhealthy", instances=["0"])
    world.later(2000)
    states = [world.expect(200, "GET", f"{SET}/instanceView")["orchestrationServices"]]
    assert world.names() == ["web_0"]
    world.expect(202, "POST", f"{SET}/setOrchestrationServiceState", {**service, "action": "Resume"})
    world.later(60)
    states.append(world.expect(200, "GET", f"{SET}/instanceView")["orchestrationServices"])
    assert (world.names(), [state["serviceState"] for (state,) in states]) == (["web_1"], ["Suspended", "Running"])


def test_protected_instances_are_not_repaired(world: World) -> None:
    """`protectFromScaleSetActions` keeps the set's hands off."""
    world.put(repaired(body(1, extensions=[health()]), "Replace"))
    policy = {"location": "westeurope", "properties": {"protectionPolicy": {"protectFromScaleSetActions": True}}}
    world.expect(200, "PUT", f"{SET}/virtualMachines/0", policy)
    faults.add(world.store, "appUnhealthy")
    world.later(2000)
    assert (world.names(), world.events("repair")) == (["web_0"], [])
