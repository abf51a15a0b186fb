"""`python -m bench.rollout`: rollouts of 1,000 instances against what no rollout could do better, on the offline Azure's clock.

The bound of the makespan is the fewest batches that any plan needs, each as long as the slowest of its instances is away: no looking, no polling. A boot takes five
minutes here, which is of the order that it takes in Azure. Time goes by while the rollout waits, and only then: a look that comes late costs what it would cost.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from azure_scaleset.rollout.instance import Instance
from azure_scaleset.rollout.plan import Wanted, fewest_batches, next_batch
from azure_scaleset.rollout.policy import Policy
from offline.arm.compute import durations
from offline.arm.http import Json
from tests.unit.offline.compute.world import SUBNET, encoded
from tests.unit.rollout.world import Site, TimedSite, model, profile

INSTANCES = 1000
ZONES = "123"
POLICY = Policy(max_unavailable=INSTANCES // 5, timeout=24 * 3600)
BOOT_SECONDS = 300
PROBING_SECONDS = 5
"""Of the health extension in its defaults."""
RUNS = 20
PLAN_MILLISECONDS = 100
MAKESPAN_RATIO = 1.05
CALLS_A_BATCH = 2
_OLD = {"publisher": "Canonical", "offer": "0001-com-ubuntu-server-jammy", "sku": "22_04-lts-gen2", "version": "22.04.202509230"}


def main() -> int:
    """Prints the table; 1 when a goal is missed."""
    durations.CREATE_SECONDS = durations.REIMAGE_SECONDS = BOOT_SECONDS
    with tempfile.TemporaryDirectory() as folder:
        site = TimedSite(Path(folder))
        old = deploy(site)
        met = [plan(site.live().instances())]
        print(
            f"{'change':<12} {'batches':>7} {'fewest':>6} {'makespan':>9} {'bound':>7} {'ratio':>6} {'changes/batch':>13} {'polls':>5} {'polls/minute':>12}"
        )
        new = profile(old, "storageProfile.imageReference.version", "22.04.202510020")
        site.write(new)
        met.append(rollout(site, "image"))
        site.write_with_new_disks(profile(new, "osProfile.customData", encoded("#cloud-config\npackages: [nginx]\n")))
        met.append(rollout(site, "custom data"))
        site.world.store.close()
    print(
        f"goals: plan under {PLAN_MILLISECONDS} ms, makespan at most {MAKESPAN_RATIO} of the bound, at most {CALLS_A_BATCH} changes a batch"
    )
    return 0 if all(met) else 1


def deploy(site: Site) -> Json:
    """The set, in a subnet that is large enough; gives its body."""
    network = {
        "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
        "subnets": [{"name": "web", "properties": {"addressPrefix": "10.0.0.0/20"}}],
    }
    site.world.expect(200, "PUT", SUBNET.rpartition("/subnets/")[0], {"location": "westeurope", "properties": network})
    base = profile(model(INSTANCES, zones=ZONES, singlePlacementGroup=False), "storageProfile.imageReference", _OLD)
    site.deploy(base)
    site.world.later(2 * BOOT_SECONDS)
    return base


def plan(instances: list[Instance]) -> bool:
    """The time of choosing a batch, beside that of reading the list once over."""
    stale = [Instance(**{**vars(each), "latest_model": False}) for each in instances]
    ours = median(_seconds(lambda: next_batch(stale, Wanted(), POLICY)) for _ in range(RUNS))
    reading = median(_seconds(lambda: sorted(stale, key=lambda each: each.order)) for _ in range(RUNS))
    print(f"plan of {len(stale)} instances: {1000 * ours:.1f} ms, {ours / reading:.1f} times a sort of the list")
    return 1000 * ours < PLAN_MILLISECONDS


def rollout(site: Site, name: str) -> bool:
    """One rollout; prints its row."""
    wanted = Wanted.of(site.live().model())
    fewest = fewest_batches(site.live().instances(disks=wanted.os_since is not None), wanted, POLICY)
    begun, calls = site.world.store.seconds, len(site.wire.calls)
    verdict = site.rollout(POLICY, lambda progress: _show(f"{name}: {progress.done} of {progress.total}"))
    assert verdict.done, verdict.reason
    makespan = site.world.store.seconds - begun
    changes = sum(method == "POST" for method, _ in site.wire.calls[calls:])
    polls = len(site.wire.calls) - calls - changes
    batches = sum("upgrading" in said for said in site.said)
    bound = fewest * _away()
    ratio = makespan / bound
    print(
        f"{name:<12} {batches:>7} {fewest:>6} {makespan:>8.0f}s {bound:>6.0f}s {ratio:>6.3f} {changes / batches:>13.1f} {polls:>5} {60 * polls / makespan:>12.1f}"
    )
    return batches == fewest and ratio <= MAKESPAN_RATIO and changes <= CALLS_A_BATCH * batches


def _away() -> float:
    """Seconds of the work on an instance (upgrade, new disk, both extensions), of its application's start and of the probing: all in a row, nothing in between."""
    return (
        durations.UPDATE_SECONDS + durations.REIMAGE_SECONDS + 2 * durations.HANDLER_SECONDS + durations.APP_START_SECONDS + PROBING_SECONDS
    )


def _seconds(function: Callable[[], object]) -> float:
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def _show(text: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{text}\r", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
