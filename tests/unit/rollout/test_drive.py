"""Rollouts in mode Manual: what is done to which instance, in which order, how many serve meanwhile, and what is told."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from azure_scaleset.rollout.instance import Instance, Signals, read
from azure_scaleset.rollout.plan import Wanted
from azure_scaleset.rollout.policy import Policy, Reimage
from azure_scaleset.rollout.verdict import summary
from offline.arm.http import Json
from tests.unit.offline.compute.world import encoded
from tests.unit.rollout.world import SET, Site, extension, health, model, profile

NEW_DATA = encoded("#cloud-config\npackages: [nginx]\n")
OLD_IMAGE = {"publisher": "Canonical", "offer": "0001-com-ubuntu-server-jammy", "sku": "22_04-lts-gen2", "version": "22.04.202509230"}
NEW_IMAGE = {**OLD_IMAGE, "version": "22.04.202510020"}


def test_one_instance_at_a_time_while_the_others_serve(site: Site) -> None:
    """Six instances get another script one by one: at no moment fewer than five serve (row 12)."""
    site.deploy(model())
    site.write(model(script="2"))
    verdict = site.rollout()
    assert (verdict.done, site.fewest(), site.scripts()) == (True, 5, dict.fromkeys("012345", "2"))


def test_batches_are_as_large_as_allowed_and_of_one_zone(site: Site) -> None:
    """Six in three zones, two at a time: three calls."""
    site.deploy(model(zones="123"))
    site.write(model(zones="123", script="2"))
    verdict = site.rollout(Policy(max_unavailable=2))
    assert (verdict.done, site.fewest(), site.wire.count("POST")) == (True, 4, 3)
    assert site.order() == ["0", "3", "1", "4", "2", "5"]


def test_more_than_all_may_be_out(site: Site) -> None:
    """Then all go at once."""
    site.deploy(model(3))
    site.write(model(3, script="2"))
    assert (site.rollout(Policy(max_unavailable=9)).done, site.wire.count("POST"), site.fewest()) == (True, 1, 0)


@pytest.mark.parametrize("deployed", [0, 2])
def test_nothing_to_do(site: Site, deployed: int) -> None:
    """An empty set and one that has the model, which are asked at the end whether so many are meant to be there: nothing is called."""
    site.deploy(model(deployed))
    verdict = site.rollout()
    calls = [("GET", SET), ("GET", SET), ("GET", f"{SET}/virtualMachines"), ("GET", SET)]
    assert (verdict.done, site.wire.calls) == (True, calls)
    assert summary(verdict) == f"{deployed} of {deployed} instances run the model, {deployed} of {deployed} serve"


def test_each_step_is_reported(site: Site) -> None:
    """What is done, and who is waited for; the same line is not said twice."""
    slow = health(settings={"protocol": "tcp", "port": 80, "intervalInSeconds": 60})
    site.deploy(profile(model(2), "extensionProfile.extensions", [extension(), slow]))
    site.write(profile(model(2), "extensionProfile.extensions", [extension(forceUpdateTag="2"), slow]))
    site.rollout()
    assert site.said == [
        "0/2 upgrading instance 0",
        "0/2 waiting for 0 (health unknown)",
        "1/2 upgrading instance 1",
        "1/2 waiting for 1 (health unknown)",
        "2/2 done",
    ]


def test_changed_custom_data_reimages_what_has_an_older_disk(site: Site) -> None:
    """An upgrade, then a new disk; an instance that was made since then keeps its disk."""
    site.deploy(model(3))
    site.write_with_new_disks(profile(model(3), "osProfile.customData", NEW_DATA))
    site.world.put({**site.live().model(), "sku": {"name": "Standard_D2s_v5", "capacity": 4}})
    verdict = site.rollout()
    assert (verdict.done, site.reimaged(), site.order(), site.fewest()) == (True, ["0", "1", "2"], ["0", "1", "2"], 3)
    assert [each["customData"] for each in site.world.store.documents("instance", SET)] == [NEW_DATA] * 4


def test_disks_are_kept_where_the_policy_says_so(site: Site) -> None:
    """`reimage: never`: the instances get the model, and the old disks count as good."""
    site.deploy(model(2))
    site.write_with_new_disks(profile(model(2), "osProfile.customData", NEW_DATA))
    assert (site.rollout(Policy(reimage=Reimage.NEVER)).done, site.reimaged(), site.order()) == (True, [], ["0", "1"])


def test_list_that_is_behind_the_operation(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """For two looks after an upgrade the old model is shown: the new disk comes all the same, and nothing is done twice."""
    looks: Counter[str] = Counter()

    def behind(body: Json, expected: Signals) -> Instance:
        seen = read(body, expected)
        looks[seen.id] += seen.latest_model
        return replace(seen, latest_model=looks[seen.id] > 2)

    site.deploy(model(2))
    site.write_with_new_disks(profile(model(2, script="2"), "osProfile.customData", NEW_DATA))
    monkeypatch.setattr("azure_scaleset.rollout.instance.read", behind)
    assert (site.rollout().done, site.order(), site.reimaged()) == (True, ["0", "1"], ["0", "1"])


def test_new_image_brings_the_new_disk_by_itself(site: Site) -> None:
    """One new disk for each instance, no reimage call (M7), also where custom data changed with it."""
    old = profile(model(2), "storageProfile.imageReference", OLD_IMAGE)
    site.deploy(old)
    new = profile(profile(old, "storageProfile.imageReference", NEW_IMAGE), "osProfile.customData", NEW_DATA)
    site.write_with_new_disks(new)
    verdict = site.rollout()
    assert (verdict.done, site.reimaged()) == (True, ["0", "1"])
    assert {each.image_version for each in verdict.instances} == {"22.04.202510020"}
    assert [path.rpartition("/")[2] for method, path in site.wire.calls if method == "POST"] == ["manualupgrade"] * 2


def test_script_that_needs_the_new_disk(site: Site) -> None:
    """A script that fails on the old disk and does well on the new one: it is judged on the new one."""
    site.deploy(model(2))
    site.fault("extensionFails", instances=["0"], payload="2", times=1)
    site.write_with_new_disks(profile(model(2, script="2"), "osProfile.customData", NEW_DATA))
    assert (site.rollout().done, site.reimaged()) == (True, ["0", "1"])


def test_canary_goes_first_and_is_watched(site: Site) -> None:
    """One alone; the others follow when it has been healthy for as long as asked."""
    site.deploy(model())
    site.write(model(script="2"))
    verdict = site.rollout(Policy(max_unavailable=5, canary=True, canary_pause=600))
    assert (verdict.done, site.fewest(), site.wire.count("POST")) == (True, 1, 2)
    served = site.when("healthChanged", "0", state="healthy")[-1]
    others = site.when("serving", "1", serving=False)[-1]
    assert 600 <= others - served <= 640


def test_canary_that_fails_stops_it(site: Site) -> None:
    """The others keep what they have."""
    site.deploy(model())
    site.fault("extensionFails", payload="2")
    site.write(model(script="2"))
    verdict = site.rollout(Policy(max_unavailable=5, canary=True))
    assert (verdict.done, verdict.reason, site.fewest()) == (False, "instance 0 failed.", 5)


def test_canary_that_falls_ill_in_the_pause_stops_it(site: Site) -> None:
    """It was healthy, and is no longer when the pause is over."""
    site.deploy(model(3))
    site.write(model(3, script="2"))
    ill = site.once("watching instance 0", lambda: site.fault("appUnhealthy", instances=["0"]))
    verdict = site.rollout(Policy(max_unavailable=2, canary=True, canary_pause=3600, health_timeout=300), ill)
    assert verdict.reason == "instance 0 did not become healthy within 5 minutes (0: health unhealthy)."
    assert site.order() == ["0"]


def test_canary_that_failed_gets_another_try(site: Site) -> None:
    """It is watched again from then on."""
    site.deploy(model(3))
    site.fault("extensionFails", payload="2", times=1)
    site.write(model(3, script="2"))
    policy = Policy(max_unavailable=2, canary=True, canary_pause=600)
    assert [site.rollout(policy).done for _ in range(2)] == [False, True]
    served = site.when("healthChanged", "0", state="healthy")[-1]
    assert site.when("serving", "1", serving=False)[-1] - served >= 600


def test_canary_of_a_run_that_was_stopped_is_watched_by_the_next(site: Site) -> None:
    """One instance alone has the model: the pause begins anew."""
    site.deploy(model(3))
    site.write(model(3, script="2"))
    policy = Policy(max_unavailable=2, canary=True, canary_pause=600)
    site.kill_when("watching instance 0", policy)
    again = site.world.store.now().timestamp()
    assert site.rollout(policy).done
    assert site.when("serving", "1", serving=False)[-1] - again >= 600


@pytest.mark.parametrize(
    ("exclude", "reason"),
    [
        (("PUT", "/virtualMachines/1", {"location": "westeurope", "properties": {"protectionPolicy": {"protectFromScaleSetActions": True}}}),
         "protected from scale set actions"),
        (("POST", "/deallocate", {"instanceIds": ["1"]}), "deallocated"),
        (("POST", "/powerOff", {"instanceIds": ["1"]}), "stopped"),
    ],
)  # fmt: skip
def test_some_are_left_alone(site: Site, exclude: tuple[str, str, Any], reason: str) -> None:
    """Protected and stopped instances keep the old model, and the summary says why (T21)."""
    site.deploy(model(3))
    method, path, sent = exclude
    site.world.outcome(site.world.call(method, SET + path, sent))
    site.write(model(3, script="2"))
    verdict = site.rollout()
    assert (verdict.done, site.order()) == (True, ["0", "2"])
    assert summary(verdict) == f"2 of 2 instances run the model, 2 of 2 serve; left alone: 1 ({reason})"


def test_instances_of_a_flexible_set(site: Site) -> None:
    """They have names, and virtual machines of their own that tell how they are."""
    flexible: dict[str, Any] = {"orchestrationMode": "Flexible", "platformFaultDomainCount": 1}
    site.deploy(site.flexible(model(3, **flexible)))
    site.write(site.flexible(model(3, script="2", **flexible)))
    verdict = site.rollout()
    assert (verdict.done, site.fewest()) == (True, 2)
    assert site.scripts() == dict.fromkeys([each.name for each in verdict.instances], "2")
    assert {each.health for each in verdict.instances} == {"healthy"}


def test_set_without_a_health_signal(site: Site) -> None:
    """An instance counts when it is provisioned."""
    site.deploy(profile(model(2), "extensionProfile.extensions", [extension()]))
    site.write(profile(model(2), "extensionProfile.extensions", [extension(forceUpdateTag="2")]))
    assert (site.rollout().done, site.fewest(), site.scripts()) == (True, 1, {"0": "2", "1": "2"})


def test_failure_that_the_model_suppresses(site: Site) -> None:
    """An extension with `suppressFailures` may fail."""
    site.deploy(model(2))
    site.fault("extensionFails", payload="2")
    site.write(profile(model(2), "extensionProfile.extensions", [extension(forceUpdateTag="2", suppressFailures=True), health()]))
    assert (site.rollout().done, site.order()) == (True, ["0", "1"])


def test_what_is_out_goes_first(site: Site) -> None:
    """An instance that was ill before is changed first: that takes nobody out."""
    site.deploy(model(4))
    site.fault("appUnhealthy", instances=["2"], payload="old")
    site.write(model(4, script="old"))
    site.fault("appUnhealthy", instances=["2"])
    site.world.later(60)
    site.unfault()
    site.fault("appUnhealthy", instances=["2"], payload="old")
    assert site.rollout(Policy()).reason.startswith("instance 2 did not become healthy")
    site.write(model(4, script="mended"))
    verdict = site.rollout()
    assert (verdict.done, site.order()[-4:], site.fewest()) == (True, ["2", "0", "1", "3"], 3)


def test_wanted_disks_of_another_time(site: Site) -> None:
    """A run whose disks are young enough changes nothing."""
    site.deploy(model(2))
    assert Wanted.of(site.live().model()) == Wanted()
    site.write_with_new_disks(model(2))
    assert site.rollout().done
    site.wire.calls.clear()
    assert (site.rollout().done, site.wire.count("POST"), site.reimaged()) == (True, 0, ["0", "1"])
