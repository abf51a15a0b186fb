"""Resources of one update are checked together before any of them has an id."""

from typing import Any

import pytest

from azure_scaleset.rules import UNKNOWN
from azure_scaleset.rules.resource_kind import ResourceKind
from azure_scaleset.rules.stack_check import check_relations
from azure_scaleset.rules.stack_ids import with_ids
from azure_scaleset.rules.stack_resource import Resource

PROFILE = "virtualMachineProfile"
ADDRESS = f"{PROFILE}.networkProfile.networkInterfaceConfigurations[0].ipConfigurations[0]"
POOLS = "loadBalancerBackendAddressPools"
LOAD_BALANCERS = "/subscriptions/-/resourceGroups/-/providers/Microsoft.Network/loadBalancers"


def not_known() -> dict[str, Any]:
    """A reference to what isn't made yet."""
    return {"id": UNKNOWN}


def rule(**given: Any) -> dict[str, Any]:
    """A balancing rule of port 80 for the only pool, with the only probe."""
    own = {"name": "http", "protocol": "Tcp", "frontendPort": 80, "backendPort": 80}
    return {**own, "backendAddressPool": not_known(), "probe": not_known(), **given}


def balancer(name: str = "balancer", **given: Any) -> Resource:
    """A public balancer whose name in Azure isn't known yet either."""
    own = {
        "sku": {"name": "Standard"},
        "frontendIPConfigurations": [{"name": "front", "publicIPAddress": not_known()}],
        "backendAddressPools": [{"name": "pool"}],
        "probes": [{"name": "probe"}],
        "loadBalancingRules": [rule()],
    }
    return Resource(ResourceKind.LOAD_BALANCER, name, {**own, **given}, f"urn::{name}")


def network(**given: Any) -> Resource:
    """A network with a subnet of 11 free addresses, without a way out."""
    closed = {"defaultOutboundAccess": False, "networkSecurityGroup": not_known()}
    subnet = {"name": "instances", "addressPrefix": "10.0.0.0/28", **closed, **given}
    return Resource(ResourceKind.VIRTUAL_NETWORK, "network", {"subnets": [subnet]}, "urn::network")


def scale_set(capacity: int = 2, uses: dict[str, frozenset[str]] | None = None, pools: int = 1, **profile: Any) -> Resource:
    """A set in that network, behind that balancer; nothing of them has an id."""
    address = {"name": "primary", "subnet": not_known(), POOLS: [not_known() for _ in range(pools)]}
    interfaces = [{"name": "nic", "ipConfigurations": [address]}]
    inputs = {
        "sku": {"name": "Standard_D2s_v5", "capacity": capacity},
        "overprovision": False,
        PROFILE: {"networkProfile": {"healthProbe": not_known(), "networkInterfaceConfigurations": interfaces}, **profile},
    }
    used = {PROFILE: frozenset({"urn::balancer", "urn::network"})} if uses is None else uses
    return Resource(ResourceKind.SCALE_SET, "web", inputs, "urn::web", used)


def found(*stack: Resource) -> list[tuple[str, str, str]]:
    """Rule, resource and property of what is wrong with *stack* together."""
    return [(each.problem.rule, each.resource.name, each.problem.path) for each in check_relations(stack)]


def test_what_fits_has_no_problem() -> None:
    """A probe that a rule of the pool uses, a large enough subnet, one rule for the port."""
    assert found(scale_set(11), balancer(), network()) == []


SCRIPT = {"publisher": "Microsoft.Azure.Extensions", "type": "CustomScript", "settings": {"fileUris": ["https://example.com/a.sh"]}}
LIMITS = {"targetResourceUri": UNKNOWN, "profiles": [{"capacity": {"minimum": "2", "maximum": "12"}}]}
AUTOSCALE = Resource(ResourceKind.AUTOSCALE, "autoscale", LIMITS, "urn::autoscale", {"targetResourceUri": frozenset({"urn::web"})})
TWO_POOLS = {f"{ADDRESS}.{POOLS}[{index}].id": frozenset({f"urn::{name}"}) for index, name in enumerate(("balancer", "other"))}


