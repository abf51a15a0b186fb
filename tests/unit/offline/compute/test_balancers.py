"""Load balancers and the health probe of a scale set."""

import pytest

from offline.arm.http import Json
from tests.unit.offline.compute.world import GROUP, SUBNET, World, body, profile

NETWORK = f"{GROUP}/providers/Microsoft.Network/loadBalancers"


def balancer(world: World, name: str, rule: bool = True) -> str:
    """Makes an internal Standard balancer with a pool, a probe and perhaps a rule; gives its id."""
    at = f"{NETWORK}/{name}"
    used = {
        "frontendIPConfiguration": {"id": f"{at}/frontendIPConfigurations/front"},
        "backendAddressPool": {"id": f"{at}/backendAddressPools/pool"},
        "probe": {"id": f"{at}/probes/probe"},
        "protocol": "Tcp",
        "frontendPort": 80,
        "backendPort": 80,
    }
    properties = {
        "frontendIPConfigurations": [{"name": "front", "properties": {"subnet": {"id": SUBNET}}}],
        "backendAddressPools": [{"name": "pool"}, {"name": "other"}],
        "probes": [{"name": "probe", "properties": {"protocol": "Tcp", "port": 80, "intervalInSeconds": 5, "numberOfProbes": 1}}],
        "loadBalancingRules": [{"name": "rule", "properties": used}] if rule else [],
    }
    world.expect(201, "PUT", at, {"location": "westeurope", "sku": {"name": "Standard"}, "properties": properties})
    return at


def behind(pools: list[str], probe: str | None = None) -> Json:
    """A set in these pools, with this health probe."""
    new = body(1)
    (interface,) = new["properties"]["virtualMachineProfile"]["networkProfile"]["networkInterfaceConfigurations"]
    interface["properties"]["ipConfigurations"][0]["properties"]["loadBalancerBackendAddressPools"] = [{"id": pool} for pool in pools]
    return profile(new, "networkProfile.healthProbe", {"id": probe}) if probe else new


def test_a_probe_of_a_rule_to_the_set_is_its_health_probe(world: World) -> None:
    """What L2 asks is accepted."""
    at = balancer(world, "one")
    assert world.put(behind([f"{at}/backendAddressPools/pool"], f"{at}/probes/probe")) == {}


@pytest.mark.parametrize(
    ("rule", "pool", "probe", "code"),
    [
        (True, "pool", "frontendIPConfigurations/front", "InvalidJsonReferenceWrongType"),
        (False, "pool", "probes/probe", "CannotUseInactiveHealthProbe"),
        (True, "other", "probes/probe", "CannotUseHealthProbeWithoutLoadBalancing"),
    ],
)
def test_a_probe_that_says_nothing_of_the_set_is_refused(world: World, rule: bool, pool: str, probe: str, code: str) -> None:
    """L1, L2."""
    at = balancer(world, "one", rule)
    assert world.refusal(behind([f"{at}/backendAddressPools/{pool}"], f"{at}/{probe}")) == (400, code, None)


def test_two_internal_balancers_are_refused(world: World) -> None:
    """L7."""
    pools = [f"{balancer(world, name)}/backendAddressPools/pool" for name in ("one", "two")]
    assert world.refusal(behind(pools)) == (400, "VMScaleSetCannotUseMultipleLoadBalancersOfSameType", None)
