"""What is still to be done of a release."""

import pytest

from azure_scaleset.commands.failure import CommandError
from azure_scaleset.commands.staged.plan import Plan, Step, Wish, make
from azure_scaleset.commands.staged.settings import Change, Settings
from azure_scaleset.staged_arguments import Idle, Slot

BLUE, GREEN = Slot.BLUE, Slot.GREEN
NEW = Wish({"version": "2"}, None, Idle.SHRINK)
WHOLE = [Step.DEPLOY, Step.TEST, Step.SWITCH, Step.WATCH, Step.DRAIN, Step.REST]


def file(active: Slot, idle: Idle, blue: str = "1", green: str = "1") -> Settings:
    """A stack file with the slots' versions."""
    return Settings("shop:", active, idle, {"blue": {"version": blue}, "green": {"version": green}})


def test_a_new_version_goes_through_all_steps() -> None:
    """The idle slot gets it, and becomes as strong as the live one."""
    assert make(file(BLUE, Idle.SHRINK), BLUE, NEW) == Plan(
        GREEN, WHOLE, [Change("shop:slots.green.version", "2", "1"), Change("shop:idle", "keep", "shrink")]
    )


@pytest.mark.parametrize(
    ("settings", "live", "steps"),
    [
        (file(BLUE, Idle.KEEP, green="2"), BLUE, WHOLE),
        (file(GREEN, Idle.KEEP, green="2"), BLUE, [Step.SWITCH, Step.WATCH, Step.DRAIN, Step.REST]),
        (file(GREEN, Idle.KEEP, green="2"), GREEN, [Step.WATCH, Step.DRAIN, Step.REST]),
        (file(GREEN, Idle.SHRINK, green="2"), GREEN, [Step.REST]),
        (file(BLUE, Idle.KEEP, green="2"), GREEN, [Step.SETTLE, *WHOLE]),
    ],
    ids=["deployed or not", "switch decided", "switched", "drained", "going back"],
)
def test_a_killed_release_goes_on_where_it_was(settings: Settings, live: Slot, steps: list[Step]) -> None:
    """What the file and Azure say tells how far it was."""
    plan = make(settings, live, NEW)
    assert (plan.to, list(plan.steps)) == (GREEN, steps)


def test_what_is_kept_is_neither_drained_nor_changed() -> None:
    """`--idle keep` ends with the watch, and a second run watches again."""
    kept = Wish({"version": "2"}, None, Idle.KEEP)
    assert list(make(file(BLUE, Idle.KEEP), BLUE, kept).steps) == [Step.DEPLOY, Step.TEST, Step.SWITCH, Step.WATCH]
    assert list(make(file(GREEN, Idle.KEEP, green="2"), GREEN, kept).steps) == [Step.WATCH]


def test_a_slot_can_be_named_instead_of_its_content() -> None:
    """What the stack file has for it already is released; once it is live, the same words finish."""
    wish = Wish({}, GREEN, Idle.SHRINK)
    assert make(file(BLUE, Idle.SHRINK), BLUE, wish) == Plan(GREEN, WHOLE, [Change("shop:idle", "keep", "shrink")])
    assert list(make(file(GREEN, Idle.SHRINK), GREEN, wish).steps) == [Step.REST]


def test_before_the_first_rule_nothing_is_settled() -> None:
    """A production whose rule is yet to come is no unfinished switch."""
    assert make(file(BLUE, Idle.KEEP), None, NEW).steps == WHOLE


def test_without_content_and_slot_it_is_refused() -> None:
    """A second run could not tell whether the first was carried out."""
    with pytest.raises(CommandError, match=r"Expected --set KEY=VALUE .* or --to green where the stack file has it already"):
        make(file(BLUE, Idle.KEEP), BLUE, Wish({}, None, Idle.SHRINK))


def test_the_active_slot_gets_no_new_content() -> None:
    """A release is never in place."""
    with pytest.raises(CommandError) as refused:
        make(file(BLUE, Idle.KEEP), BLUE, Wish({"version": "2"}, BLUE, Idle.SHRINK))
    assert str(refused.value) == (
        "blue is active, and a release changes the other slot: shop:slots.blue.version: 1 -> 2 can't be released to it. Leave --to out."
    )
