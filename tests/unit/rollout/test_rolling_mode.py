"""Upgrade mode Rolling: Azure's own rolling upgrade is watched, started again where it had stopped, and judged."""

from typing import Any

import pytest

from azure_scaleset.rollout.policy import Policy
from offline.arm.http import Json
from tests.unit.offline.compute.world import encoded
from tests.unit.rollout.world import SET, Site, model, profile

SIX = dict.fromkeys("012345", "2")


def rolling(capacity: int = 6, script: str | None = None, **policy: Any) -> Json:
    """A set in mode Rolling."""
    return model(capacity, "Rolling", script, upgradePolicy={"mode": "Rolling", "rollingUpgradePolicy": policy})


def upgrades(site: Site) -> list[str]:
    """The states of Azure's rolling upgrades so far."""
    return [data["code"] for _, data in site.world.events("rollingUpgrade")]


def test_azure_does_it(site: Site) -> None:
    """It is watched: nothing is called but the looks."""
    site.deploy(rolling())
    before = site.world.store.now()
    site.write(rolling(script="2"))
    verdict = site.rollout(since=before)
    assert (verdict.done, site.scripts(), site.fewest()) == (True, SIX, 5)
    assert ({method for method, _ in site.wire.calls}, upgrades(site)) == ({"GET"}, ["RollingForward", "Completed"])
    assert site.said[0] == "0/6 Azure's rolling upgrade: 0 done, 5 to go"


def test_breach_fails_with_azures_reason(site: Site) -> None:
    """The instance that failed is told, and nothing is done beside Azure."""
    site.deploy(rolling())
    before = site.world.store.now()
    site.fault("extensionFails", payload="2")
    site.write(rolling(script="2"))
    verdict = site.rollout(since=before)
    assert verdict.reason == (
        "Azure's rolling upgrade was faulted. MaxUnhealthyUpgradedInstancePercentExceededInRollingUpgrade: Rolling Upgrade failed after exceeding the "
        "MaxUnhealthyUpgradedInstancePercent value defined in the RollingUpgradePolicy: 100% of instances are unhealthy, 20% are allowed. "
        "1 instances failed."
    )
    assert ({method for method, _ in site.wire.calls}, len(verdict.current)) == ({"GET"}, 1)


def test_breach_with_another_instance_down_begins_nothing_again(site: Site) -> None:
    """One that was ill before is no reason to go on with a model that failed elsewhere."""
    site.deploy(rolling(10, maxUnhealthyInstancePercent=50))
    site.fault("appUnhealthy", instances=["9"], payload="")
    site.world.later(60)
    before = site.world.store.now()
    site.fault("extensionFails", payload="2")
    site.write(rolling(10, "2", maxUnhealthyInstancePercent=50, maxBatchInstancePercent=10))
    assert not site.rollout(since=before).done
    assert upgrades(site) == ["RollingForward", "Faulted"]


def test_cancelled_upgrade_is_started_again(site: Site) -> None:
    """By an empty change of the model (T11), without waiting for an upgrade that nobody has ordered."""
    site.deploy(rolling())
    site.write(rolling(script="2"))
    site.world.call("POST", f"{SET}/rollingUpgrades/cancel")
    site.world.later(60)
    start = site.world.store.seconds
    verdict = site.rollout()
    assert (verdict.done, site.scripts(), site.fewest()) == (True, SIX, 5)
    assert (site.wire.count("PATCH"), site.wire.count("POST")) == (1, 0)
    assert upgrades(site) == ["RollingForward", "Cancelled", "RollingForward", "Completed"]
    assert site.when("serving", "1", serving=False)[-1] - site.world.store.now().timestamp() + site.world.store.seconds - start < 120


def test_cancelled_in_the_middle(site: Site) -> None:
    """Somebody cancels the upgrade that is being watched: that is told, and nothing is begun."""
    site.deploy(rolling())
    before = site.world.store.now()
    site.write(rolling(script="2"))
    verdict = site.rollout(since=before, hear=site.once("1 done", lambda: site.world.call("POST", f"{SET}/rollingUpgrades/cancel")))
    assert (verdict.reason, site.wire.count("PATCH")) == ("Azure's rolling upgrade was cancelled.", 0)


