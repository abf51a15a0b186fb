"""Network: what the instances of a scale set are attached to."""

from typing import Any

import pulumi
from pulumi_azure_native import network

from azure_scaleset.aliases import FAST
from azure_scaleset.balancer import address_text, load_balancer, public_address
from azure_scaleset.errors import ArgumentError
from azure_scaleset.network_arguments import LoadBalancer, NetworkArgs, Outbound
from azure_scaleset.network_model import balancing_rule, outbound_rule, probe, security_rules
from azure_scaleset.network_problems import find_problems
from azure_scaleset.part_ids import balancer_id
from azure_scaleset.review import noted
from azure_scaleset.shape import fields, legible, read_fields
from azure_scaleset.surroundings import remember


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
        if legible(problems):
            problems += find_problems(args)
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
        inputs: dict[str, Any] = {
            "virtual_network_name": f"{name}-vnet",
            "address_space": {"address_prefixes": [args.get("address_space", "10.0.0.0/16")]},
            "subnets": [subnet],
        }
        options = pulumi.ResourceOptions(parent=self, hooks=noted(f"VirtualNetwork '{name}-vnet'", self))
        virtual_network = network.VirtualNetwork(f"{name}-vnet", **inputs, **self._common, opts=options)
        remember(self, virtual_network, inputs)
        return pulumi.Output.concat(virtual_network.id, "/subnets/instances")

    def _nat_gateway(self) -> pulumi.Output[str]:
        address = public_address(f"{self._name}-nat-ip", self._common, self)
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

    def _load_balancer(self, balancer: LoadBalancer, outbound: Outbound) -> None:
        name = f"{self._name}-lb"
        front_end: dict[str, Any] = {"name": "frontend"}
        if balancer.get("public", True):
            address = public_address(f"{self._name}-lb-ip", self._common, self, balancer.get("domain_name_label"))
            front_end["public_ip_address"] = {"id": address.id}
            self.address = address_text(address)
        else:
            front_end["subnet"] = {"id": self.subnet_id}
            front_end["private_ip_allocation_method"] = network.IPAllocationMethod.DYNAMIC
        own_id = balancer_id(name, self._common["resource_group_name"], self)
        inputs: dict[str, Any] = {
            "frontend_ip_configurations": [front_end],
            "backend_address_pools": [{"name": "instances"}],
            "probes": [probe(balancer["probe"])],
            "load_balancing_rules": [balancing_rule(rule, own_id) for rule in balancer["rules"]],
            "outbound_rules": [outbound_rule(own_id)] if outbound is Outbound.LOAD_BALANCER else None,
        }
        resource = load_balancer(name, inputs, self._common, self, self._ignored)
        self.backend_pool_id = pulumi.Output.concat(resource.id, "/backendAddressPools/instances")
        self.probe_id = pulumi.Output.concat(resource.id, "/probes/probe")
        if not balancer.get("public", True):
            self.address = resource.frontend_ip_configurations.apply(lambda found: found[0].private_ip_address)
