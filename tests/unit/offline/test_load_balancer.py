"""Load balancers."""

from typing import Any

import pytest

from tests.unit.offline.arm import BALANCER, GROUP, PUBLIC_IP, Arm, balancer, rule, scale_set, virtual_network

ADDRESS = f"{GROUP}/providers/Microsoft.Network/publicIPAddresses/ip"
SUBNET = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/net/subnets/one"
SET = "Microsoft.Compute/virtualMachineScaleSets/web"
FRONT = {"publicIPAddress": {"id": ADDRESS}}
INTERNAL = {"subnet": {"id": SUBNET}}


def nat_rule(**properties: Any) -> Any:
    """An inbound NAT rule on the frontend."""
    return {
        "name": "ssh",
        "properties": {"frontendIPConfiguration": {"id": f"{BALANCER}/frontendIPConfigurations/front"}, "protocol": "Tcp", **properties},
    }


def outbound(ports: int = 1024) -> Any:
    """An outbound rule of the pool by the frontend."""
    front = [{"id": f"{BALANCER}/frontendIPConfigurations/front"}]
    pool = {"id": f"{BALANCER}/backendAddressPools/pool"}
    return {
        "name": "out",
        "properties": {"frontendIPConfigurations": front, "backendAddressPool": pool, "protocol": "All", "allocatedOutboundPorts": ports},
    }


POOL = {"id": f"{BALANCER}/backendAddressPools/pool"}


@pytest.fixture(autouse=True)
def _network(arm: Arm) -> None:
    arm.made(ADDRESS, PUBLIC_IP)
    arm.made(SUBNET.rpartition("/subnets/")[0], virtual_network(("one", "10.0.0.0/24")))


@pytest.mark.parametrize(
    ("frontend", "properties", "code"),
    [
        (FRONT, {"loadBalancingRules": [rule("a", 80, 80), rule("b", 8080, 80)]}, "RulesUseSameBackendPortProtocolAndPool"),
        (FRONT, {"loadBalancingRules": [rule("a", 80, 80), rule("b", 80, 81)]}, "RulesUseSameFrontendPortProtocolAndIPConfig"),
        (FRONT, {"loadBalancingRules": [rule("a", 65535, 80)]}, "InvalidFrontendPort"),
        (FRONT, {"loadBalancingRules": [rule("a", 80, 65536)]}, "InvalidBackendPort"),
        (FRONT, {"loadBalancingRules": [rule("a", 80, 80, "none")]}, "InvalidResourceReference"),
        (FRONT, {"loadBalancingRules": [rule("a", 0, 0, protocol="All")]}, "HAPortsNotSupportedOnPublicLoadBalancer"),
        (
            FRONT,
            {"loadBalancingRules": [rule("a", 80, 80)], "outboundRules": [outbound()]},
            "LoadBalancingRuleMustDisableSNATSinceSameFrontendIPConfigurationIsReferencedByOutboundRule",
        ),
        (FRONT, {"outboundRules": [outbound(1001)]}, "SpecifiedAllocatedOutboundPortsForOutboundRuleIsNotAMultipleOfEight"),
        (INTERNAL, {"outboundRules": [outbound()]}, "InternalLoadBalancerCannotHaveOutboundRules"),
        (FRONT, {"inboundNatRules": [nat_rule(backendPort=22, backendAddressPool=POOL)]}, "MissedInboundNatRuleV2Properties"),
        (
            FRONT,
            {"inboundNatRules": [nat_rule(backendPort=22, frontendPort=22, backendAddressPool=POOL)]},
            "UnsupportedSetOfInboundNatRulePropertiesWhenFrontendPortIsSpecified",
        ),
        (FRONT, {"probes": [{"name": "probe", "properties": {"protocol": "Http", "port": 80}}]}, "MissingRequestPathInProbe"),
        (
            FRONT,
            {"probes": [{"name": "probe", "properties": {"protocol": "Tcp", "port": 80, "intervalInSeconds": 4}}]},
            "InvalidProbeInterval",
        ),
        (FRONT, {"frontendIPConfigurations": []}, "LoadBalancerWithoutFrontendIPCantHaveChildResources"),
        ({}, {}, "LoadBalancerFrontendIPConfigMustReferenceSubnetOrPublicIP"),
        ({**INTERNAL, "privateIPAllocationMethod": "Static", "privateIPAddress": "10.1.0.4"}, {}, "PrivateIPAddressNotInSubnet"),
    ],
)
def test_balancers_are_refused(arm: Arm, frontend: Any, properties: Any, code: str) -> None:
    """Each balancer that Azure refuses is refused with Azure's code."""
    assert arm.refused("PUT", BALANCER, balancer(frontend, **properties))[:2] == (400, code)


@pytest.mark.parametrize("sku", [None, {"name": "Basic"}])
def test_basic_balancers_are_gone(arm: Arm, sku: Any) -> None:
    """Basic is retired, and a balancer without sku is Basic."""
    assert arm.refused("PUT", BALANCER, {**balancer(FRONT), "sku": sku}) == (400, "BasicLoadBalancerRetired", "sku.name")


