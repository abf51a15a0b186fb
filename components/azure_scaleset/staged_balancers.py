"""The balancers in front of the two slots: production's, whose rules lead to the active slot, and test front ends that lead to one slot for life."""

from typing import Any

import pulumi
from pulumi_azure_native import network

from azure_scaleset.balancer import address_text, load_balancer, public_address
from azure_scaleset.part_ids import balancer_id, part_id
from azure_scaleset.review_rounds import follow
from azure_scaleset.staged_arguments import Idle, Slot, StagedScaleSetArgs
from azure_scaleset.staged_model import PRODUCTION, is_internal, production_balancer, test_balancer, test_pool, test_rules


class StagedBalancers:
    """Made where they are asked for.

    The pools' ids are known before the balancers are there, and don't depend on them: what the slots' models are must be known when the balancer is about to be
    written. So whatever is put into a pool must name `resources` in its `depends_on`.
    """

    def __init__(
        self, name: str, args: StagedScaleSetArgs, common: dict[str, Any], parent: pulumi.Resource, guard: pulumi.ResourceHookBinding
    ) -> None:
        """*common*: group, location and tags. *guard*: hooks of what makes the switch: the production balancer, or what tells your own of it."""
        self._args, self._common, self._parent, self._guard = args, common, parent, guard
        self._subnet = {"id": args["scale_set"]["network"]["subnet_id"]}
        none: dict[str, str] = {}
        self.resources: list[pulumi.Resource] = []
        """What the slots come after: the balancers, or what tells yours of the switch."""
        self.address: pulumi.Output[str] = pulumi.Output.from_input("")
        """Of production; empty without a balancer here."""
        self.test_addresses: pulumi.Output[dict[str, str]] = pulumi.Output.from_input(none)
        """Slot -> address of its test front end."""
        if "load_balancer" in args:
            production_id = balancer_id(f"{name}-lb", common["resource_group_name"], parent)
            production = self._production(f"{name}-lb", production_id)
            self.production_pools = {slot: part_id(production_id, "backendAddressPools", slot.value) for slot in Slot}
            """Slot -> id of its pool on the production balancer."""
            self.active_pool = self.production_pools[args["active"]]
            """The active slot's."""
        else:
            given: Any = args["production_pool_ids"]
            self.production_pools = {slot: pulumi.Output.from_input(given[slot.value]) for slot in Slot}
            self.active_pool = self._switched_elsewhere(name)
        self.pools: dict[Slot, list[pulumi.Output[str]]] = {slot: [pool] for slot, pool in self.production_pools.items()}
        """Slot -> ids of the pools that its scale set is in."""
        if test_rules(args):
            if is_internal(args):
                test_id, test = production_id, production
            else:
                test_id = balancer_id(f"{name}-test-lb", common["resource_group_name"], parent)
                test = self._balancer(f"{name}-test-lb", test_balancer(args, test_id, self._subnet))
            self.test_addresses = test.frontend_ip_configurations.apply(
                lambda found: {slot.value: _private_address(found, slot.value) for slot in Slot}
            )
            for slot in Slot:
                self.pools[slot].append(part_id(test_id, "backendAddressPools", test_pool(args, slot)))

    def _switched_elsewhere(self, name: str) -> pulumi.Output[str]:
        """The active slot's pool, for a balancer that isn't here: guarded by a stash, which is replaced, and with it what it gives, only when the guard lets it."""
        args = self._args
        state = {"active": args["active"].value, "idle": args.get("idle", Idle.KEEP).value}
        stash = pulumi.Stash(
            f"{name}-active", input=state, opts=pulumi.ResourceOptions(parent=self._parent, replace_on_changes=["input"], hooks=self._guard)
        )
        follow(stash)
        self.resources.append(stash)  # the slots wait for a switch as they do for a balancer of ours
        pools = {slot.value: pool for slot, pool in self.production_pools.items()}
        # Left out of an update (--target) it gives the slot of the one before.
        result: pulumi.Output[str] = stash.output.apply(lambda kept: pools[kept["active"]])
        return result

    def _production(self, name: str, own_id: pulumi.Output[str]) -> network.LoadBalancer:
        if is_internal(self._args):
            front_end: dict[str, Any] = {"subnet": self._subnet, "private_ip_allocation_method": "Dynamic"}
            made = self._balancer(name, production_balancer(self._args, own_id, front_end), self._guard)
            self.address = made.frontend_ip_configurations.apply(lambda found: _private_address(found, PRODUCTION))
            return made
        address = public_address(f"{name}-ip", self._common, self._parent, self._args["load_balancer"].get("domain_name_label"))
        self.address = address_text(address)
        return self._balancer(name, production_balancer(self._args, own_id, {"public_ip_address": {"id": address.id}}), self._guard)

    def _balancer(self, name: str, inputs: dict[str, Any], guard: pulumi.ResourceHookBinding | None = None) -> network.LoadBalancer:
        made = load_balancer(name, inputs, self._common, self._parent, self._args.get("ignore_rules", []), guard)
        self.resources.append(made)
        return made


def _private_address(front_ends: Any, name: str) -> str:
    return str(next(each.private_ip_address for each in front_ends if each.name == name))
