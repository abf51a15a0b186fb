"""Ids of a balancer and of its parts, put together from its name: its own rules name its parts, and what is put behind it need not wait for it.

A preview doesn't know them while the group's name is unknown. Which part of which balancer is meant is known all the same, and the checks are told.
"""

from typing import Any
from weakref import WeakKeyDictionary

import pulumi

from azure_scaleset.rules.resource_kind import ResourceKind
from azure_scaleset.rules.stack_ids import PLACE
from azure_scaleset.subscription import subscription_id

_stand_ins: "WeakKeyDictionary[pulumi.Output[Any], str]" = WeakKeyDictionary()
_BALANCERS = f"{PLACE}{ResourceKind.LOAD_BALANCER.arm_type}/"


def balancer_id(name: str, group: pulumi.Input[str], parent: pulumi.Resource) -> pulumi.Output[str]:
    """The id that a balancer has or will have."""
    made = pulumi.Output.concat(
        "/subscriptions/", subscription_id(parent), "/resourceGroups/", group, "/providers/Microsoft.Network/loadBalancers/", name
    )  # fmt: skip  # an id reads best on one line
    _stand_ins[made] = f"{_BALANCERS}{name}"
    return made


def part_id(balancer: pulumi.Output[str], kind: str, name: str) -> pulumi.Output[str]:
    """The id of a part, as `probes`, of the *balancer* with an id of `balancer_id`."""
    made = pulumi.Output.concat(balancer, f"/{kind}/{name}")
    if balancer in _stand_ins:
        _stand_ins[made] = f"{_stand_ins[balancer]}/{kind}/{name}"
    return made


def stand_in(value: pulumi.Output[Any]) -> str | None:
    """What stands for the id in the checks while it isn't known; None where *value* is no output of this module's."""
    return _stand_ins.get(value)


def balancer_name(value: pulumi.Output[Any]) -> str | None:
    """The name of the balancer whose id, or whose part's, *value* is; None where it is no output of this module's."""
    known = stand_in(value)
    return known.removeprefix(_BALANCERS).partition("/")[0] if known is not None else None
