"""Which instances are changed next."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azure_scaleset.rollout.instance import Health, Instance
from azure_scaleset.rollout.plan import OS_TAG, Batch, Wanted, fewest_batches, missing, next_batch, old_disk, outdated
from azure_scaleset.rollout.policy import Policy, Reimage

SINCE = datetime(2026, 1, 2, tzinfo=UTC)
BEFORE = datetime(2026, 1, 1, tzinfo=UTC)


def old(number: int, zone: str | None = None, **changes: Any) -> Instance:
    """An instance with the old model that serves."""
    own: dict[str, Any] = {
        "id": str(number),
        "name": f"web_{number}",
        "zone": zone,
        "fault_domain": 0,
        "latest_model": False,
        "provisioning": "Succeeded",
        "power": "running",
        "health": Health.HEALTHY,
        "protected": False,
        "os_disk": f"disk{number}",
        "image_version": "1",
    }
    return Instance(**{**own, **changes})


def new(number: int, zone: str | None = None, **changes: Any) -> Instance:
    """An instance with the new model that serves."""
    return old(number, zone, latest_model=True, **changes)


def ids(batch: Batch | None) -> list[str]:
    """The ids of a batch, none for no batch."""
    return [] if batch is None else batch.ids


def test_order_is_zone_fault_domain_number() -> None:
    """Numbers as numbers, not as text; names of Flexible sets as text."""
    instances = [old(10, "1"), old(9, "1"), old(2, "1", fault_domain=1), old(1, "2"), old(3, "1", id="web_a")]
    assert ids(next_batch(instances, Wanted(), Policy(max_unavailable=9))) == ["web_a", "9", "10", "2"]


def test_batch_is_of_one_zone() -> None:
    """Even when more could be out."""
    assert ids(next_batch([old(0, "2"), old(1, "1"), old(2, "2"), old(3, "1")], Wanted(), Policy(max_unavailable=3))) == ["1", "3"]


@pytest.mark.parametrize(
    "out",
    [{"health": Health.UNHEALTHY}, {"health": Health.UNKNOWN}, {"provisioning": "Creating"}, {"power": "unknown"}],
)
def test_what_is_out_leaves_less_room(out: dict[str, Any]) -> None:
    """An instance with the model that doesn't serve, or a new one, counts."""
    instances = [new(0, **out), old(1), old(2), old(3)]
    assert (ids(next_batch(instances, Wanted(), Policy(max_unavailable=2))), next_batch(instances, Wanted(), Policy())) == (["1"], None)


def test_what_is_out_is_changed_first_and_at_no_cost() -> None:
    """Though the limit is reached; others go with it only as far as the limit allows."""
    instances = [old(0), old(1), old(2, health=Health.UNHEALTHY), old(3, provisioning="Failed", health=None)]
    assert ids(next_batch(instances, Wanted(), Policy(max_unavailable=1))) == ["2"]
    assert ids(next_batch(instances, Wanted(), Policy(max_unavailable=2))) == ["2", "3"]
    assert ids(next_batch(instances, Wanted(), Policy(max_unavailable=3))) == ["2", "3", "0"]


def test_failed_instance_whose_application_answers_costs_one() -> None:
    """Requests reach it: changing it takes it out."""
    instances = [old(0, provisioning="Failed"), old(1), new(2, health=Health.UNHEALTHY)]
    assert next_batch(instances, Wanted(), Policy(max_unavailable=1)) is None
    assert ids(next_batch(instances, Wanted(), Policy(max_unavailable=2))) == ["0"]


def test_what_is_being_changed_is_not_changed_again() -> None:
    """And counts as out."""
    instances = [old(0, provisioning="Updating"), old(1), old(2)]
    assert (next_batch(instances, Wanted(), Policy()), ids(next_batch(instances, Wanted(), Policy(max_unavailable=2)))) == (None, ["1"])


@pytest.mark.parametrize("excluded", [{"protected": True}, {"power": "deallocated"}, {"power": "stopped"}, {"latest_model": True}])
def test_excluded_and_current_instances_are_in_no_batch(excluded: dict[str, Any]) -> None:
    """They don't count as out, either."""
    instances = [old(0, **excluded), old(1)]
    assert (ids(next_batch(instances, Wanted(), Policy())), fewest_batches(instances, Wanted(), Policy())) == (["1"], 1)


