"""Instances that leave the rotation before they are changed, by a command that runs on them."""

from datetime import datetime
from typing import Any

import pytest

from azure_scaleset.rollout.policy import Drain, Policy
from azure_scaleset.rollout.verdict import Verdict
from tests.unit.rollout.chaos import documents, left_behind
from tests.unit.rollout.transport import Killed
from tests.unit.rollout.world import Site, model

DRAIN = Drain("systemctl stop-taking drain", "systemctl undrain", 60)
FLEXIBLE: dict[str, Any] = {"orchestrationMode": "Flexible", "platformFaultDomainCount": 1}
SIX = dict.fromkeys("012345", "2")


def seconds_out(site: Site) -> list[float]:
    """Of each change of an instance that had served: the seconds from the last new request to the change, which ends what is still being served."""
    left: dict[str, float] = {}
    found = []
    for event in site.world.store.events():
        at = datetime.fromisoformat(event["time"]).timestamp()
        if event["kind"] == "serving" and event["time"] >= site.since:
            left[event["subject"]] = at
        if event["kind"] == "workBegan" and event["time"] >= site.since:
            found.append(at - left.pop(event["subject"], at))
    return found


def commands(site: Site) -> list[tuple[str, str]]:
    """Instance and script of the commands that ran."""
    return [(name, data["script"]) for name, data in site.world.events("runCommand")]


def changed(site: Site, capacity: int = 6, **drain: Any) -> Verdict:
    """A rollout of a new script with the drain."""
    site.deploy(model(capacity))
    site.fault("appDrains", **drain)
    site.write(model(capacity, script="2"))
    return site.rollout(Policy(drain=DRAIN))


def test_no_request_is_cut(site: Site) -> None:
    """Each is out of rotation for a minute before it is changed, and what it had begun has ended; without the drain all are changed while they serve."""
    verdict = changed(site)
    assert (verdict.done, site.scripts(), site.fewest()) == (True, SIX, 5)
    assert [seconds >= 60 for seconds in seconds_out(site)] == [True] * 6
    site.since = site.world.store.now().isoformat()
    site.write(model(script="3"))
    site.rollout()
    assert seconds_out(site) == [0.0] * 6


def test_it_is_put_back_after_the_change(site: Site) -> None:
    """The change doesn't bring the application back by itself: the other command does, once for each."""
    changed(site, 2)
    assert commands(site) == [(name, script) for name in "01" for script in (DRAIN.command, DRAIN.undo)]
    assert "0/2 draining instance 0" in site.said


def test_one_that_stays_in_rotation_stops_it(site: Site) -> None:
    """Nothing was changed, and the story says what is the matter."""
    verdict = changed(site, 2, command="another word")
    assert (
        verdict.reason == "instance 0 stayed in rotation, though the drain command ran. It wrote: Enable succeeded: / [stdout] / [stderr]"
    )
    assert (site.order(), site.fewest(), commands(site)[-1]) == ([], 2, ("0", DRAIN.undo))


def test_without_a_health_signal_the_time_is_waited(site: Site) -> None:
    """Nobody can tell whether it is out of rotation."""
    silent = model(2)
    silent["properties"]["virtualMachineProfile"]["extensionProfile"]["extensions"].pop()
    site.deploy(silent)
    new = model(2, script="2")
    new["properties"]["virtualMachineProfile"]["extensionProfile"]["extensions"].pop()
    site.write(new)
    ran_before = site.world.store.now().timestamp()
    assert site.rollout(Policy(drain=DRAIN)).done
    assert site.when("workBegan", "0")[-1] - ran_before >= 60


@pytest.mark.parametrize("script", ["2", None])
def test_killed_while_it_drains(site: Site, script: str | None) -> None:
    """The next run changes it and puts it back; so it does when the old model is wanted again, and nothing is to be changed."""
    site.deploy(model(3))
    site.fault("appDrains")
    site.write(model(3, script="2"))

    def die(number: int) -> None:
        if not all(each["serving"] for each in documents(site)):
            raise Killed

    site.wire.after = die
    with pytest.raises(Killed):
        site.rollout(Policy(drain=DRAIN))
    site.wire.after = lambda number: None
    site.write(model(3, script=script))
    verdict = site.rollout(Policy(drain=DRAIN))
    assert (verdict.done, site.scripts(), site.fewest(), left_behind(site)) == (True, dict.fromkeys("012", script), 2, [])


@pytest.mark.parametrize("status", [409, 429, 500])
def test_refused_command_is_tried_again(site: Site, status: int) -> None:
    """Another operation is running, or Azure is not well."""
    site.fault("refuse", method="POST", path="runCommand", status=status, times=9)
    assert (changed(site, 2).done, site.fewest()) == (True, 1)


def test_machines_of_a_flexible_set(site: Site) -> None:
    """The command runs on the virtual machines themselves."""
    site.deploy(site.flexible(model(2, **FLEXIBLE)))
    site.fault("appDrains")
    site.write(site.flexible(model(2, script="2", **FLEXIBLE)))
    verdict = site.rollout(Policy(drain=DRAIN))
    assert (verdict.done, site.fewest(), [seconds >= 60 for seconds in seconds_out(site)]) == (True, 1, [True] * 2)
    ran_at = {path.partition("/providers/")[2].rpartition("/web_")[0] for _, path in site.wire.calls if path.endswith("/runCommand")}
    assert ran_at == {"Microsoft.Compute/virtualMachines"}
