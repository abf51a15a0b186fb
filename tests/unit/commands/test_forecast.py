"""The batches that a dry run shows."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from azure_scaleset.commands.forecast import Step, lower_bound, steps
from azure_scaleset.rollout.plan import Wanted
from azure_scaleset.rollout.policy import Policy, Reimage
from tests.unit.commands.instances import CURRENT, FAILED_RUN, instance


def test_batches_are_of_one_zone_and_no_larger_than_allowed() -> None:
    """Five in two zones, two at a time."""
    old = [instance(number, latest_model=False) for number in range(5)]
    assert steps(old, Wanted(), Policy(max_unavailable=2)) == [
        Step(("0", "2"), "1", "upgrade"),
        Step(("4",), "1", "upgrade"),
        Step(("1", "3"), "2", "upgrade"),
    ]


def test_canary_goes_first_alone() -> None:
    """And the batches follow."""
    old = [instance(number, latest_model=False, zone="1") for number in range(3)]
    assert steps(old, Wanted(), Policy(max_unavailable=2, canary=True)) == [
        Step(("0",), "1", "upgrade; goes first, alone"),
        Step(("1", "2"), "1", "upgrade"),
    ]


def test_new_disk_where_custom_data_has_changed() -> None:
    """Only the disk, where the model is applied already; both, where it is not."""
    since, before = datetime(2026, 1, 2, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
    old = [instance(0, os_disk_made=before), instance(2, os_disk_made=before, latest_model=False)]
    assert steps(old, Wanted(os_since=since), Policy()) == [Step(("0",), "1", "new OS disk"), Step(("2",), "1", "upgrade and new OS disk")]


def test_nobody_goes_out_while_another_is_being_changed() -> None:
    """The dry run says who is waited for first."""
    found = steps([instance(0, provisioning="Updating"), instance(2, latest_model=False)], Wanted(), Policy())
    assert found == [Step(("0",), None, "wait for them to come back"), Step(("2",), "1", "upgrade")]


def test_nobody_goes_out_before_what_is_being_deleted_is_gone() -> None:
    """It counts as out; where more may be out, nobody waits for it."""
    instances = [instance(0, provisioning="Deleting"), instance(2, latest_model=False)]
    assert steps(instances, Wanted(), Policy()) == [
        Step(("0",), None, "wait till they are gone: they are being deleted"),
        Step(("2",), "1", "upgrade"),
    ]
    assert steps(instances, Wanted(), Policy(max_unavailable=2)) == [Step(("2",), "1", "upgrade")]


def test_what_failed_on_the_model_gets_another_try() -> None:
    """By a new disk where that is allowed, else by an upgrade."""
    failed = [instance(0, extensions=(FAILED_RUN,))]
    assert steps(failed, Wanted(), Policy()) == [Step(("0",), "1", "new OS disk: failed, gets another try")]
    assert steps(failed, Wanted(), Policy(reimage=Reimage.NEVER)) == [Step(("0",), "1", "upgrade: failed, gets another try")]


def test_others_follow_what_gets_another_try() -> None:
    """It is back by then: nobody is waited for."""
    found = steps([instance(0, extensions=(FAILED_RUN,)), instance(2, latest_model=False)], Wanted(), Policy())
    assert found == [Step(("0",), "1", "new OS disk: failed, gets another try"), Step(("2",), "1", "upgrade")]


def test_nothing_to_do() -> None:
    """What runs the model, and what is left alone, is in no batch."""
    assert steps([CURRENT, instance(1, power="deallocated", latest_model=False)], Wanted(), Policy()) == []


@given(
    st.lists(
        st.tuples(
            st.booleans(), st.sampled_from(["running", "deallocated"]), st.sampled_from(["Succeeded", "Updating", "Failed", "Deleting"])
        )
    ),
    st.integers(1, 4),
    st.booleans(),
)
def test_forecast_changes_each_outdated_instance_once(drawn: list[tuple[bool, str, str]], room: int, canary: bool) -> None:
    """Whatever the instances are: once each, no batch above the limit, and, without a canary, never fewer than the lower bound."""
    all_of_them = [
        instance(number, latest_model=latest, power=power, provisioning=provisioning)
        for number, (latest, power, provisioning) in enumerate(drawn)
    ]
    policy = Policy(max_unavailable=room, canary=canary)
    batches = [step for step in steps(all_of_them, Wanted(), policy) if step.what.startswith("upgrade")]
    changed = sorted(name for step in batches for name in step.ids)
    assert changed == sorted(each.id for each in all_of_them if not each.latest_model and not each.excluded)
    assert all(len(step.ids) <= room for step in batches)
    assert canary or len(batches) >= lower_bound(all_of_them, Wanted(), policy)
