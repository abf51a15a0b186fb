"""Rollouts while Azure refuses, forgets and loses calls, and while autoscale and people change the set."""

from typing import Any

import pytest

from azure_scaleset.rollout import repairs
from azure_scaleset.rollout.policy import Policy
from azure_scaleset.rollout.progress import Progress
from azure_scaleset.rollout.verdict import summary
from tests.unit.rollout.chaos import Watch
from tests.unit.rollout.world import SET, Site, model

SIX = dict.fromkeys("012345", "2")


def capacity(site: Site, instances: int) -> None:
    """What autoscale does."""
    site.world.call("PUT", SET, {**site.live().model(), "sku": {"name": "Standard_D2s_v5", "capacity": instances}})


def without_room(site: Site, instances: int) -> None:
    """The capacity as Azure shows it of a set whose scale-out found no room."""
    body = site.world.store.get(SET)
    assert body is not None
    site.world.store.put(SET, "Microsoft.Compute/virtualMachineScaleSets", {**body, "sku": {**body["sku"], "capacity": instances}})


@pytest.mark.parametrize("status", [409, 429, 500])
@pytest.mark.parametrize("nth", [1, 2, 5, 11])
def test_refused_call(site: Site, status: int, nth: int) -> None:
    """Whichever call it is: the rollout goes on."""
    site.deploy(model())
    site.write(model(script="2"))
    # A conflict is an answer to a change only.
    site.fault("refuse", method="POST" if status == 409 else None, nth=min(nth, 6) if status == 409 else nth, status=status)
    verdict = site.rollout()
    assert (verdict.done, site.scripts(), site.fewest(), site.faults()) == (True, SIX, 5, [])


def test_azure_that_is_not_well_for_a_minute(site: Site) -> None:
    """Five errors in a row are borne."""
    site.deploy(model(2))
    site.write(model(2, script="2"))
    site.fault("refuse", nth=6, times=5, status=503)
    assert (site.rollout().done, site.faults()) == (True, [])


@pytest.mark.parametrize("how", ["reset", "error"])
@pytest.mark.parametrize("action", ["manualupgrade", "reimage"])
def test_lost_answer(site: Site, how: str, action: str) -> None:
    """The change was carried out: nobody else goes out, and nothing is done twice."""
    site.deploy(model())
    site.fault("loseAnswer", method="POST", path=action, nth=2, how=how)
    site.write_with_new_disks(model(script="2"))
    verdict = site.rollout()
    assert (verdict.done, site.scripts(), site.fewest(), site.faults()) == (True, SIX, 5, [])
    assert (sorted(site.order()), sorted(site.reimaged())) == ([*"012345"], [*"012345"])


def test_forgotten_operation(site: Site) -> None:
    """404 for an operation: what it did shows at the instances."""
    site.deploy(model())
    site.write(model(script="2"))
    site.fault("refuse", path="/operations/", nth=2, status=404)
    verdict = site.rollout()
    assert (verdict.done, site.scripts(), site.fewest(), len(site.order())) == (True, SIX, 5, 6)


def test_instance_deleted_between_look_and_call(site: Site) -> None:
    """Azure refuses the whole batch for an id that is gone: the others are changed by the next call."""
    site.deploy(model())
    site.write(model(script="2"))

    def delete() -> None:
        site.world.call("POST", f"{SET}/delete", {"instanceIds": ["5"]})
        site.world.later(60)

    verdict = site.rollout(Policy(max_unavailable=2), site.once("upgrading", delete))
    assert (verdict.done, site.scripts()) == (True, dict.fromkeys("01234", "2"))


def test_instance_deleted_while_it_is_upgraded(site: Site) -> None:
    """Autoscale takes it in mid-batch: the rollout goes on without it."""
    site.deploy(model(3))
    site.write(model(3, script="2"))

    def delete(number: int) -> None:
        if site.wire.calls[number] == ("POST", f"{SET}/manualupgrade") and site.wire.count("POST") == 1:
            site.world.call("POST", f"{SET}/delete", {"instanceIds": ["0"]})

    site.wire.after = delete
    verdict = site.rollout()
    assert (verdict.done, site.scripts()) == (True, {"1": "2", "2": "2"})


def test_instance_deleted_while_a_forgotten_operation_changes_it(site: Site) -> None:
    """Nobody else goes out in its place before it is gone. (Seed 58 of the mixtures: the rollout sees it again as Deleting, out by its own hand.)"""
    site.deploy(model())
    site.write_with_new_disks(model(script="2"))
    # Instance 0: upgraded (operation asked for twice), reimaged, and that operation forgotten.
    site.fault("refuse", path="/operations/", nth=3, status=404)
    watch = Watch.of(site)

    def delete(number: int) -> None:
        if "/operations/" in site.wire.calls[number][1] and not site.faults() and site.said[-1] == "0/6 reimaging instance 0":
            site.world.call("POST", f"{SET}/delete", {"instanceIds": ["0"]})
        watch.after(number)

    site.wire.after = delete
    verdict = site.rollout()
    assert (verdict.done, site.scripts(), watch.most, site.faults()) == (True, dict.fromkeys("12345", "2"), 1, [])
    assert "0/5 waiting till instance 0 is gone" in site.said