def test_breach_that_was_watched_without_a_write_is_a_verdict(site: Site) -> None:
    """A run that joins an upgrade does not start it again when it breaches the policy."""
    site.deploy(rolling())
    site.fault("extensionFails", payload="2", times=1)
    site.write(rolling(script="2"))
    verdict = site.rollout()
    assert (verdict.done, upgrades(site)) == (False, ["RollingForward", "Faulted"])


def test_older_record_is_no_verdict(site: Site) -> None:
    """The last upgrade failed, before the model was written: Azure gets time to begin, then it is started."""
    site.deploy(rolling())
    site.fault("extensionFails", payload="2", times=1)
    site.write(rolling(script="2"))
    assert not site.rollout().done
    site.world.later(60)
    verdict = site.rollout(since=site.world.store.now())
    assert (verdict.done, site.scripts()) == (True, SIX)
    assert (site.wire.count("PATCH"), upgrades(site)[1::2]) == (1, ["Faulted", "Completed"])


def test_what_is_down_is_mended_first(site: Site) -> None:
    """A quarter of the set is down, more than the policy allows: it is brought to the mended model by name, then Azure goes on (U10)."""
    site.deploy(rolling(4))
    site.fault("extensionFails", payload="broken")
    site.write(rolling(4, "broken"))
    assert not site.rollout().done
    before = site.world.store.now()
    site.write(rolling(4, "2"))
    verdict = site.rollout(since=before)
    assert (verdict.done, site.scripts(), site.fewest()) == (True, dict.fromkeys("0123", "2"), 3)


def test_new_disks_in_mode_rolling(site: Site) -> None:
    """Azure brings the model, and the disks follow one after the other."""
    site.deploy(rolling(3))
    before = site.world.store.now()
    site.write_with_new_disks(profile(rolling(3), "osProfile.customData", encoded("#cloud-config\npackages: []\n")))
    verdict = site.rollout(since=before)
    assert (verdict.done, site.reimaged(), site.fewest()) == (True, ["0", "1", "2"], 2)


def test_upgrade_that_goes_on_and_on(site: Site) -> None:
    """The time for the whole is kept; Azure's upgrade goes on."""
    site.deploy(rolling())
    before = site.world.store.now()
    site.write(rolling(script="2", pauseTimeBetweenBatches="PT1H"))
    assert site.rollout(Policy(timeout=3600), since=before).reason == "it took longer than 60 minutes (rollout.timeout)."
    assert upgrades(site) == ["RollingForward"]


def test_looks_are_not_doubled(site: Site) -> None:
    """One look at the record a poll; the instances are listed when the record says something new."""
    site.deploy(rolling())
    before = site.world.store.now()
    site.write(rolling(script="2", pauseTimeBetweenBatches="PT5M"))
    assert site.rollout(since=before).done
    paths = [path.rpartition("/")[2] for _, path in site.wire.calls]
    assert (paths.count("latest") > 120, paths.count("virtualMachines") < 20) == (True, True)


def test_what_azure_does_not_start_again_goes_by_the_sets_own_policy(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches no larger than its percentage, and its pause between two of them, whatever the rollout itself would allow."""
    policy: dict[str, Any] = {"maxBatchInstancePercent": 34, "pauseTimeBetweenBatches": "PT10M"}
    site.deploy(rolling(**policy))
    site.write(rolling(script="2", **policy))
    site.world.call("POST", f"{SET}/rollingUpgrades/cancel")
    site.world.later(60)
    changed_before = len(site.order())
    monkeypatch.setattr("azure_scaleset.rollout.rolling_mode.watch", lambda *_: None)
    verdict = site.rollout(Policy(max_unavailable=6))
    times = sorted(site.when("serving", name, serving=False)[-1] for name in site.order()[changed_before:])
    assert (verdict.done, site.scripts(), site.fewest()) == (True, SIX, 4)
    assert {later - earlier >= 600 for earlier, later in zip(times[::2], times[2::2], strict=False)} == {True}
    assert "pausing 600 seconds between two batches" in " ".join(site.said)
