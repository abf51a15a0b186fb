"""Exit codes and closing lines of the commands that look at instances."""

from collections.abc import Sequence
from dataclasses import replace

from azure_scaleset.commands.result import exit_code, judged
from azure_scaleset.commands.status import conclusion
from azure_scaleset.commands.target import Target
from azure_scaleset.commands.wait import failure, steps_after, waiting_for
from azure_scaleset.rollout.instance import Health, Instance
from azure_scaleset.rollout.plan import Wanted
from azure_scaleset.rollout.policy import Policy
from azure_scaleset.rollout.verdict import NOT_MADE, Verdict
from tests.unit.commands.instances import CURRENT, FAILED_RUN, instance

TARGET = Target(stack="dev")


def seen(*instances: Instance) -> Verdict:
    """The verdict on these instances."""
    return judged(Verdict(False, "", instances, Wanted(), Policy()))


def codes(instances: Sequence[Instance]) -> list[int]:
    """The exit code for a good instance beside each of these."""
    return [exit_code(seen(CURRENT, each)) for each in instances]


def test_exit_code_is_1_when_one_is_not_as_it_should_be() -> None:
    """Out of date, failed, unhealthy, not known to be healthy, being changed, an extension that failed."""
    assert (
        codes(
            [
                instance(1, latest_model=False),
                instance(1, provisioning="Failed"),
                instance(1, health=Health.UNHEALTHY),
                instance(1, health=Health.UNKNOWN),
                instance(1, provisioning="Updating"),
                instance(1, extensions=(FAILED_RUN,)),
            ]
        )
        == [1] * 6
    )


def test_exit_code_is_0_when_all_that_count_are_good() -> None:
    """Healthy or without a health signal; what a rollout leaves alone doesn't count; a set without instances is good."""
    good = [
        instance(1, health=Health.HEALTHY),
        instance(1, power="deallocated", latest_model=False),
        instance(1, protected=True, latest_model=False),
    ]
    assert (codes(good), exit_code(seen())) == ([0, 0, 0], 0)


def test_status_ends_with_the_next_command() -> None:
    """Logs of what failed, else a rollout of what is out of date, else waiting; nothing when all is well."""
    lines = [
        conclusion(seen(instance(1, provisioning="Failed", latest_model=False)), TARGET),
        conclusion(seen(instance(1, latest_model=False)), TARGET),
        conclusion(seen(instance(1, health=Health.INITIALIZING)), TARGET),
        conclusion(seen(CURRENT), TARGET),
    ]
    assert lines == [
        "0 of 1 instances run the model, 0 of 1 serve. Next: scaleset logs --stack dev",
        "0 of 1 instances run the model, 1 of 1 serve. Next: scaleset rollout --stack dev",
        "1 of 1 instances run the model, 0 of 1 serve. Next: scaleset wait --stack dev",
        "1 of 1 instances run the model, 1 of 1 serve.",
    ]


def test_waiting_ends_at_what_failed_on_the_model() -> None:
    """Not at what is still being changed, nor at what failed on an older model: somebody may be bringing it."""
    assert failure(seen(instance(1, provisioning="Failed"), instance(2, extensions=(FAILED_RUN,)))) == "instances 1, 2 failed."
    assert failure(seen(instance(1, provisioning="Updating", extensions=(FAILED_RUN,)))) == ""
    assert failure(seen(instance(1, provisioning="Failed", latest_model=False))) == ""


def test_who_is_waited_for() -> None:
    """Those that are out of date or don't serve, five at most, in the order of zones; not those left alone."""
    late = [instance(number, latest_model=False) for number in range(2, 8)]
    out = instance(1, health=Health.UNHEALTHY)
    assert waiting_for(seen(CURRENT, out, instance(9, power="deallocated"))) == "waiting for 1 (health unhealthy)"
    assert waiting_for(seen(*late)) == ("waiting for 2 (out of date), 4 (out of date), 6 (out of date), 3 (out of date), 5 (out of date) …")


def test_waiting_for_instances_that_azure_does_not_make_ends_with_why() -> None:
    """Neither the model nor an instance is at fault, and `status` would send back to `wait`."""
    assert steps_after(replace(seen(CURRENT), missing=2), TARGET) == [
        f"Instances are missing: {NOT_MADE}",
        "Then: scaleset wait --stack dev",
    ]
