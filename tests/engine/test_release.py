"""`scaleset release` and `scaleset swap` on the real engine: what the event log tells of production, of the balancer's writes, and of established flows."""

import json
import shlex
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from offline import workspace
from tests.engine import own_balancer
from tests.engine.project import Project
from tests.engine.release_kills import Kill, check, copied, run_again, run_and_kill, snapshot
from tests.engine.staged_project import Staged
from tests.engine.test_staged import minimums, scale

BAD = "WORKSERVER_VERSION=2"
"""What the script of version 2 holds."""


def test_a_release_moves_production_once_and_drains(make_project: Callable[[str], Project]) -> None:
    """Healthy targets at every moment, one write to the balancer, flows that have their time, and an old slot that nobody touches before."""
    staged = Staged.deployed(make_project)
    done = staged.release("2", "--test-command", 'test "$SLOT" = green -a -n "$ADDRESS"', "--output", "json")

    assert json.loads(done.stdout) == {
        "stack": "staged",
        "to": "green",
        "active": "green",
        "done": True,
        "reason": None,
        "steps": [{"step": step, "result": "done"} for step in ("deploy", "test", "switch", "watch", "drain", "rest")],
    }, done.stderr
    check(staged)
    (switch,) = staged.switches()
    untouched = [
        event for event in staged.project.events() if staged.since < event["time"] <= switch["time"] and "web-blue" in event["subject"]
    ]
    assert untouched == []
    (drained,) = [stay.drained_seconds for stay in staged.flows() if stay.cut]
    assert drained is not None
    assert drained >= 240


def test_an_unhealthy_version_does_not_reach_production(make_project: Callable[[str], Project]) -> None:
    """Its deployment fails, production is as it was, and a switch by hand is refused with the reason."""
    staged = Staged.deployed(make_project)
    staged.project.order_fault("appUnhealthy", payload=BAD)
    done = staged.release("2")
    swapped = staged.scaleset("swap", "--yes")

    assert (done.returncode, swapped.returncode) == (1, 2)
    assert "health unhealthy" in done.stdout
    assert "The release failed: the update failed: see above.\n  blue serves production." in done.stdout
    assert "green" in swapped.stderr
    assert (staged.switches(), staged.slots(), staged.keys()[0]) == ([], ["blue"], "blue")
    assert min(each.fewest for each in staged.reached()) == 2


def test_a_version_that_turns_bad_goes_back_by_one_write(make_project: Callable[[str], Project]) -> None:
    """The health of the live slot is looked at after the switch; the old one, still whole, takes over again."""
    staged = Staged.deployed(make_project)
    turn_bad = shlex.join([sys.executable, "-m", "offline", "fault", "add", "appUnhealthy", f"payload={BAD}"])
    done = staged.release("2", "--watch-command", f"cd {shlex.quote(str(workspace.CHECKOUT))} && {turn_bad}")

    assert done.returncode == 1, done.stderr
    assert "none of 2 instances serves: 0 (health unhealthy), 1 (health unhealthy)" in done.stdout
    assert "Production is back on blue." in done.stdout
    assert (len(staged.switches()), staged.slots()) == (2, ["blue", "green", "blue"])
    assert staged.keys() == ("blue", "keep", {"blue": {"version": "1.0"}, "green": {"version": "2"}})
    assert (staged.counts(), staged.reached()[-1].fewest) == ({"blue": 2, "green": 2}, 2)
    assert staged.project.preview() == []


def test_a_swap_is_one_write_and_so_is_the_way_back(make_project: Callable[[str], Project]) -> None:
    """A slot that is kept takes over at once; one that is not is refused, and the way on is said."""
    staged = Staged.deployed(make_project)
    refused = staged.scaleset("swap", "--yes")
    staged.project.configure(idle="keep")
    staged.project.up()
    there, back = staged.scaleset("swap", "--yes"), staged.scaleset("swap", "--yes", "--output", "json")

    assert (refused.returncode, refused.stderr.splitlines()[-1]) == (
        2,
        "green is not kept (azure-scaleset:idle: shrink), so it can't take over. Next: scaleset release --to green --stack staged, "
        "which grows it, tests it and switches; or azure-scaleset:idle: keep, pulumi up, and this command again.",
    )
    assert there.stdout.splitlines()[-1] == "green serves production. To go back: scaleset swap --stack staged"
    assert json.loads(back.stdout) == {"stack": "staged", "to": "blue", "active": "blue", "done": True, "reason": None}, back.stderr
    assert (len(staged.switches()), staged.slots()) == (2, ["blue", "green", "blue"])
    assert min(each.fewest for each in staged.reached()) == 2


