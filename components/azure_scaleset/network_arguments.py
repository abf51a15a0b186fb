"""The arguments of `Network`."""

import enum
from typing import NotRequired, TypedDict

import pulumi


class Outbound(enum.StrEnum):
    """How the instances reach the internet. Azure gives new networks no way by itself."""

    NAT_GATEWAY = "natGateway"
    """A NAT gateway on the subnet: Azure's advice. It lives in one zone."""
    LOAD_BALANCER = "loadBalancer"
    """An outbound rule of the public load balancer."""
    NONE = "none"
    """No way out: everything must come through the network itself."""


class Transport(enum.StrEnum):
    """A transport protocol."""

    TCP = "Tcp"
    """TCP."""
    UDP = "Udp"
    """UDP."""


class ProbeProtocol(enum.StrEnum):
    """How the balancer asks whether an instance serves."""

    HTTP = "Http"
    """GET `path`; status 200 serves."""
    HTTPS = "Https"
    """GET `path` over TLS; status 200 serves."""
    TCP = "Tcp"
    """A connection serves."""


class BalancerRule(TypedDict):
    """A port of the front end, and the port of the instances that it leads to. The network security group lets it in."""

    port: int
    """Required. Port of the front end, 1 to 65534."""

    backend_port: NotRequired[int]
    """Optional. Port of the instances. Default: `port`."""

    protocol: NotRequired[Transport]
    """Optional. Default: Tcp."""

    source: NotRequired[str]
    """Optional. Who may connect: an address prefix or a service tag. Default: Internet for a public balancer, VirtualNetwork for an
    internal one."""


class Probe(TypedDict):
    """What the balancer asks each instance."""

    port: int
    """Required. The port of the instances that is asked."""

    protocol: NotRequired[ProbeProtocol]
    """Optional. Default: Http when `path` is given, else Tcp."""

    path: NotRequired[str]
    """Conditional: required with Http and Https, as `/health`."""

    interval_in_seconds: NotRequired[int]
    """Optional. At least 5 seconds. Default: 5."""

    threshold: NotRequired[int]
    """Optional. Answers in a row that change the state, 1 to 100. Default: 2."""


class LoadBalancer(TypedDict):
    """A Standard load balancer in front of the scale set."""

    public: NotRequired[bool]
    """Optional. With a public address; false: with an address of the subnet. Default: true."""

    rules: list[BalancerRule]
    """Required. At least one."""

    probe: Probe
    """Required. Only instances that answer get traffic."""

    domain_name_label: NotRequired[pulumi.Input[str]]
    """Optional. First part of the public name `<label>.<region>.cloudapp.azure.com`. Default: none, an address alone."""


class InboundRule(TypedDict):
    """A port of the instances that may be reached beside the balancer's."""

    name: str
    """Required. Unique."""

    port: int
    """Required. 1 to 65535."""

    protocol: NotRequired[Transport]
    """Optional. Default: Tcp."""

    source: str
    """Required. Who may connect: an address prefix or a service tag."""


class NetworkArgs(TypedDict):
    """Arguments of `Network`."""

    resource_group_name: pulumi.Input[str]
    """Required. Resource group of all resources."""

    location: NotRequired[pulumi.Input[str]]
    """Optional. Azure region. Default: the resource group's."""

    address_space: NotRequired[str]
    """Optional. Address prefix of the virtual network. Default: 10.0.0.0/16."""

    subnet_prefix: NotRequired[str]
    """Optional. Address prefix of the subnet; Azure keeps 5 addresses of it. Default: 10.0.0.0/22."""

    subnet_id: NotRequired[pulumi.Input[str]]
    """Optional. Id of a subnet that exists: then no virtual network, security group or NAT gateway is made. Default: all of them are made."""

    load_balancer: NotRequired[LoadBalancer]
    """Optional. Default: none."""

    inbound: NotRequired[list[InboundRule]]
    """Optional. What else is let in. Default: nothing."""

    outbound: NotRequired[Outbound]
    """Optional. Default: natGateway; none when `subnetId` is given."""

    ignore_rules: NotRequired[list[str]]
    """Optional. Ids of rules (docs/rules.md) that are wrong about this load balancer: what they find is told, and sent all the same. Default: none."""

    tags: NotRequired[dict[str, pulumi.Input[str]]]
    """Optional. Tags of all resources. Default: none."""
