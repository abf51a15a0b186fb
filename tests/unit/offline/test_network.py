"""Virtual networks, security groups, public addresses and NAT gateways."""

from typing import Any

import pytest

from tests.unit.offline.arm import GROUP, PUBLIC_IP, Arm, scale_set, virtual_network

NET = "Microsoft.Network/virtualNetworks/net"
SUBNET = f"{GROUP}/providers/{NET}/subnets/one"
GROUP_OF_RULES = "Microsoft.Network/networkSecurityGroups/rules"
ADDRESS = "Microsoft.Network/publicIPAddresses/ip"
NAT = "Microsoft.Network/natGateways/nat"


def security_rule(name: str = "web", **more: Any) -> Any:
    """A rule that lets port 80 in."""
    properties = {
        "priority": 100,
        "direction": "Inbound",
        "access": "Allow",
        "protocol": "Tcp",
        "sourcePortRange": "*",
        "destinationPortRange": "80",
        "sourceAddressPrefix": "Internet",
        "destinationAddressPrefix": "*",
    }
    return {"name": name, "properties": {**properties, **more}}


def rules(*listed: Any) -> Any:
    """A security group of these rules."""
    return {"location": "westeurope", "properties": {"securityRules": list(listed)}}


def gateway(address: str) -> Any:
    """A NAT gateway with one address."""
    return {"location": "westeurope", "sku": {"name": "Standard"}, "properties": {"publicIpAddresses": [{"id": address}]}}


@pytest.mark.parametrize(
    ("subnets", "code"),
    [
        ([("one", "10.1.0.0/24")], "NetcfgInvalidSubnet"),
        ([("one", "10.0.0.0/24"), ("two", "10.0.0.128/25")], "NetcfgSubnetRangesOverlap"),
        ([("one", "10.0.0.0/24"), ("ONE", "10.0.1.0/24")], "DuplicateResourceName"),
        ([("one", "10.0.0.1/24")], "InvalidCIDRNotation"),
    ],
)
def test_subnets_are_refused(arm: Arm, subnets: list[tuple[str, str]], code: str) -> None:
    """A subnet is inside its network and apart from the others."""
    assert arm.refused("PUT", NET, virtual_network(*subnets))[1] == code


@pytest.mark.parametrize(("method", "path"), [("DELETE", f"{NET}/subnets/one"), ("DELETE", NET), ("PUT", NET)])
def test_subnet_of_a_scale_set_stays(arm: Arm, method: str, path: str) -> None:
    """A subnet that a scale set is in can't be removed in any of the three ways."""
    arm.made(NET, virtual_network(("one", "10.0.0.0/24")))
    arm.made("Microsoft.Compute/virtualMachineScaleSets/web", scale_set(SUBNET))
    assert arm.refused(method, path, virtual_network() if method == "PUT" else None)[:2] == (400, "InUseSubnetCannotBeDeleted")


def test_security_group_has_default_rules(arm: Arm) -> None:
    """Every group ends with Azure's six rules."""
    body = arm.made(GROUP_OF_RULES, rules(security_rule()))
    assert [each["name"] for each in body["properties"]["defaultSecurityRules"]] == [
        "AllowVnetInBound",
        "AllowAzureLoadBalancerInBound",
        "DenyAllInBound",
        "AllowVnetOutBound",
        "AllowInternetOutBound",
        "DenyAllOutBound",
    ]


@pytest.mark.parametrize(
    ("listed", "code"),
    [
        ([security_rule(priority=99)], "SecurityRuleInvalidPriority"),
        ([security_rule(), security_rule("other")], "SecurityRuleConflict"),
        ([security_rule(destinationPortRange="80-70")], "SecurityRuleInvalidPortRange"),
        ([security_rule(destinationPortRange="65536")], "SecurityRuleInvalidPortRange"),
        ([security_rule(sourceAddressPrefix=None)], "SecurityRuleParameterNotSpecified"),
        ([security_rule(direction="Sideways")], "InvalidParameter"),
    ],
)
def test_security_rules_are_refused(arm: Arm, listed: list[Any], code: str) -> None:
    """Rules that Azure refuses."""
    assert arm.refused("PUT", GROUP_OF_RULES, rules(*listed))[1] == code


