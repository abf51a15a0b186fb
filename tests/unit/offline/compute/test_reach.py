"""Whom a request on a front end reaches, at each moment, and how long established flows stay."""

from offline.arm import faults
from offline.arm.http import Json
from offline.arm.network.flows import End, Stay, end, stays
from offline.arm.network.reach import Reach, at, frontends, later, reach
from tests.unit.offline.compute.world import GROUP, SET, SUBNET, World, body, changed, health

AT = f"{GROUP}/providers/Microsoft.Network/loadBalancers/balancer"
FRONT = f"{AT}/frontendIPConfigurations/front"


def balancer(pool: str, probed: bool = True) -> Json:
    """An internal balancer with a pool for each slot and one rule, which sends to `pool`."""
    rule: Json = {
        "frontendIPConfiguration": {"id": FRONT},
        "backendAddressPool": {"id": f"{AT}/backendAddressPools/{pool}"},
        "protocol": "Tcp",
        "frontendPort": 80,
        "backendPort": 8080,
        **({"probe": {"id": f"{AT}/probes/probe"}} if probed else {}),
    }
    properties = {
        "frontendIPConfigurations": [{"name": "front", "properties": {"subnet": {"id": SUBNET}}}],
        "backendAddressPools": [{"name": "blue"}, {"name": "green"}],
        "probes": [{"name": "probe", "properties": {"protocol": "Tcp", "port": 8080, "intervalInSeconds": 5}}],
        "loadBalancingRules": [{"name": "http", "properties": rule}],
    }
    return {"location": "westeurope", "sku": {"name": "Standard"}, "properties": properties}


def slot(pool: str, capacity: int = 1) -> Json:
    """A set in a pool, with a health extension."""
    new = body(capacity, extensions=[health()])
    (interface,) = new["properties"]["virtualMachineProfile"]["networkProfile"]["networkInterfaceConfigurations"]
    interface["properties"]["ipConfigurations"][0]["properties"]["loadBalancerBackendAddressPools"] = [
        {"id": f"{AT}/backendAddressPools/{pool}"}
    ]
    return new


def two_slots(world: World) -> None:
    """Blue and green with an instance each, healthy; production is blue."""
    world.expect(201, "PUT", AT, balancer("blue"))
    for name in ("blue", "green"):
        world.expect(201, "PUT", f"{SET}-{name}", slot(name))
    world.later(60)


def reached(world: World) -> list[Reach]:
    """What holds for the front end from each change on."""
    return reach(world.store.events(), FRONT)


def seconds(world: World, number: float = 0) -> str:
    """A time as long from now."""
    return later(world.store.now().isoformat(), number)


def instance(name: str, number: int = 0) -> str:
    """The id of an instance of a slot."""
    return f"{SET}-{name}/virtualMachines/{number}"


def ways(moment: Reach) -> list[tuple[str, ...]]:
    """The slots and instances that each way leads to."""
    return [tuple(each.removeprefix(f"{SET}-").replace("/virtualMachines/", "") for each in route.instances) for route in moment.routes]


def test_a_request_goes_to_the_healthy_instances_of_the_rules_pool(world: World) -> None:
    """There is no way without a rule, nobody at its end until the health signal says so, then the instances of the one pool."""
    two_slots(world)
    assert [ways(each) for each in reached(world)] == [[], [()], [("blue0",)]]


def test_a_write_reaches_the_whole_balancer_seconds_later(world: World) -> None:
    """Meanwhile a request may go the old way or the new one; what is counted is the worse."""
    two_slots(world)
    world.expect(200, "PUT", AT, balancer("green"))
    written = world.store.events("routing")[-1]["time"]
    found = reached(world)
    assert [ways(at(found, later(written, after))) for after in (-1, 0, 9, 10)] == [
        [("blue0",)],
        [("blue0",), ("green0",)],
        [("blue0",), ("green0",)],
        [("green0",)],
    ]
    assert at(found, written).fewest == 1


