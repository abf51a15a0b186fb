"""The arguments of `StagedScaleSet`."""

import enum
from typing import Any, NotRequired, TypedDict

import pulumi

from azure_scaleset.arguments import ScaleSetArgs
from azure_scaleset.network_arguments import BalancerRule, LoadBalancer, Probe
from azure_scaleset.shape import one_of


class Slot(enum.StrEnum):
    """One of the two scale sets."""

    BLUE = "blue"
    """The slot blue."""
    GREEN = "green"
    """The slot green."""

    @property
    def other(self) -> "Slot":
        """The other one."""
        return Slot.GREEN if self is Slot.BLUE else Slot.BLUE


class Idle(enum.StrEnum):
    """What the slot is that doesn't serve production. It decides how fast one can go back."""

    KEEP = "keep"
    """As strong as the active one, ready to take over: going back is one write to the balancer, at any time. A slot that shall go live must be kept."""
    SHRINK = "shrink"
    """One instance of its model. Going back: `keep`, `up` (it grows), then `active`."""
    ZERO = "zero"
    """No instance; the scale set with its model stays. Going back as with `shrink`, and all instances are made anew."""
    REMOVE = "remove"
    """No scale set; its pools and its test front end stay. Going back as with `zero`."""


class Slots(TypedDict):
    """How the two slots differ."""

    blue: NotRequired[dict[str, Any]]
    """Optional. What blue has of its own: any argument of `ScaleSet` but `resourceGroupName` and `location`, merged over `scaleSet` (objects merge, everything
    else, lists too, is replaced), and `version`, a text that replaces `${version}` in all texts of both. Default: nothing."""

    green: NotRequired[dict[str, Any]]
    """Optional. What green has of its own, as `blue`. Default: nothing."""


class SlotIds(TypedDict):
    """An id for each slot."""

    blue: pulumi.Input[str]
    """Required. Blue's."""

    green: pulumi.Input[str]
    """Required. Green's."""


class SlotAddresses(TypedDict):
    """A private address for each slot."""

    blue: str
    """Required. Blue's, free in the subnet."""

    green: str
    """Required. Green's, free in the subnet."""


class SlotFrontEnds(TypedDict):
    """How each slot is reached from within the network whether it is live or not: a front end of its own, which never changes.

    They are on an internal balancer of their own beside a public production balancer, and on the production balancer itself where that is internal: Azure lets a
    scale set be in one public and one internal balancer (L7). There two rules can't lead to the same port of the instances (L7b), so the application
    listens on another one, too.
    """

    rules: NotRequired[list[BalancerRule]]
    """Conditional: required where production is internal or has pools of your own. An empty list: no test front ends. Default: the ports of the production balancer."""

    probe: NotRequired[Probe]
    """Conditional: required with `productionPoolIds`. Default: the production balancer's."""

    addresses: NotRequired[SlotAddresses]
    """Optional. Addresses of the front ends in the subnet. Default: Azure takes free ones; they stay."""


@one_of("load_balancer", "production_pool_ids")
class StagedScaleSetArgs(TypedDict):
    """Arguments of `StagedScaleSet`: exactly one of `loadBalancer` and `productionPoolIds`."""

    active: Slot
    """Required. The slot that serves production. Changing it is the switch: one write to the balancer, refused while the other slot isn't ready."""

    idle: NotRequired[Idle]
    """Optional. What the other slot is. Default: keep."""

    scale_set: ScaleSetArgs
    """Required. What both slots have: everything that `ScaleSet` takes."""

    slots: NotRequired[Slots]
    """Optional. How the slots differ: image, version, extensions, … Default: not at all."""

    load_balancer: NotRequired[LoadBalancer]
    """Conditional: `loadBalancer` or `productionPoolIds`. The production balancer, with a pool for each slot."""

    production_pool_ids: NotRequired[SlotIds]
    """Conditional: `loadBalancer` or `productionPoolIds`. Backend pools of a balancer of your own, whose rules take the output `activePoolId`."""

    test: NotRequired[SlotFrontEnds]
    """Optional. The slots' test front ends. Default: those of a public production balancer's ports; none where production is internal or your own."""

    check_switch: NotRequired[bool]
    """Optional. Whether a switch is refused while the other slot isn't wholly on its model and healthy, has fewer healthy instances than the one that serves, or changes
    in the same update. False is for emergencies. Default: true."""

    ignore_rules: NotRequired[list[str]]
    """Optional. Ids of rules (docs/rules.md) that are wrong about the load balancers: what they find is told, and sent all the same. Default: none."""