@pytest.mark.parametrize(
    ("stack", "problems"),
    [
        ([scale_set(12), balancer(), network()], [("S11", "network", "subnets[0].addressPrefix")]),
        ([scale_set(), balancer(), network(), AUTOSCALE], [("S11", "network", "subnets[0].addressPrefix")]),
        (
            [scale_set(), balancer(loadBalancingRules=[rule(probe=None)]), network()],
            [("L2", "web", f"{PROFILE}.networkProfile.healthProbe.id")],
        ),
        (
            [
                scale_set(extensionProfile={"extensions": [SCRIPT]}),
                balancer(loadBalancingRules=[rule(disableOutboundSnat=True)]),
                network(),
            ],
            [("L12", "network", "subnets[0].natGateway")],
        ),
        (
            [
                scale_set(uses={**TWO_POOLS, f"{PROFILE}.networkProfile.healthProbe.id": frozenset()}, pools=2),
                balancer(),
                balancer("other"),
            ],
            [("L7", "other", "")],
        ),
    ],
    ids=["room", "room for autoscale", "unused probe", "no way out", "two public balancers"],
)
def test_what_does_not_fit_is_found(stack: list[Resource], problems: list[tuple[str, str, str]]) -> None:
    """Each is a problem of the resource to mend, by its name in the program."""
    assert found(*stack) == problems


def test_an_id_stands_for_the_only_part() -> None:
    """Names that Azure will give are taken from the program where they aren't known."""
    filled = with_ids([scale_set(), balancer(), network()])[0].inputs[PROFILE]["networkProfile"]

    assert filled["healthProbe"] == {"id": f"{LOAD_BALANCERS}/balancer/probes/probe"}
    assert filled["networkInterfaceConfigurations"][0]["ipConfigurations"][0][POOLS] == [
        {"id": f"{LOAD_BALANCERS}/balancer/backendAddressPools/pool"}
    ]


@pytest.mark.parametrize(
    "stack",
    [
        [scale_set(), balancer(backendAddressPools=[{"name": "a"}, {"name": "b"}]), network()],
        [scale_set(), balancer(backendAddressPools=UNKNOWN), network()],
        [scale_set(), balancer(backendAddressPools=[{"name": UNKNOWN}]), network()],
        [scale_set(uses={}), balancer(), network()],
        [scale_set(uses={PROFILE: frozenset({"urn::balancer", "a::azure-native:network:LoadBalancerBackendAddressPool::b"})}), balancer()],
    ],
    ids=["two pools", "pools not known", "name not known", "of another resource", "a pool that is a resource of its own"],
)
def test_what_may_be_another_stays_unknown(stack: list[Resource]) -> None:
    """Nothing is concluded from an id that could be several."""
    address = with_ids(stack)[0].inputs[PROFILE]["networkProfile"]["networkInterfaceConfigurations"][0]["ipConfigurations"][0]

    assert address[POOLS] == [not_known()]


def test_two_pools_of_a_balancer_that_share_a_port_are_found() -> None:
    """Ids that are known, of a balancer of the same update."""
    pool = f"{LOAD_BALANCERS}/balancer/backendAddressPools"
    rules = [rule(name=name, backendAddressPool={"id": f"{pool}/{name}"}) for name in ("a", "b")]
    both = balancer(loadBalancerName="balancer", backendAddressPools=[{"name": "a"}, {"name": "b"}], loadBalancingRules=rules)
    web = scale_set(pools=2)
    address = web.inputs[PROFILE]["networkProfile"]["networkInterfaceConfigurations"][0]["ipConfigurations"][0]
    address[POOLS] = [{"id": f"{pool}/{name}"} for name in ("a", "b")]

    assert found(web, both, network()) == [("L7b", "balancer", "loadBalancingRules[1].backendPort")]