def test_security_group_of_a_subnet_stays(arm: Arm) -> None:
    """A group that a subnet names can't be deleted."""
    group = arm.made(GROUP_OF_RULES, rules())["id"]
    body = virtual_network(("one", "10.0.0.0/24"))
    body["properties"]["subnets"][0]["properties"]["networkSecurityGroup"] = {"id": group}
    arm.made(NET, body)
    assert arm.refused("DELETE", GROUP_OF_RULES)[:2] == (400, "InUseNetworkSecurityGroupCannotBeDeleted")


def test_public_address_is_given_once_and_kept(arm: Arm) -> None:
    """An address stays through updates, is not given to another resource, and has a name when a label is asked for."""
    labelled = {**PUBLIC_IP, "properties": {**PUBLIC_IP["properties"], "dnsSettings": {"domainNameLabel": "web-front"}}}  # type: ignore[dict-item]
    first = arm.made(ADDRESS, labelled)["properties"]
    again = arm.made(ADDRESS, labelled)["properties"]
    other = arm.made("Microsoft.Network/publicIPAddresses/other", PUBLIC_IP)["properties"]
    assert (first["ipAddress"] == again["ipAddress"], first["ipAddress"] == other["ipAddress"]) == (True, False)
    assert first["dnsSettings"]["fqdn"] == "web-front.westeurope.cloudapp.azure.com"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"sku": {"name": "Basic"}}, "IPv4BasicSkuPublicIpCountLimitReached"),
        ({"sku": None}, "IPv4BasicSkuPublicIpCountLimitReached"),
        ({"properties": {"publicIPAllocationMethod": "Dynamic"}}, "StandardSkuPublicIPAddressesMustBeStatic"),
        ({"properties": {"publicIPAllocationMethod": "Static", "dnsSettings": {"domainNameLabel": "Web"}}}, "InvalidDomainNameLabel"),
        ({"properties": {"publicIPAllocationMethod": "Static", "dnsSettings": {"domainNameLabel": "taken"}}}, "DnsRecordInUse"),
    ],
)
def test_public_addresses_are_refused(arm: Arm, change: Any, code: str) -> None:
    """Addresses that Azure does not give."""
    taken = {"publicIPAllocationMethod": "Static", "dnsSettings": {"domainNameLabel": "taken"}}
    arm.made("Microsoft.Network/publicIPAddresses/first", {**PUBLIC_IP, "properties": taken})
    assert arm.refused("PUT", ADDRESS, {**PUBLIC_IP, **change})[1] == code


def test_public_address_has_one_holder(arm: Arm) -> None:
    """An address that a gateway holds is neither given to another gateway nor deleted."""
    address = arm.made(ADDRESS, PUBLIC_IP)["id"]
    arm.made(NAT, gateway(address))
    assert arm.refused("PUT", "Microsoft.Network/natGateways/second", gateway(address))[1] == "PublicIPAddressInUse"
    assert arm.refused("DELETE", ADDRESS)[1] == "PublicIPAddressCannotBeDeleted"


def test_nat_gateway_shows_its_subnets_and_stays_while_it_has_some(arm: Arm) -> None:
    """The subnets name the gateway; the gateway's GET names them."""
    nat = arm.made(NAT, gateway(arm.made(ADDRESS, PUBLIC_IP)["id"]))["id"]
    body = virtual_network(("one", "10.0.0.0/24"))
    body["properties"]["subnets"][0]["properties"]["natGateway"] = {"id": nat}
    arm.made(NET, body)
    assert arm.read(NAT)["properties"]["subnets"] == [{"id": SUBNET}]
    assert arm.refused("DELETE", NAT)[1] == "InUseNatGatewayCannotBeDeleted"


def test_nat_gateway_is_in_one_zone(arm: Arm) -> None:
    """A Standard gateway can't be in two zones."""
    body = {**gateway(arm.made(ADDRESS, PUBLIC_IP)["id"]), "zones": ["1", "2"]}
    assert arm.refused("PUT", NAT, body)[1] == "NatGatewayWithMultipleZonesNotAllowed"