def test_rules_may_share_a_port_on_other_pools_or_by_floating_ip(arm: Arm) -> None:
    """Two rules to the same backend port are fine with a pool each, or with floating IP."""
    rules = [rule("a", 80, 80), rule("b", 81, 80, "second"), rule("c", 82, 80, enableFloatingIP=True)]
    body = balancer(FRONT, backendAddressPools=[{"name": "pool"}, {"name": "second"}], loadBalancingRules=rules)
    assert arm.call("PUT", BALANCER, body).status == 201


def test_internal_frontends_get_addresses_and_keep_them(arm: Arm) -> None:
    """Azure keeps the first four addresses of a subnet; an update changes no frontend's address."""
    two = [{"name": "front", "properties": INTERNAL}, {"name": "second", "properties": INTERNAL}]
    arm.made(BALANCER, balancer(INTERNAL, frontendIPConfigurations=two))
    again = arm.made(BALANCER, balancer(INTERNAL, frontendIPConfigurations=two[::-1]))
    addresses = {each["name"]: each["properties"]["privateIPAddress"] for each in again["properties"]["frontendIPConfigurations"]}
    assert addresses == {"front": "10.0.0.4", "second": "10.0.0.5"}


def test_children_name_the_rules_that_use_them(arm: Arm) -> None:
    """A frontend, a pool and a probe show their rules, and sending that back changes nothing."""
    shown = arm.made(BALANCER, balancer(FRONT, loadBalancingRules=[rule("web", 80, 80)]))
    expected = [{"id": f"{BALANCER}/loadBalancingRules/web"}]
    kinds = ("frontendIPConfigurations", "backendAddressPools", "probes")
    assert [shown["properties"][kind][0]["properties"]["loadBalancingRules"] for kind in kinds] == [expected] * 3
    assert arm.made(BALANCER, shown)["properties"]["backendAddressPools"][0]["properties"]["loadBalancingRules"] == expected


def test_probe_is_written_with_its_balancer_only(arm: Arm) -> None:
    """A probe can be read by its id and not written by it; a pool can."""
    arm.made(BALANCER, balancer(FRONT))
    assert arm.read(f"{BALANCER}/probes/probe")["properties"]["port"] == 80
    assert arm.refused("PUT", f"{BALANCER}/probes/other", {"properties": {"protocol": "Tcp", "port": 81}})[:2] == (405, "MethodNotAllowed")
    assert arm.call("PUT", f"{BALANCER}/backendAddressPools/other", {"properties": {}}).status == 201


def _used(arm: Arm) -> Any:
    body = balancer(
        FRONT, loadBalancingRules=[rule("web", 80, 80), rule("too", 81, 81)], backendAddressPools=[{"name": "pool"}, {"name": "second"}]
    )
    arm.made(BALANCER, body)
    pools = [f"{BALANCER}/backendAddressPools/{name}" for name in ("pool", "second")]
    arm.made(SET, scale_set(SUBNET, pools=pools, probe=f"{BALANCER}/probes/probe"))
    return body["properties"]


def test_balancer_of_a_scale_set_stays(arm: Arm) -> None:
    """Neither the balancer nor a pool of it can be removed under a scale set."""
    properties = _used(arm)
    pool_gone = balancer(FRONT, **{**properties, "backendAddressPools": [{"name": "pool"}]})
    assert arm.refused("DELETE", BALANCER)[:2] == (400, "LoadBalancerInUseByVirtualMachineScaleSet")
    assert arm.refused("PUT", BALANCER, pool_gone)[:2] == (400, "LoadBalancerInUseByVirtualMachineScaleSet")


def test_rule_of_a_health_probe_stays(arm: Arm) -> None:
    """A rule can't be removed when its probe is a scale set's health probe, though another rule uses the probe too."""
    rule_gone = balancer(FRONT, **{**_used(arm), "loadBalancingRules": [rule("web", 80, 80)]})
    assert arm.refused("PUT", BALANCER, rule_gone)[:2] == (400, "CannotRemoveRuleUsedByProbeUsedByVMSS")


def test_rule_of_a_health_probe_keeps_its_backend_port(arm: Arm) -> None:
    """It leads to the same port, while its front end may change."""
    rules = _used(arm)
    assert arm.refused("PUT", BALANCER, balancer(FRONT, **{**rules, "loadBalancingRules": [rule("web", 80, 8080), rule("too", 81, 81)]}))[
        :2
    ] == (
        400,
        "OperationNotAllowed",
    )
    arm.made(BALANCER, balancer(FRONT, **{**rules, "loadBalancingRules": [rule("web", 8080, 80), rule("too", 81, 81)]}))


def test_pools_of_one_ip_configuration_share_no_port(arm: Arm) -> None:
    """Two pools with the same machines may not get the same port, though each rule has a pool of its own."""
    properties = _used(arm)
    rules = [*properties["loadBalancingRules"], rule("again", 82, 80, "second")]
    code = "RulesOfSameLoadBalancerTypeUseSameBackendPortProtocolAndVmssIPConfig"
    assert arm.refused("PUT", BALANCER, balancer(FRONT, **{**properties, "loadBalancingRules": rules}))[:2] == (400, code)
