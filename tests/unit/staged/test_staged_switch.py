"""When a slot may take production over."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from azure_scaleset.live_slot import slot_of_rules
from azure_scaleset.rollout.instance import Health, Instance
from azure_scaleset.rollout.plan import Wanted
from azure_scaleset.rollout.policy import Policy, Reimage
from azure_scaleset.staged_arguments import Idle, Slot
from azure_scaleset.staged_switch import Seen, explain, reasons, still_live

HEALTHY = Instance("0", "web_0", None, 0, True, "Succeeded", "running", Health.HEALTHY, False, None, None)
JANUARY, JUNE = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)


def seen(slot: Slot, *instances: Instance, **given: Any) -> Seen:
    """A slot with these instances; without, with three that serve."""
    return Seen(slot, **{"exists": True, "unchanged": True, "instances": instances or three(), **given})


def three(**changed: Any) -> tuple[Instance, ...]:
    """Instances 0 to 2; *changed* is of number 1."""
    return (HEALTHY, replace(HEALTHY, **{"id": "1", **changed}), replace(HEALTHY, id="2"))


GREEN, BLUE = seen(Slot.GREEN), seen(Slot.BLUE)


def test_a_slot_like_the_live_one_may_take_over() -> None:
    """Same model as wanted, as many instances, all healthy."""
    assert reasons(GREEN, BLUE, Idle.KEEP) == []


def test_where_nothing_serves_anything_may() -> None:
    """A live slot without scale set has nothing to lose."""
    assert reasons(replace(GREEN, exists=False), replace(BLUE, exists=False), Idle.REMOVE) == []


@pytest.mark.parametrize(
    ("changed", "trouble"),
    [
        ({"health": Health.UNHEALTHY}, "health unhealthy"),
        ({"health": Health.UNKNOWN}, "health unknown"),
        ({"latest_model": False}, "not on the scale set's model"),
        ({"os_disk_made": JANUARY}, "OS disk older than its custom data"),
        ({"provisioning": "Updating"}, "provisioning state Updating"),
        ({"power": "deallocated"}, "deallocated"),
    ],
)
def test_every_instance_must_have_the_model_and_serve(changed: dict[str, Any], trouble: str) -> None:
    """What is the matter is told of each, and that there are fewer."""
    instances = tuple(replace(each, os_disk_made=each.os_disk_made or JUNE) for each in three(**changed))
    new = seen(Slot.GREEN, *instances, wanted=Wanted(os_since=JUNE))

    assert reasons(new, BLUE, Idle.KEEP) == [
        f"instance 1 of green: {trouble}",
        "green has 2 healthy instances, blue, which serves, has 3.",
    ]


def test_an_old_disk_counts_only_where_it_is_to_be_renewed() -> None:
    """`rollout.reimage: never` takes it as it is."""
    old = tuple(replace(each, os_disk_made=JANUARY) for each in three())
    new = seen(Slot.GREEN, *old, wanted=Wanted(os_since=JUNE), policy=Policy(reimage=Reimage.NEVER))

    assert reasons(new, BLUE, Idle.KEEP) == []


@pytest.mark.parametrize(
    ("new", "old", "idle", "reason"),
    [
        (replace(GREEN, unchanged=False), BLUE, Idle.KEEP, "green does not have the wanted model"),
        (replace(GREEN, exists=False, instances=()), BLUE, Idle.KEEP, "green has no scale set yet"),
        (GREEN, replace(BLUE, unchanged=False), Idle.KEEP, "blue changes in this same update"),
        (GREEN, replace(BLUE, capacity=1), Idle.KEEP, "blue shrinks from 3 to 1 instances"),
        (replace(GREEN, capacity=2), BLUE, Idle.KEEP, "green has 2 healthy instances, blue, which serves, has 3"),
        (GREEN, BLUE, Idle.SHRINK, "idle is shrink: blue would lose its instances"),
        (GREEN, replace(BLUE, unchanged=False, capacity=0), Idle.REMOVE, "idle is remove: blue would lose its instances"),
    ],
)
def test_what_else_is_refused(new: Seen, old: Seen, idle: Idle, reason: str) -> None:
    """One reason each."""
    (found,) = reasons(new, old, idle)
    assert found.startswith(reason)


def test_no_instance_is_refused_also_against_a_slot_that_does_not_serve() -> None:
    """Production would have nobody."""
    down = tuple(replace(each, health=Health.UNHEALTHY) for each in three())

    assert reasons(replace(GREEN, instances=()), seen(Slot.BLUE, *down), Idle.KEEP) == [
        "green has no healthy instance, blue, which serves, has 0."
    ]


def test_of_many_instances_ten_are_named() -> None:
    """The others are counted."""
    many = tuple(replace(HEALTHY, id=str(number), health=Health.UNHEALTHY) for number in range(12))
    found = reasons(seen(Slot.GREEN, *many), BLUE, Idle.KEEP)

    assert (len(found), found[9:]) == (
        12,
        ["instance 9 of green: health unhealthy", "2 more instances of green", "green has no healthy instance, blue, which serves, has 3."],
    )


def test_the_refusal_says_what_to_do() -> None:
    """Why, what stays, both steps, the way round."""
    assert explain("StagedScaleSet 'web'", Slot.GREEN, Slot.BLUE, ["green is asleep."]).splitlines() == [
        "StagedScaleSet 'web' does not make green active; blue goes on serving production:",
        "  - green is asleep.",
        "The balancer was not written. Changes of both slots wait while this is refused: they come after the balancer.",
        "Next, in two steps:",
        "  1. active: blue, idle: keep; then `pulumi up`: it brings green to its model and waits till all its instances serve.",
        "  2. active: green; then `pulumi up`: the switch alone.",
        "In an emergency `checkSwitch: false` makes green active whatever it is.",
    ]
    assert "production leads to it still, although active is green" in still_live("StagedScaleSet 'web'", Slot.BLUE, Idle.ZERO)


def test_the_live_slot_is_where_a_rule_leads() -> None:
    """Ids don't mind case; rules that lead elsewhere, or nowhere, don't count."""
    pools = {"blue": "/lb/pools/blue", "green": "/lb/pools/green"}

    def rule(pool: str) -> dict[str, Any]:
        return {"backendAddressPool": {"id": pool}}

    assert slot_of_rules([rule("/lb/pools/other"), rule("/LB/pools/Green")], pools) is Slot.GREEN
    assert slot_of_rules([{"name": "nat"}], pools) is None
    assert slot_of_rules(None, pools) is None
