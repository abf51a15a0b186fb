"""`python -m bench.rollout`: rollouts of 1,000 instances against what no rollout could do better, on the offline Azure's clock."""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any

from azure_scaleset.rollout.instance import Instance, Signals, read
from azure_scaleset.rollout.plan import Wanted, fewest_batches, next_batch
from azure_scaleset.rollout.policy import Policy
from offline.arm.compute import durations
from offline.arm.http import Json
from tests.unit.offline.compute.world import GROUP, SUBNET, encoded
from tests.unit.rollout.world import SET, Site, model, profile

INSTANCES = 1000
ZONES = "12345"
POLICY = Policy(max_unavailable=INSTANCES // 5, timeout=24 * 3600)
BOOT_SECONDS = 300
"""What a boot takes here: longer than between two looks, as in Azure."""
RUNS = 20
PLAN_MILLISECONDS = 100
MAKESPAN_RATIO = 1.05
CALLS_A_BATCH = 2

CHANGES: dict[str, Callable[[Json], Json]] = {
    "image": lambda base: profile(base, "storageProfile.imageReference.version", "24.04.202510020"),
    "custom data": lambda base: profile(base, "osProfile.customData", encoded("#cloud-config\npackages: [nginx]\n")),
}


def main() -> int:
    """Prints the table; 1 when a goal is missed."""
    durations.REIMAGE_SECONDS = durations.UPDATE_SECONDS = BOOT_SECONDS
    met = []
    print(f"{'change':<12}  {'batches':>7}  {'bound':>5}  {'makespan':>8}  {'bound':>8}  {'ratio':>6}  {'changes/batch':>13}  {'polls':>5}  {'lists/poll':>10}")
    for name, change in CHANGES.items():
        with tempfile.TemporaryDirectory() as folder:
            site = deploy(Path(folder))
            base = site.live().model()
            if name == "image":
                met.append(plan(site.live().instances()))
            met.append(rollout(site, name, change(base)))
            site.world.store.close()
    print(f"goals: plan under {PLAN_MILLISECONDS} ms, makespan at most {MAKESPAN_RATIO} of the bound, at most {CALLS_A_BATCH} changes a batch, one list a poll")
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