def test_what_is_being_deleted_is_in_no_batch_and_out_till_it_is_gone() -> None:
    """It may have been taken out by a rollout just before, and a repair's new one is not in the list yet."""
    instances = [old(0, provisioning="Deleting"), old(1), old(2), old(3)]
    found = [ids(next_batch(instances, Wanted(), Policy(most))) for most in (1, 2)] + [ids(next_batch(instances[1:], Wanted(), Policy()))]
    assert (found, fewest_batches(instances, Wanted(), Policy())) == ([[], ["1"], ["1"]], 3)


def test_instances_are_missing_where_the_list_is_shorter_than_the_capacity() -> None:
    """What is being deleted is none of them; of spot sets none is missing, and more than asked for (overprovision) is no lack."""
    instances = [new(0), new(1, power="deallocated"), new(2, provisioning="Deleting")]
    model: dict[str, Any] = {"sku": {"capacity": 4}}
    evicted = [{**model, "properties": {"virtualMachineProfile": {"priority": priority}}} for priority in ("Spot", "Low")]
    assert [missing(body, instances) for body in (model, *evicted, {"sku": {"capacity": 1}}, {})] == [2, 0, 0, 0, 0]


def test_canary_goes_alone_before_any_other() -> None:
    """Then the batches are as large as allowed."""
    instances = [old(0), old(1), old(2)]
    assert next_batch(instances, Wanted(), Policy(2, canary=True)) == Batch((instances[0],), canary=True)
    assert next_batch([new(0), *instances[1:]], Wanted(), Policy(2, canary=True)) == Batch(tuple(instances[1:]))


def test_canary_spares_a_batch_where_it_can() -> None:
    """It is taken from a zone whose last batch would have one instance."""
    instances = [old(0, "1"), old(1, "1"), old(2, "2"), old(3, "2"), old(4, "2")]
    policy = Policy(2, canary=True)
    assert (ids(next_batch(instances, Wanted(), policy)), fewest_batches(instances, Wanted(), policy)) == (["2"], 3)
    assert fewest_batches(instances[:4], Wanted(), policy) == 3


def test_another_try_is_a_change_like_others() -> None:
    """What failed on the model is changed when asked for, in the same batches."""
    instances = [new(0, provisioning="Failed", health=None), old(1), new(2)]
    assert ids(next_batch(instances, Wanted(), Policy(2), again={"0"})) == ["0", "1"]
    assert ids(next_batch(instances, Wanted(), Policy(2))) == ["1"]
    protected = [replace(instances[0], protected=True), *instances[1:]]
    assert ids(next_batch(protected, Wanted(), Policy(2), again={"0"})) == ["1"]


def test_disks() -> None:
    """Older than wanted: outdated, unless the policy keeps disks, or nobody knows how old it is."""
    wanted = Wanted(SINCE)
    assert [old_disk(new(0, os_disk_made=made), wanted, Policy()) for made in (BEFORE, SINCE, None)] == [True, False, False]
    assert not old_disk(new(0, os_disk_made=BEFORE), wanted, Policy(reimage=Reimage.NEVER))
    assert not old_disk(new(0, os_disk_made=BEFORE), Wanted(), Policy())
    assert outdated(new(0, os_disk_made=BEFORE), wanted, Policy())
    assert not outdated(new(0, os_disk_made=BEFORE, protected=True), wanted, Policy())


def test_wanted_of_a_model() -> None:
    """By its tag; a set of somebody else has none; what is no time with its offset is refused."""
    assert Wanted.of({"tags": {OS_TAG: "2026-01-02T00:00:00+00:00"}}) == Wanted(SINCE)
    assert [Wanted.of({}), Wanted.of({"tags": None}), Wanted.of({"tags": {OS_TAG: ""}})] == [Wanted()] * 3
    for text in ("yesterday", "2026-01-02T00:00:00"):
        with pytest.raises(ValueError, match="Expected a time as 2026-01-31T12:00:00"):
            Wanted.of({"tags": {OS_TAG: text}})


