"""A Standard load balancer, and the public address of a front end."""

from typing import Any

import pulumi
from pulumi_azure_native import network

from azure_scaleset.review import checked
from azure_scaleset.review_rounds import follow
from azure_scaleset.rules import check_load_balancer
from azure_scaleset.surroundings import remember


def public_address(
    name: str, common: dict[str, Any], parent: pulumi.Resource, label: pulumi.Input[str] | None = None
) -> network.PublicIPAddress:
    """A static public address. *label*: first part of its public name."""
    return network.PublicIPAddress(
        name,
        public_ip_address_name=name,
        sku={"name": network.PublicIPAddressSkuName.STANDARD},
        public_ip_allocation_method=network.IPAllocationMethod.STATIC,
        dns_settings={"domain_name_label": label} if label is not None else None,
        **common,
        opts=pulumi.ResourceOptions(parent=parent),
    )


def address_text(address: network.PublicIPAddress) -> pulumi.Output[str]:
    """The public name, where the address has one, or the address."""
    text: pulumi.Output[str] = pulumi.Output.all(address.dns_settings, address.ip_address).apply(
        lambda known: known[0].fqdn if known[0] is not None and known[0].fqdn else known[1]
    )
    return text


def load_balancer(
    name: str,
    inputs: dict[str, Any],
    common: dict[str, Any],
    parent: pulumi.Resource,
    ignored: list[str],
    hooks: "pulumi.ResourceHookBinding | None" = None,
) -> network.LoadBalancer:
    """A balancer whose inputs are checked before they are sent. *inputs*: front ends, pools, probes, rules. *ignored*: rule ids whose errors are only told.
    *hooks*: run before it is written, after the check."""
    inputs = {"load_balancer_name": name, "sku": {"name": network.LoadBalancerSkuName.STANDARD}, **inputs}
    review = checked(f"LoadBalancer '{name}'", check_load_balancer, inputs, parent, ignored)
    made = network.LoadBalancer(
        name, **inputs, **common, opts=pulumi.ResourceOptions(parent=parent, hooks=joined(review, hooks) if hooks is not None else review)
    )
    follow(made)
    remember(parent, made, inputs)
    return made


def joined(*bindings: pulumi.ResourceHookBinding) -> pulumi.ResourceHookBinding:
    """The hooks of all, in this order."""
    return pulumi.ResourceHookBinding(
        before_create=[hook for binding in bindings for hook in binding.before_create or ()],
        before_update=[hook for binding in bindings for hook in binding.before_update or ()],
    )
