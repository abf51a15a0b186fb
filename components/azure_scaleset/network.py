"""Network: what the instances of a scale set are attached to."""

from typing import Any

import pulumi
from pulumi_azure_native import network

from azure_scaleset.aliases import FAST
from azure_scaleset.errors import ArgumentError
from azure_scaleset.network_arguments import LoadBalancer, NetworkArgs, Outbound
from azure_scaleset.network_model import balancing_rule, outbound_rule, probe, security_rules
from azure_scaleset.network_problems import find_problems
from azure_scaleset.review import checked
from azure_scaleset.rules import check_load_balancer
from azure_scaleset.shape import fields, read_fields
from azure_scaleset.subscription import subscription_id


class Network(pulumi.ComponentResource):
    """A virtual network with a subnet, a closed network security group, a way out, and a Standard load balancer: each only if asked for."""

    subnet_id: pulumi.Output[str]
    """Id of the subnet: goes into `ScaleSet`'s `network.subnetId`."""

    backend_pool_id: pulumi.Output[str]
    """Id of the load balancer's backend pool: goes into `network.backendPoolIds`. Empty without a load balancer."""

    probe_id: pulumi.Output[str]
    """Id of the load balancer's probe: goes into `network.healthProbeId`. Empty without a load balancer."""

    address: pulumi.Output[str]
    """Address of the front end: the public name or address, or the private address. Empty without a load balancer."""

    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("azure-scaleset:index:Network", name, None, pulumi.ResourceOptions.merge(opts, FAST))
        problems: list[str] = []
        args = read_fields(args, fields(NetworkArgs), "", problems)  # type: ignore[assignment]
        if not problems:
            problems = find_problems(args)
        if problems:
            raise ArgumentError(f"Network '{name}'", problems)

        self._name = name
        self._common: dict[str, Any] = {
            "resource_group_name": args["resource_group_name"],
            "location": args.get("location"),
            "tags": args.get("tags"),
        }
        self._options = pulumi.ResourceOptions(parent=self)
        self._ignored = args.get("ignore_rules", [])
        outbound = args.get("outbound", Outbound.NONE if "subnet_id" in args else Outbound.NAT_GATEWAY)
        if "subnet_id" in args:
            self.subnet_id = pulumi.Output.from_input(args["subnet_id"])
        else:
            self.subnet_id = self._virtual_network(args, outbound)
        nothing: pulumi.Output[str] = pulumi.Output.from_input("")
        self.backend_pool_id, self.probe_id, self.address = nothing, nothing, nothing
        if "load_balancer" in args:
            self._load_balancer(args["load_balancer"], outbound)
        self.register_outputs(
            {"subnetId": self.subnet_id, "backendPoolId": self.backend_pool_id, "probeId": self.probe_id, "address": self.address}
        )

    def _virtual_network(self, args: NetworkArgs, outbound: Outbound) -> pulumi.Output[str]:
        name = self._name
        security_group = network.NetworkSecurityGroup(
            f"{name}-nsg",
            network_security_group_name=f"{name}-nsg",
            security_rules=security_rules(args),
            **self._common,
            opts=self._options,
        )
        subnet: dict[str, Any] = {
            "name": "instances",
            "address_prefix": args.get("subnet_prefix", "10.0.0.0/22"),
            "network_security_group": {"id": security_group.id},
            # The way out is always explicit: Azure's default one is gone for new networks.
            "default_outbound_access": False,
        }
        if outbound is Outbound.NAT_GATEWAY:
            subnet["nat_gateway"] = {"id": self._nat_gateway()}
        virtual_network = network.VirtualNetwork(
            f"{name}-vnet",
            virtual_network_name=f"{name}-vnet",
            address_space={"address_prefixes": [args.get("address_space", "10.0.0.0/16")]},
            subnets=[subnet],
            **self._common,
            opts=self._options,
        )
        return pulumi.Output.concat(virtual_network.id, "/subnets/instances")

    def _nat_gateway(self) -> pulumi.Output[str]:
        address = self._public_address("nat")
        gateway = network.NatGateway(
            f"{self._name}-nat",
            nat_gateway_name=f"{self._name}-nat",
            sku={"name": network.NatGatewaySkuName.STANDARD},
            public_ip_addresses=[{"id": address.id}],
            **self._common,
            opts=self._options,
        )
        gateway_id: pulumi.Output[str] = gateway.id
        return gateway_id

    def _public_address(self, role: str, label: pulumi.Input[str] | None = None) -> network.PublicIPAddress:
        return network.PublicIPAddress(
            f"{self._name}-{role}-ip",
            public_ip_address_name=f"{self._name}-{role}-ip",
            sku={"name": network.PublicIPAddressSkuName.STANDARD},
            public_ip_allocation_method=network.IPAllocationMethod.STATIC,
            dns_settings={"domain_name_label": label} if label is not None else None,
            **self._common,
            opts=self._options,
        )

    def _load_balancer(self, balancer: LoadBalancer, outbound: Outbound) -> None:
        name = f"{self._name}-lb"
        front_end: dict[str, Any] = {"name": "frontend"}
        if balancer.get("public", True):
            address = self._public_address("lb", balancer.get("domain_name_label"))
            front_end["public_ip_address"] = {"id": address.id}
            self.address = pulumi.Output.all(address.dns_settings, address.ip_address).apply(
                lambda known: known[0].fqdn if known[0] is not None and known[0].fqdn else known[1]
            )
        else:
            front_end["subnet"] = {"id": self.subnet_id}
            front_end["private_ip_allocation_method"] = network.IPAllocationMethod.DYNAMIC
        own_id = pulumi.Output.concat(
            "/subscriptions/", subscription_id(self), "/resourceGroups/", self._common["resource_group_name"],
            "/providers/Microsoft.Network/loadBalancers/", name,
        )  # fmt: skip  # an id reads best on two lines
        inputs: dict[str, Any] = {
            "load_balancer_name": name,
            "sku": {"name": network.LoadBalancerSkuName.STANDARD},
            "frontend_ip_configurations": [front_end],
            "backend_address_pools": [{"name": "instances"}],
            "probes": [probe(balancer["probe"])],
            "load_balancing_rules": [balancing_rule(rule, own_id) for rule in balancer["rules"]],
            "outbound_rules": [outbound_rule(own_id)] if outbound is Outbound.LOAD_BALANCER else None,
        }
        review = checked(f"LoadBalancer '{name}'", check_load_balancer, inputs, self, self._ignored)
        resource = network.LoadBalancer(name, **inputs, **self._common, opts=pulumi.ResourceOptions(parent=self, hooks=review))
        self.backend_pool_id = pulumi.Output.concat(resource.id, "/backendAddressPools/instances")
        self.probe_id = pulumi.Output.concat(resource.id, "/probes/probe")
        if not balancer.get("public", True):
            self.address = resource.frontend_ip_configurations.apply(lambda found: found[0].private_ip_address)