STATES: dict[str, dict[str, Any]] = {
    "old": {},
    "new": {"latest_model": True},
    "old disk": {"latest_model": True, "os_disk_made": BEFORE},
    "ill": {"health": Health.UNHEALTHY},
    "new, ill": {"latest_model": True, "health": Health.UNHEALTHY},
    "failed": {"provisioning": "Failed"},
    "busy": {"provisioning": "Updating"},
    "creating": {"latest_model": True, "provisioning": "Creating", "health": None},
    "protected": {"protected": True},
    "deallocated": {"power": "deallocated"},
    "leaving": {"provisioning": "Deleting"},
}
SETS = st.lists(st.tuples(st.sampled_from(sorted(STATES)), st.sampled_from(["1", "2", "3"]), st.integers(0, 4)), max_size=30).map(
    lambda drawn: [old(number, zone, fault_domain=domain, **STATES[name]) for number, (name, zone, domain) in enumerate(drawn)]
)
HEALTHY_SETS = st.lists(st.tuples(st.booleans(), st.sampled_from(["1", "2", "3"])), max_size=30).map(
    lambda drawn: [(new if done else old)(number, zone) for number, (done, zone) in enumerate(drawn)]
)
POLICIES = st.builds(Policy, max_unavailable=st.integers(1, 8), canary=st.booleans())


@given(SETS, POLICIES)
def test_a_batch_keeps_all_limits(instances: list[Instance], policy: Policy) -> None:
    """Of one zone, of outdated ones that nothing is being done to; no more than allowed are out then, or no more than were out before; a canary is alone."""
    batch = next_batch(instances, Wanted(SINCE), policy)
    if batch is None:
        return
    chosen, present = set(batch.ids), [each for each in instances if not each.excluded]
    leaving = sum(each.leaving for each in instances)
    out_before = sum(not each.in_rotation for each in present) + leaving
    out = sum(not each.in_rotation or each.id in chosen for each in present) + leaving
    changing = sum(each.busy or each.id in chosen for each in present)
    assert len({each.zone for each in batch.instances}) == 1
    assert all(outdated(each, Wanted(SINCE), policy) and not each.busy for each in batch.instances)
    assert out <= max(policy.max_unavailable, out_before)
    assert changing <= policy.max_unavailable
    assert batch.canary == (policy.canary and all(outdated(each, Wanted(SINCE), policy) for each in present))
    assert not batch.canary or len(chosen) == 1


@given(SETS, POLICIES)
def test_nobody_is_left_waiting_for_nothing(instances: list[Instance], policy: Policy) -> None:
    """No batch, though somebody is outdated: then somebody is out, and comes back, is judged, or goes."""
    present = [each for each in instances if not each.excluded]
    if next_batch(instances, Wanted(SINCE), policy) is None and any(outdated(each, Wanted(SINCE), policy) for each in present):
        back = any(not each.in_rotation and (each.busy or not outdated(each, Wanted(SINCE), policy)) for each in present)
        assert back or any(each.leaving for each in instances)


@given(HEALTHY_SETS, POLICIES)
def test_the_lower_bound_is_met_when_nothing_fails(instances: list[Instance], policy: Policy) -> None:
    """Batch after batch, each back before the next: as many as the bound says, and each outdated instance once."""
    bound = fewest_batches(instances, Wanted(), policy)
    batches = []
    while (batch := next_batch(instances, Wanted(), policy)) is not None:
        batches.append(batch)
        instances = [replace(each, latest_model=True) if each.id in batch.ids else each for each in instances]
    assert (len(batches), all(each.latest_model for each in instances)) == (bound, True)
    changed = [name for batch in batches for name in batch.ids]
    assert len(changed) == len(set(changed))


@given(HEALTHY_SETS, POLICIES)
def test_the_lower_bound_is_one(instances: list[Instance], policy: Policy) -> None:
    """No zone needs fewer: each batch takes at most so many of one zone."""
    sizes = [sum(not each.latest_model and each.zone == zone for each in instances) for zone in "123"]
    assert fewest_batches(instances, Wanted(), replace(policy, canary=False)) == sum(
        (size + policy.max_unavailable - 1) // policy.max_unavailable for size in sizes
    )
