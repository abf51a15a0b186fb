"""The words of `scaleset rollout`."""

import pytest

from azure_scaleset.commands.failure import CommandError
from azure_scaleset.commands.next_steps import next_steps
from azure_scaleset.commands.rollout import Wish, again, conclusion, policy_of
from azure_scaleset.commands.target import Target
from azure_scaleset.rollout.policy import Policy, Reimage

TARGET = Target(id="/set")


def test_policy_says_what_the_words_say() -> None:
    """Percentages of the capacity, minutes as seconds."""
    wish = Wish(batch="50%", canary=True, canary_pause=30, reimage=False, timeout=10, health_timeout=2)
    assert policy_of(wish, 7) == Policy(
        max_unavailable=3, canary=True, canary_pause=30, reimage=Reimage.NEVER, timeout=600, health_timeout=120
    )


def test_defaults_are_those_of_up() -> None:
    """A fifth of the instances, 90 and 15 minutes."""
    assert policy_of(Wish(), 10) == Policy(max_unavailable=2, timeout=5400, health_timeout=900)
    assert policy_of(Wish(one_at_a_time=True), 10).max_unavailable == 1


@pytest.mark.parametrize("batch", ["0", "-1", "101%", "two", "", "1.5"])
def test_what_is_no_number_of_instances_is_refused(batch: str) -> None:
    """With what is expected."""
    with pytest.raises(CommandError, match=r"Expected a number of instances, as 2, or a percentage of them, as 20%\."):
        policy_of(Wish(batch=batch), 10)


def test_pause_without_a_canary_is_refused() -> None:
    """It would have no effect."""
    with pytest.raises(CommandError, match=r"^--canary-pause 60 was given without --canary\. Expected both, or neither\.$"):
        policy_of(Wish(canary_pause=60), 10)


def test_going_on_repeats_the_words() -> None:
    """Only those that are not the default."""
    assert again(TARGET, Wish()) == "scaleset rollout --id /set"
    assert again(TARGET, Wish("1", False, True, 60, False, 5, 3)) == (
        "scaleset rollout --id /set --batch 1 --canary --no-reimage --canary-pause 60 --timeout 5 --health-timeout 3"
    )


def test_steps_are_held_against_the_lower_bound() -> None:
    """Where something is out of date; a step for what failed on the model is below no bound."""
    assert conclusion(3, 2, Policy(max_unavailable=1)) == (
        "3 steps, at most 1 instance out of service at a time; no plan has fewer than 2 batches. Nothing was changed."
    )
    assert conclusion(1, 0, Policy(max_unavailable=2)) == "1 step, at most 2 instances out of service at a time. Nothing was changed."


def test_next_steps_of_a_stack_name_pulumi() -> None:
    """Mend and `up`, or go back."""
    assert next_steps(Target(stack="dev"), "scaleset rollout --stack dev") == [
        "All that they wrote: scaleset logs --stack dev",
        "Next: mend the cause, then pulumi up --stack dev. Where the model is right and the instance was at fault: scaleset rollout --stack dev",
        "Or go back: scaleset rollback --stack dev",
    ]
