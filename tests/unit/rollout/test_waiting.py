"""Whom a rollout waits for, and for how long."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from azure_scaleset.rollout.instance import Health, Instance
from azure_scaleset.rollout.waiting import Waiting, names

START = datetime(2026, 1, 1, tzinfo=UTC)
GOOD = Instance("0", "web_0", None, 0, True, "Succeeded", "running", Health.HEALTHY, False, None, None)
ILL = replace(GOOD, health=Health.UNHEALTHY)


def after(seconds: float) -> datetime:
    """A time."""
    return START + timedelta(seconds=seconds)


def waiting() -> Waiting:
    """Ten minutes of patience."""
    return Waiting(600, lambda each: not each.latest_model)


def test_ill_instance_with_the_model() -> None:
    """Waited for since it was seen so first; then it is a problem, unless it is spared."""
    patience = waiting()
    for seconds in (0, 300, 601):
        patience.look([ILL], after(seconds))
    assert (patience.ids(), patience.problem([ILL], (), after(600))) == ({"0"}, "")
    assert patience.problem([ILL], ("0",), after(601)) == ""
    assert patience.problem([ILL], (), after(601)) == "instance 0 did not become healthy within 10 minutes (0: health unhealthy)."


def test_time_begins_anew_when_it_was_back() -> None:
    """For one that falls ill again."""
    patience = waiting()
    for seconds, seen in ((0, ILL), (500, GOOD), (510, ILL), (700, ILL)):
        patience.look([seen], after(seconds))
    assert patience.problem([ILL], (), after(700)) == ""


def test_time_begins_when_the_work_on_it_ends() -> None:
    """However long that takes."""
    patience, busy = waiting(), replace(ILL, provisioning="Updating")
    for seconds, seen in ((0, busy), (9000, busy), (9500, ILL)):
        patience.look([seen], after(seconds))
    assert (patience.problem([ILL], (), after(9500)), patience.problem([busy], (), after(99999))) == ("", "")


def test_failed_instance_is_a_problem_at_once() -> None:
    """When it was changed, or has the model; one with an old model that nobody has changed is changed instead."""
    patience, failed, old = waiting(), replace(ILL, provisioning="Failed"), replace(ILL, id="1", provisioning="Failed", latest_model=False)
    patience.look([failed, old], START)
    assert (patience.ids(), patience.problem([failed, old], (), START)) == ({"0"}, "instance 0 failed.")
    patience.begin(["1"], START)
    assert patience.problem([failed, old], (), START) == "instances 0, 1 failed."


def test_changed_instance_must_show_the_change() -> None:
    """It serves, and is still outdated: it is waited for as one that is ill."""
    patience, old = waiting(), replace(GOOD, latest_model=False)
    patience.begin(["0"], START)
    patience.look([old], after(601))
    assert patience.problem([old], (), after(601)) == "instance 0 did not become healthy within 10 minutes (0: not at the model)."
    patience.look([GOOD], after(602))
    assert patience.ids() == set()


def test_instance_that_is_gone() -> None:
    """Nobody waits for it."""
    patience = waiting()
    patience.begin(["0"], START)
    patience.look([], after(1))
    assert patience.ids() == set()


def test_names() -> None:
    """The first eight of many."""
    assert [names(["1"]), names(["1", "2"]), names([str(number) for number in range(10)])] == [
        "instance 1",
        "instances 1, 2",
        "instances 0, 1, 2, 3, 4, 5, 6, 7 and 2 more",
    ]
