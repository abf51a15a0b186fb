"""What is wrong with the arguments of a staged scale set."""

from typing import Any

from azure_scaleset.scale_set import find_problems
from azure_scaleset.staged_problems import find
from tests.unit.staged.arguments import BALANCER, SHARED, read

INTERNAL = {**BALANCER, "public": False}
OWN: dict[str, Any] = {"loadBalancer": None, "productionPoolIds": {"blue": "b", "green": "g"}}


def problems(shared: str = "scaleSet.", **given: Any) -> list[str]:
    """All problems."""
    return find("web", read(**given), find_problems, shared)


def test_nothing_is_wrong_with_little() -> None:
    """The least that is needed: what both have, a balancer, the active slot."""
    assert problems() == []


def test_what_both_have_is_told_once_and_what_one_has_with_its_name() -> None:
    """A shared mistake is one problem, under the key that the caller knows."""
    shared = {**SHARED, "admin": {}}
    told = [each.split(" ")[0] for each in problems(scaleSet=shared, slots={"green": {"zones": ["9"]}})]
    in_a_stack = [each.split(" ")[0] for each in problems("", scaleSet=shared)]

    assert told == ["scaleSet.admin.sshPublicKeys", "slots.green.zones[0]"]
    assert in_a_stack == ["admin.sshPublicKeys"]


def test_a_probe_is_no_health_signal() -> None:
    """It would keep the rule at one slot (T4)."""
    network = {"subnetId": "subnet", "healthProbeId": "probe"}
    (told,) = problems(scaleSet={**SHARED, "network": network}, **OWN)

    assert told.startswith("scaleSet.network.healthProbeId is given. A probe that is a health signal keeps its rule where it is (T4)")


def test_pools_of_ones_own_need_a_health_extension() -> None:
    """Nothing here tells what to ask."""
    health = [{"applicationHealth": {"protocol": "tcp", "port": 80}}]

    (told,) = problems(**OWN)
    assert told.startswith("scaleSet.extensions has no applicationHealth")
    assert problems(**OWN, scaleSet={**SHARED, "extensions": health}) == []


def test_an_active_slot_has_instances() -> None:
    """An idle one need not."""
    slots = {"blue": {"capacity": 0}}
    (told,) = problems(slots=slots)

    assert told.startswith("slots.blue.capacity is 0, and the slot is active")
    assert problems(slots=slots, active="green") == []


def test_test_front_ends() -> None:
    """What they need where there is no public balancer to take it from."""
    health = [{"applicationHealth": {"protocol": "tcp", "port": 80}}]
    own = {**OWN, "scaleSet": {**SHARED, "extensions": health}}
    rules = [{"port": 80, "backendPort": 9000}]

    (no_rules,) = problems(loadBalancer=INTERNAL, test={"probe": {"port": 9000}})
    (no_probe,) = problems(**own, test={"rules": rules})
    (same_port,) = problems(loadBalancer=INTERNAL, test={"rules": [{"port": 81, "backendPort": 8080}]})
    (wrong_port,) = problems(test={"rules": [{"port": 70000, "backendPort": 80}]})

    assert no_rules.startswith("test.rules is missing.")
    assert no_probe.startswith("test.probe is missing.")
    assert same_port.startswith("test.rules[0] leads to port 8080, as a rule of the production balancer does.")
    assert wrong_port == "test.rules[0].port is 70000. Expected 1 to 65534."
    assert problems(test={"rules": []}) == []
    assert problems(loadBalancer=INTERNAL, test={"rules": rules}) == []
    assert problems(**own, test={"rules": rules, "probe": {"port": 9000}}) == []
