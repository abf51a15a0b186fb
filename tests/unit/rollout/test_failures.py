"""Rollouts that fail, and what comes after them: the rest serves, the verdict says why, and the next run goes on."""

import threading
from typing import Any

import pytest

from azure_scaleset.rollout.arm import ArmError
from azure_scaleset.rollout.drive import Rollout
from azure_scaleset.rollout.pace import Cancelled
from azure_scaleset.rollout.plan import Wanted
from azure_scaleset.rollout.policy import Policy, Reimage
from azure_scaleset.rollout.verdict import explain
from tests.unit.rollout.world import SET, Site, extension, health, model, profile

REPAIRS: dict[str, Any] = {"automaticRepairsPolicy": {"enabled": True, "gracePeriod": "PT30M"}}


def broken_at_3(site: Site) -> None:
    """A rollout of the script `broken`, which fails on instance 3: 0, 5, 1, 2 have it by then (by fault domain, then number)."""
    site.deploy(model())
    site.fault("extensionFails", instances=["3"], payload="broken", exitCode=7, output="Reading lists\n\nE: Unable to locate package ngnix")
    site.write(model(script="broken"))


def test_failing_script_stops_it_and_the_story_says_why(site: Site) -> None:
    """Those before have the new script, the one after the old; five serve; the story names instance, extension, exit code and its last lines."""
    broken_at_3(site)
    verdict = site.rollout()
    assert site.scripts() == {"0": "broken", "1": "broken", "2": "broken", "3": "broken", "4": None, "5": "broken"}
    assert site.fewest() == 5
    assert explain(verdict, "web", ["Next: mend it."]) == "\n".join(
        [
            "The rollout of scale set web stopped: instance 3 failed.",
            "  5 of 6 instances run the model, 5 of 6 serve.",
            "  instance 3: provisioning state Failed, extension script failed (ProvisioningState/failed/7), health unhealthy",
            "      Reading lists",
            "      E: Unable to locate package ngnix",
            "  A new instance gets the new model: a scale-out now makes more of what failed.",
            "  Next: mend it.",
        ]
    )


@pytest.mark.parametrize("script", ["mended", None])
def test_mended_or_reverted_model_reaches_all(site: Site, script: str | None) -> None:
    """The failed instance goes first; five serve all the time."""
    broken_at_3(site)
    site.rollout()
    site.write(model(script=script))
    verdict = site.rollout()
    assert (verdict.done, site.scripts(), site.fewest()) == (True, dict.fromkeys("012345", script), 5)
    assert site.order()[5] == "3"


def test_same_model_again_gives_what_failed_another_try(site: Site) -> None:
    """On a new disk; then the rest follows."""
    broken_at_3(site)
    site.rollout()
    site.unfault()
    verdict = site.rollout()
    assert (verdict.done, site.reimaged(), site.scripts(), site.fewest()) == (True, ["3"], dict.fromkeys("012345", "broken"), 5)


def test_another_try_keeps_the_disk_where_the_policy_says_so(site: Site) -> None:
    """`reimage: never`: an upgrade."""
    broken_at_3(site)
    site.rollout()
    site.unfault()
    assert (site.rollout(Policy(reimage=Reimage.NEVER)).done, site.reimaged()) == (True, [])


def test_what_fails_again_stops_it_again(site: Site) -> None:
    """One try in each run."""
    broken_at_3(site)
    site.rollout()
    verdict = site.rollout()
    assert (verdict.reason, site.reimaged(), site.order()) == ("instance 3 failed.", ["3"], ["0", "5", "1", "2", "3"])


def test_protected_meanwhile_gets_no_other_try(site: Site) -> None:
    """An instance that failed, and that somebody has protected to look at it, is left alone."""
    broken_at_3(site)
    site.rollout()
    protection = {"location": "westeurope", "properties": {"protectionPolicy": {"protectFromScaleSetActions": True}}}
    site.world.call("PUT", f"{SET}/virtualMachines/3", protection)
    assert (site.rollout().done, site.reimaged(), site.order()[5:]) == (True, [], ["4"])