def test_scale_out_in_the_middle(site: Site) -> None:
    """New instances have the model already, and are waited for."""
    site.deploy(model(3))
    site.write(model(3, script="2"))
    verdict = site.rollout(hear=site.once("upgrading instance 1", lambda: capacity(site, 5)))
    assert (verdict.done, site.scripts(), site.order(), site.fewest()) == (True, dict.fromkeys("01234", "2"), ["0", "1", "2"], 2)


def test_scale_out_and_in_at_every_report(site: Site) -> None:
    """The list is another one at each look."""
    site.deploy(model())
    site.write(model(script="2"))
    sizes = iter([8, 5, 7, 4, 9, 6])

    def hear(progress: object) -> None:
        size = next(sizes, None)
        if size is not None:
            capacity(site, size)

    verdict = site.rollout(hear=hear)
    assert (verdict.done, len(verdict.instances), set(site.scripts().values())) == (True, 6, {"2"})


def test_set_scaled_to_nothing(site: Site) -> None:
    """Nobody is left: done."""
    site.deploy(model(3))
    site.write(model(3, script="2"))

    def empty() -> None:
        capacity(site, 0)
        site.world.later(60)

    verdict = site.rollout(hear=site.once("upgrading", empty))
    assert (verdict.done, verdict.instances) == (True, ())


def test_instances_that_azure_does_not_make_are_missed(site: Site) -> None:
    """All that are there have the model and serve: still it is not done, and says what is the matter. Once the others are there, it is."""
    site.deploy(model(2))
    site.write(model(2, script="2"))
    without_room(site, 4)
    verdict = site.rollout(Policy(health_timeout=120))
    assert (verdict.done, verdict.reason.partition(". ")[0], site.scripts()) == (False, "2 instances are missing", {"0": "2", "1": "2"})
    assert "2/2 waiting: 2 instances are missing" in site.said
    assert summary(verdict) == "2 of 2 instances run the model, 2 of 2 serve; 2 more should be there"

    capacity(site, 4)
    assert (site.rollout().done, site.scripts()) == (True, dict.fromkeys("0123", "2"))


def test_each_lack_has_its_own_time(site: Site) -> None:
    """Azure has made the first instance that was missing, slowly: the time for the second one begins with it."""
    site.deploy(model(1))
    site.write(model(1, script="2"))
    seen: list[float] = []

    def hear(progress: Progress) -> None:
        if progress.message.startswith("waiting: "):
            seen.append(site.world.store.now().timestamp())
            if len(seen) == 1:
                capacity(site, 2)
        elif "waiting for 1" in progress.message and len(seen) == 1:
            # The clock goes on, and the next one is asked for.
            site.world.later(130)
            without_room(site, 3)

    without_room(site, 2)
    verdict = site.rollout(Policy(health_timeout=120), hear)
    ended = site.world.store.now().timestamp()
    assert (verdict.reason.partition(". ")[0], len(seen), ended - seen[-1] > 120) == ("1 instance is missing", 2, True)


def test_the_time_of_a_lack_begins_when_what_is_deleted_is_gone(site: Site) -> None:
    """A deletion may take as long as a terminate notification says; what takes its place is made after it."""
    site.deploy(model(2))
    site.world.call("POST", f"{SET}/delete", {"instanceIds": ["1"]})
    without_room(site, 2)
    there: list[int] = []
    site.wire.after = lambda _: there.append(len(site.world.store.documents("instance", SET)))
    verdict = site.rollout(Policy(health_timeout=1))
    assert (verdict.reason.partition(". ")[0], there[0], there[-4:]) == ("1 instance is missing", 2, [1] * 4)


def test_missing_instances_are_no_fault_of_the_model(site: Site) -> None:
    """Automatic repairs go on: all that are there have the model, and serve."""
    repaired: dict[str, Any] = {"automaticRepairsPolicy": {"enabled": True, "gracePeriod": "PT10M"}}
    site.deploy(model(2, **repaired))
    without_room(site, 3)
    verdict = site.rollout(Policy(health_timeout=120))
    assert (verdict.missing, verdict.repairs_suspended, repairs.suspended(site.live())) == (1, False, False)


def test_deallocated_in_the_middle(site: Site) -> None:
    """From then on it is left alone."""
    site.deploy(model(3))
    site.write(model(3, script="2"))
    deallocation: Any = {"instanceIds": ["2"]}
    verdict = site.rollout(hear=site.once("upgrading instance 1", lambda: site.world.call("POST", f"{SET}/deallocate", deallocation)))
    assert (verdict.done, site.order(), [each.excluded for each in verdict.instances]) == (True, ["0", "1"], [None, None, "deallocated"])


def test_model_that_changes_again_in_the_middle(site: Site) -> None:
    """Somebody writes a third model: the instances get that, the ones that had the second included."""
    site.deploy(model(4))
    site.write(model(4, script="2"))
    verdict = site.rollout(hear=site.once("upgrading instance 1", lambda: site.write(model(4, script="3"))))
    assert (verdict.done, set(site.scripts().values()), site.fewest()) == (True, {"3"}, 3)


def test_kill_while_an_operation_is_running(site: Site) -> None:
    """The next run waits for what the killed one began, and takes nobody out meanwhile."""
    site.deploy(model())
    site.write_with_new_disks(model(script="2"))
    for part in ("upgrading instance 0", "reimaging instance 0", "reimaging instance 1"):
        site.kill_when(part, Policy())
    verdict = site.rollout()
    assert (verdict.done, site.scripts(), site.fewest()) == (True, SIX, 5)
