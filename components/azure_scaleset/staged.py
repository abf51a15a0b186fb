"""StagedScaleSet: two scale sets, of which one serves production; the switch is one write to a balancer."""

from typing import Any

import pulumi

from azure_scaleset import autoscale, model, staged_model, staged_problems
from azure_scaleset.aliases import FAST
from azure_scaleset.arguments import ScaleSetArgs
from azure_scaleset.balancer import joined
from azure_scaleset.errors import ArgumentError
from azure_scaleset.live_slot import live_slot
from azure_scaleset.rollout.policy import Policy, Reimage
from azure_scaleset.scale_set import ScaleSet
from azure_scaleset.scale_set import find_problems as scale_set_problems
from azure_scaleset.shape import camel, fields, legible, read_fields
from azure_scaleset.staged_arguments import Idle, Slot, StagedScaleSetArgs
from azure_scaleset.staged_balancers import StagedBalancers
from azure_scaleset.subscription import subscription_id
from azure_scaleset.switch_guard import Expected, SwitchGuard


class StagedScaleSet(pulumi.ComponentResource):
    """Two scale sets, `blue` and `green`, of which one serves production while the other gets the next version, is looked at, and takes over by one write to the
    balancer. Going back is the same write. Children: `<name>-blue`, `<name>-green` (scale sets), `<name>-lb` (production), `<name>-test-lb` (test front ends)."""

    active: pulumi.Output[str]
    """The slot that serves production: `blue` or `green`."""

    idle: pulumi.Output[str]
    """The other slot."""

    address: pulumi.Output[str]
    """Address of production: the public name or address, or the private address. Empty with `productionPoolIds`."""

    test_addresses: pulumi.Output[dict[str, str]]
    """Slot -> private address of its test front end. Empty where there are none."""

    scale_set_ids: pulumi.Output[dict[str, str]]
    """Slot -> resource id of its scale set, known when all its instances run the model and serve. A removed slot isn't there."""

    scale_set_names: pulumi.Output[dict[str, str]]
    """Slot -> name of its scale set in Azure. A removed slot isn't there."""

    principal_ids: pulumi.Output[dict[str, str]]
    """Slot -> principal of the system-assigned identity, empty without one. A removed slot isn't there."""

    production_pool_ids: pulumi.Output[dict[str, str]]
    """Slot -> id of its pool on the production balancer."""

    active_pool_id: pulumi.Output[str]
    """Id of the production pool of the active slot: for the rules of a balancer of your own."""

    def __init__(self, name: str, args: StagedScaleSetArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("azure-scaleset:index:StagedScaleSet", name, None, pulumi.ResourceOptions.merge(opts, FAST))
        subject = f"StagedScaleSet '{name}'"
        found: list[str] = []
        args = read_fields(args, fields(StagedScaleSetArgs), "", found)  # type: ignore[assignment]  # it gives what its table says
        if legible(found):
            found += staged_problems.find(name, args, scale_set_problems)
        if found:
            raise ArgumentError(subject, found)

        self._name, self._active = name, args["active"]
        shared = args["scale_set"]
        common: dict[str, Any] = {
            "resource_group_name": shared["resource_group_name"],
            "location": shared.get("location"),
            "tags": shared.get("tags"),
        }
        active, idle = args["active"], args.get("idle", Idle.KEEP)
        whole = {slot: staged_model.read_slot(name, args, slot, []) for slot in Slot}

        guard = SwitchGuard(subject, args, self)
        balancers = StagedBalancers(name, args, common, self, guard.of_switch())
        wanted = {slot: each if slot is active else staged_model.as_idle(each, idle) for slot, each in whole.items()}
        if idle is Idle.KEEP:
            wanted = {slot: self._ready_to_take_over(slot, whole, balancers) for slot in Slot}
        sets = {
            slot: ScaleSet(
                staged_model.slot_name(name, slot),
                staged_model.attached(each, balancers.pools[slot]),
                pulumi.ResourceOptions(
                    parent=self,
                    transformations=[
                        _of_scale_set(balancers.resources, None if slot is active or idle is Idle.KEEP else guard.of_slot(slot))
                    ],
                ),
            )
            for slot, each in wanted.items()
            if each is not None
        }
        guard.pools = balancers.production_pools
        guard.slots = {slot: self._expected(slot, each, wanted[slot], sets.get(slot)) for slot, each in whole.items()}

        self.active = pulumi.Output.from_input(active.value)
        self.idle = pulumi.Output.from_input(active.other.value)
        self.address = balancers.address
        self.test_addresses = balancers.test_addresses
        self.scale_set_ids = _by_slot({slot: each.scale_set_id for slot, each in sets.items()})
        self.scale_set_names = _by_slot({slot: each.scale_set_name for slot, each in sets.items()})
        self.principal_ids = _by_slot({slot: each.principal_id for slot, each in sets.items()})
        self.production_pool_ids = _by_slot(balancers.production_pools)
        self.active_pool_id = balancers.active_pool
        self.register_outputs({camel(key): getattr(self, key) for key in StagedScaleSet.__annotations__})

    def _expected(self, slot: Slot, whole: ScaleSetArgs, wanted: ScaleSetArgs | None, made: ScaleSet | None) -> Expected:
        """What the guard compares a slot with."""
        physical_name = model.physical_name(staged_model.slot_name(self._name, slot), whole)
        group: pulumi.Output[str] = pulumi.Output.concat(
            "/subscriptions/", subscription_id(self), "/resourceGroups/", whole["resource_group_name"]
        )
        capacity = 0 if wanted is None else None if "autoscale" in wanted else model.initial_capacity(wanted)
        return Expected(
            scale_set_id=pulumi.Output.concat(group, "/providers/Microsoft.Compute/virtualMachineScaleSets/", physical_name),
            change=made.change if made is not None else None,
            capacity=capacity,
            policy=Policy(reimage=whole.get("rollout", {}).get("reimage", Reimage.WHEN_NEEDED)),
        )

    def _ready_to_take_over(self, slot: Slot, whole: dict[Slot, ScaleSetArgs], balancers: StagedBalancers) -> ScaleSetArgs:
        """The arguments of a slot that is kept: with autoscale it has as many instances as the one that serves, till it serves itself (T20)."""
        args = whole[slot]
        if "autoscale" not in args:
            return args
        other = whole[slot.other]
        count: pulumi.Output[int] = pulumi.Output.from_input(model.initial_capacity(other))
        if "autoscale" in other:
            name = staged_model.slot_name(self._name, slot.other)
            count = autoscale.live_capacity(
                other["resource_group_name"], model.physical_name(name, other), model.initial_capacity(other), self
            )
        live = live_slot(balancers.production_pools, self)
        at_least = pulumi.Output.all(live, count).apply(lambda known: known[1] if (known[0] or self._active) is slot.other else 0)
        return {**args, "autoscale": {**args["autoscale"], "at_least": at_least}}


def _of_scale_set(after: list[pulumi.Resource], hooks: pulumi.ResourceHookBinding | None) -> pulumi.ResourceTransformation:
    """Lets the scale set itself come after the balancers, and gives it more hooks. The component as a whole must not wait: the guard asks for the marks of its model
    before the balancer is written."""

    def transform(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult:
        if args.type_ == "azure-native:compute:VirtualMachineScaleSet":
            args.opts = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(depends_on=after))
            if hooks is not None and isinstance(args.opts.hooks, pulumi.ResourceHookBinding):
                args.opts.hooks = joined(hooks, args.opts.hooks)
        return pulumi.ResourceTransformationResult(args.props, args.opts)

    return transform


def _by_slot(values: dict[Slot, pulumi.Output[str]]) -> pulumi.Output[dict[str, str]]:
    result: pulumi.Output[dict[str, str]] = pulumi.Output.all(**{slot.value: value for slot, value in values.items()})
    return result