def test_others_of_the_batch_go_on(site: Site) -> None:
    """One of three fails: the other two have the model and serve."""
    broken_at_3(site)
    verdict = site.rollout(Policy(max_unavailable=6))
    assert (verdict.reason, len(verdict.current), verdict.serving) == ("instance 3 failed.", 6, 5)


def test_instance_that_falls_ill_with_the_model(site: Site) -> None:
    """Provisioned, and not healthy in time: it stops there."""
    site.deploy(model(3))
    site.fault("appUnhealthy", payload="2")
    site.write(model(3, script="2"))
    verdict = site.rollout(Policy(health_timeout=600))
    assert verdict.reason == "instance 0 did not become healthy within 10 minutes (0: health unhealthy)."
    assert (site.order(), site.fewest()) == (["0"], 2)


def test_instance_that_never_reports(site: Site) -> None:
    """Health unknown is not healthy."""
    site.deploy(model(2))
    site.fault("appUnhealthy", payload="2", state="unknown")
    site.write(model(2, script="2"))
    verdict = site.rollout(Policy(health_timeout=600))
    assert verdict.reason == "instance 0 did not become healthy within 10 minutes (0: health unknown)."


def test_instance_that_hangs(site: Site) -> None:
    """Its work goes on beyond the time for the whole: nothing more is begun."""
    site.deploy(model(3))
    site.fault("stuck", instances=["0"], times=1)
    site.write_with_new_disks(model(3, script="2"))
    verdict = site.rollout(Policy(timeout=3600))
    assert verdict.reason == "it took longer than 60 minutes (rollout.timeout)."
    assert ([path for method, path in site.wire.calls if method == "POST"], site.fewest()) == ([f"{SET}/manualupgrade"], 2)


def test_hanging_instance_that_fails_in_the_end(site: Site) -> None:
    """After Azure's time budget of 90 minutes it has failed."""
    site.deploy(model(3))
    site.fault("stuck", instances=["0"])
    site.write(model(3, script="2"))
    assert site.rollout(Policy(timeout=7200)).reason == "instance 0 failed."


def test_slow_work_is_no_illness(site: Site) -> None:
    """The time for health begins when nothing is being done to an instance any more: also for one that autoscale makes."""
    site.deploy(model(2))
    site.fault("stuck", instances=["2"], times=1)
    site.write(model(2, script="2"))
    site.world.call("PUT", SET, {**site.live().model(), "sku": {"name": "Standard_D2s_v5", "capacity": 3}})
    assert site.rollout(Policy(timeout=7200, health_timeout=600)).reason == "instance 2 failed."


def test_repairs_rest_after_a_failure_and_go_on_after_a_success(site: Site) -> None:
    """T9."""
    site.deploy(model(2, **REPAIRS))
    site.fault("extensionFails", payload="2", times=1)
    site.write(model(2, script="2", **REPAIRS))
    services = []
    for _ in range(2):
        verdict = site.rollout()
        view = site.world.call("GET", f"{SET}/instanceView").body or {}
        services.append((verdict.done, verdict.repairs_suspended, view["orchestrationServices"][0]["serviceState"]))
    assert services == [(False, True, "Suspended"), (True, False, "Running")]


@pytest.mark.parametrize("times", [2, 99])
def test_refused_suspension_does_not_hide_the_verdict(site: Site, times: int) -> None:
    """It is tried again for a while; then the story says that it was refused."""
    site.deploy(model(2, **REPAIRS))
    site.fault("extensionFails", payload="2")
    site.fault("refuse", path="setOrchestrationServiceState", status=403, times=times, code="Denied")
    site.write(model(2, script="2", **REPAIRS))
    verdict = site.rollout()
    assert (verdict.reason, verdict.repairs_suspended) == ("instance 0 failed.", times == 2)
    line = "  Automatic repairs could not be suspended (Denied: refused on order): they may replace instances by the model that failed."
    assert (line in explain(verdict, "web", [])) == (times == 99)


def test_refused_resumption_is_told(site: Site) -> None:
    """The instances are done, and nobody would repair them."""
    site.deploy(model(1, **REPAIRS))
    site.fault("refuse", path="setOrchestrationServiceState", status=403, times=99, code="Denied")
    verdict = site.rollout()
    assert verdict.reason == "automatic repairs could not be resumed: Denied: refused on order"
    assert "suspended" not in explain(verdict, "web", [])