def test_two_writes_within_seconds_leave_three_ways(world: World) -> None:
    """A write that is superseded before it has reached everybody still counts."""
    two_slots(world)
    for pool in ("green", "blue", "green"):
        world.expect(200, "PUT", AT, balancer(pool))
    assert set(ways(at(reached(world), seconds(world)))) == {("blue0",), ("green0",)}
    assert ways(at(reached(world), seconds(world, 10))) == [("green0",)]


def test_without_a_probe_the_rule_sends_to_all_of_the_pool(world: World) -> None:
    """Whether they answer or not: an instance counts as soon as it is made."""
    world.expect(201, "PUT", AT, balancer("blue", probed=False))
    world.call("PUT", f"{SET}-blue", slot("blue"))
    assert ways(reached(world)[-1]) == [("blue0",)]


def test_an_instance_that_leaves_the_pool_is_not_reached(world: World) -> None:
    """The pools are those of the model that the instance runs."""
    two_slots(world)
    world.expect(200, "PUT", f"{SET}-blue", slot("green"))
    world.later(60)
    assert ways(reached(world)[-1]) == [()]


def test_no_rule_is_no_way(world: World) -> None:
    """A balancer that is deleted, and a port on which nobody listens."""
    two_slots(world)
    assert reach(world.store.events(), FRONT, port=443) == [Reach(world.store.events()[0]["time"], ())]
    for name in ("blue", "green"):
        world.call("DELETE", f"{SET}-{name}")
    world.later(60)
    world.call("DELETE", AT)
    assert at(reached(world), seconds(world, 20)).routes == ()
    assert frontends(world.store.events()) == [FRONT.lower()]


def test_flows_stay_on_the_old_slot_until_its_instances_go_out(world: World) -> None:
    """After the switch, and after its end of new requests, the old instance keeps its flows; a scale-in cuts them."""
    two_slots(world)
    (before,) = stays(world.store.events(), FRONT)
    world.expect(200, "PUT", AT, balancer("green"))
    switched = world.store.events("routing")[-1]["time"]
    world.later(300)
    world.call("PUT", f"{SET}-blue", changed(slot("blue"), "sku.capacity", 0))
    cut = world.store.events("workBegan")[-1]["time"]
    blue, green = stays(world.store.events(), FRONT)
    assert (before.until, before.cut) == (None, None)
    assert blue == Stay(instance("blue"), before.since, later(switched, 10), cut, 4)
    assert blue.drained_seconds == 291
    assert green == Stay(instance("green"), switched, None, None, 4)


def test_an_instance_that_is_changed_while_it_is_live_cuts_its_flows_at_once(world: World) -> None:
    """An update in place drains nothing."""
    two_slots(world)
    world.expect(200, "PUT", f"{SET}-blue", slot("blue") | {"sku": {"name": "Standard_D4s_v5", "capacity": 1}})
    assert stays(world.store.events(), FRONT)[0].drained_seconds == 0


def test_a_flow_survives_a_probe_that_fails(world: World) -> None:
    """New requests go elsewhere; the flow goes on."""
    two_slots(world)
    with world.store.transaction():
        faults.add(world.store, "appUnhealthy")
    world.later(60)
    (stay,) = stays(world.store.events(), FRONT)
    assert stay.until is not None
    assert stay.cut is None


def test_a_flow_ends_with_its_client_by_silence_or_by_a_cut() -> None:
    """Whichever is first."""
    stay = Stay("blue0", "2026-01-01T00:00:00+00:00", "2026-01-01T01:00:00+00:00", "2026-01-01T01:05:00+00:00", 4)
    assert [
        end(stay, "2026-01-01T00:50:00+00:00"),
        end(stay, "2026-01-01T01:04:00+00:00"),
        end(stay, "2026-01-01T01:04:00+00:00", "2026-01-01T01:04:30+00:00"),
    ] == [
        End("2026-01-01T00:54:00+00:00", "idle"),
        End("2026-01-01T01:05:00+00:00", "cut"),
        End("2026-01-01T01:04:30+00:00", "closed"),
    ]