def test_a_switch_back_needs_no_update_in_between_with_autoscale(make_project: Callable[[str], Project]) -> None:
    """The slot that was left is held at the strength of the one that serves as soon as the balancer is written (T20); so going back is at once, and again one write."""
    staged = Staged.deployed(
        make_project, autoscale={"minimum": 2, "maximum": 10}, slots={"blue": {"version": "1.0"}, "green": {"version": "1.0"}}
    )
    staged.project.configure(idle="keep")
    staged.project.up()
    scale(staged.project, "blue", 4)
    staged.project.up()

    # As a run leaves it that is killed after its switch: the same command goes on.
    staged.project.configure(active="green")
    staged.project.up()
    killed = minimums(staged.project)
    there = staged.scaleset("swap", "--yes", "--to", "green")
    held = minimums(staged.project)
    back = staged.scaleset("swap", "--yes")

    assert (there.returncode, back.returncode) == (0, 0), f"{there.stderr}\n{back.stderr}"
    assert (killed, held, minimums(staged.project)) == ({"blue": 2, "green": 4}, {"blue": 4, "green": 2}, {"blue": 2, "green": 4})
    assert (len(staged.switches()), staged.slots(), staged.counts()) == (2, ["blue", "green", "blue"], {"blue": 4, "green": 4})
    assert staged.project.preview() == []


def test_a_release_behind_a_balancer_of_ones_own(make_project: Callable[[str], Project]) -> None:
    """The command that leads that balancer is run once, for the switch; one that fails leaves production, the stack file and what the stack tells the balancer as they
    were."""
    project = make_project("staged")
    own_balancer.lead(project, own_balancer.POOLS["blue"])
    project.configure(capacity=2, idle="shrink", **own_balancer.keys(project))
    project.up()
    staged = Staged(project, project.events()[-1]["time"])
    lead = shlex.join([sys.executable, "-m", "tests.engine.own_balancer"])
    switch = f"PYTHONPATH={shlex.quote(str(workspace.CHECKOUT))} {lead}"

    without = staged.release("2")
    failed = staged.release("2", "--switch-command", "exit 3")
    told = project.pulumi("stack", "output", "activePoolId").stdout.strip()
    writes = len(staged.writes())
    done = staged.release("2", "--switch-command", switch)

    assert (without.returncode, failed.returncode, done.returncode) == (2, 1, 0), f"{failed.stderr}\n{done.stderr}"
    assert "Expected --switch-command COMMAND" in without.stderr
    assert (told, "blue serves production" in failed.stdout) == (own_balancer.POOLS["blue"], True)
    written = [event["subject"].rpartition("/")[2] for event in staged.writes()[writes:]]
    assert (writes, written) == (0, ["shared"])
    assert (staged.keys()[:2], staged.counts()) == (("green", "shrink"), {"blue": 1, "green": 2})
    assert project.preview() == []


@pytest.mark.parametrize(
    "kill", [Kill("web-lb updating"), Kill("switch: blue -> green", 1, alone=True)], ids=["in the switch", "pulumi goes on alone"]
)
def test_a_killed_release_ends_right_when_it_is_run_again(tmp_path: Path, kill: Kill) -> None:
    """kill -9 of all processes while the balancer is written, and of the command alone (`make soak` has a hundred seeded points)."""
    with copied(snapshot(tmp_path / "original"), tmp_path / "copy") as staged:
        assert run_and_kill(staged, kill) is not None
        run_again(staged)
        check(staged)