def test_refusal_that_stays_is_raised(site: Site) -> None:
    """No right to upgrade instances."""
    site.deploy(model(2))
    site.write(model(2, script="2"))
    site.fault("refuse", method="POST", status=403, times=99, code="AuthorizationFailed")
    with pytest.raises(ArmError, match="AuthorizationFailed: refused on order"):
        site.rollout()


def test_conflict_that_stays_ends_with_the_time(site: Site) -> None:
    """Another operation that never ends: the time for the whole is kept, by one try in each poll."""
    site.deploy(model(2))
    site.write(model(2, script="2"))
    site.fault("refuse", method="POST", status=409, times=10_000)
    verdict = site.rollout(Policy(timeout=600))
    assert verdict.reason == "it took longer than 10 minutes (rollout.timeout)."


@pytest.mark.parametrize(("part", "changes"), [("upgrading instance 0", 0), ("upgrading instance 1", 1)])
def test_stopping_begins_nothing_more(site: Site, part: str, changes: int) -> None:
    """Not even the change that was just announced. What is being changed goes on; the next run finishes."""
    site.deploy(model(3))
    site.write(model(3, script="2"))
    stop = threading.Event()
    rollout = Rollout(site.live(), Wanted(), Policy(), lambda progress: stop.set() if part in progress.message else None, stop)
    with pytest.raises(Cancelled):
        rollout.run()
    assert (site.wire.count("POST"), site.rollout().done, site.fewest()) == (changes, True, 2)


def test_stopping_while_one_is_waited_for_begins_nothing_more(site: Site) -> None:
    """One instance was changed and is ill: the others are left as they are."""
    site.deploy(model(3))
    site.fault("appUnhealthy", payload="2")
    site.write(model(3, script="2"))
    stop = threading.Event()
    rollout = Rollout(site.live(), Wanted(), Policy(), lambda progress: stop.set() if "waiting for 0" in progress.message else None, stop)
    with pytest.raises(Cancelled):
        rollout.run()
    assert (site.wire.count("POST"), site.fewest()) == (1, 2)


def test_health_from_before_the_change_is_no_answer(site: Site) -> None:
    """Upgraded in place, it is shown as healthy till the probes have looked again; it is ill, and nobody else goes out."""
    site.deploy(model(3))
    site.fault("appUnhealthy", payload="2")
    site.write(model(3, script="2"))
    verdict = site.rollout(Policy(health_timeout=600))
    assert (site.order(), site.fewest(), verdict.done) == (["0"], 2, False)


def test_what_a_killed_run_has_changed_is_not_trusted_at_once(site: Site) -> None:
    """The next run begins when the change has just ended: what is shown is from before it, and the instance is ill."""
    slow = health(settings={"protocol": "tcp", "port": 80, "intervalInSeconds": 60})
    site.deploy(profile(model(3), "extensionProfile.extensions", [extension(), slow]))
    site.fault("appUnhealthy", payload="2")
    site.write(profile(model(3), "extensionProfile.extensions", [extension(forceUpdateTag="2"), slow]))
    site.world.call("POST", f"{SET}/manualupgrade", {"instanceIds": ["0"]})
    site.world.later(15)
    shown = [str(each.health) for each in site.instances()]
    verdict = site.rollout(Policy(health_timeout=600))
    assert (shown, site.order(), verdict.done) == (["healthy"] * 3, ["0"], False)


def test_instance_that_its_own_script_powers_off(site: Site) -> None:
    """It has the model and is off: not one that somebody has stopped to leave it alone."""
    site.deploy(model(3))
    site.write(model(3, script="2"))

    def power_off() -> None:
        site.world.call("POST", f"{SET}/powerOff", {"instanceIds": ["0"]})

    verdict = site.rollout(Policy(health_timeout=600), site.once("upgrading instance 1", power_off))
    assert (verdict.done, verdict.reason) == (
        False,
        "instance 0 did not become healthy within 10 minutes (0: power state stopped, health unknown). One that has the model and is off was powered off by its own script "
        "or by somebody: start it, or deallocate it to leave it alone.",
    )
