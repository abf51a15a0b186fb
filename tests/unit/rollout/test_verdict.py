"""How what came of a rollout is told."""

from dataclasses import replace

from azure_scaleset.rollout.arm import ArmError
from azure_scaleset.rollout.instance import ExtensionStatus, Health, Instance
from azure_scaleset.rollout.plan import Wanted
from azure_scaleset.rollout.policy import Policy
from azure_scaleset.rollout.verdict import Verdict, explain, refused, state, summary

GOOD = Instance("0", "web_0", "1", 0, True, "Succeeded", "running", Health.HEALTHY, False, None, None)
FAILED = replace(
    GOOD,
    id="10",
    zone="1",
    provisioning="Failed",
    health=Health.UNHEALTHY,
    extensions=(
        ExtensionStatus("script", True, "ProvisioningState/failed/7", "line 1\n\nline 2"),
        ExtensionStatus("health", False, "", "fine"),
    ),
)
OLD = replace(GOOD, id="2", latest_model=False)
OLD_AND_ILL = replace(OLD, id="9", zone=None, health=Health.UNKNOWN, power="starting")
ASIDE = replace(OLD, id="4", protected=True, health=Health.UNHEALTHY)
STOPPED = Verdict(False, "instance 10 failed.", (FAILED, OLD, OLD_AND_ILL, ASIDE, GOOD), Wanted(), Policy())


def test_whole_story() -> None:
    """Why, how many, each instance that is out in its order with the end of what it wrote, what a scale-out does, the repairs, what to do."""
    assert explain(replace(STOPPED, repairs_suspended=True), "web", ["Next: mend it.", "Or go back."]) == (
        "The rollout of scale set web stopped: instance 10 failed.\n"
        "  2 of 4 instances run the model, 2 of 4 serve; left alone: 4 (protected from scale set actions).\n"
        "  instance 9: power state starting, health unknown\n"
        "  instance 10 (zone 1): provisioning state Failed, extension script failed (ProvisioningState/failed/7), health unhealthy\n"
        "      line 1\n"
        "      line 2\n"
        "  A new instance gets the new model: a scale-out now makes more of what failed.\n"
        "  Automatic repairs are suspended till a rollout succeeds: they would replace instances by the model that failed.\n"
        "  Next: mend it.\n"
        "  Or go back."
    )


def test_story_without_a_failure_of_the_model() -> None:
    """Nobody who has the model is out: what a scale-out does is said, and nothing against it."""
    assert explain(replace(STOPPED, reason="it took longer than 90 minutes.", instances=(OLD, GOOD)), "web", []) == (
        "The rollout of scale set web stopped: it took longer than 90 minutes.\n  1 of 2 instances run the model, 2 of 2 serve.\n"
        "  A new instance gets the new model, too."
    )


def test_story_of_a_refusal() -> None:
    """Azure's words, what becomes of the instances, what to do."""
    assert refused(ArmError(403, "AuthorizationFailed", "no right"), "web", ["Next: mend it."]) == (
        "The rollout of scale set web stopped: AuthorizationFailed: no right\n"
        "  What Azure is changing goes on: in mode Manual the other instances stay as they are, a rolling upgrade of Azure's own goes on to them (`scaleset cancel` ends it).\n"
        "  Automatic repairs are as they were.\n"
        "  Next: mend it."
    )


def test_repairs_that_could_not_be_suspended() -> None:
    """It is said why."""
    assert explain(replace(STOPPED, instances=(GOOD,), repairs_refusal="Denied: no"), "web", []).splitlines()[-1] == (
        "  Automatic repairs could not be suspended (Denied: no): they may replace instances by the model that failed."
    )


def test_summary_of_an_empty_set() -> None:
    """No instance of none."""
    assert summary(replace(STOPPED, instances=())) == "0 of 0 instances run the model, 0 of 0 serve"


def test_states() -> None:
    """In a few words."""
    assert [state(each) for each in (GOOD, ASIDE, OLD_AND_ILL)] == [
        "serves",
        "protected from scale set actions",
        "power state starting, health unknown",
    ]
