"""A scale set on the offline Azure, and rollouts of it in this process."""

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from azure_scaleset.rollout.drive import Rollout
from azure_scaleset.rollout.instance import Instance
from azure_scaleset.rollout.plan import OS_TAG, Wanted
from azure_scaleset.rollout.policy import Policy
from azure_scaleset.rollout.progress import Progress
from azure_scaleset.rollout.scale_set import LiveScaleSet
from azure_scaleset.rollout.verdict import Verdict
from offline.arm import agenda, faults, polling
from offline.arm.compute.serving import fewest, serving
from offline.arm.http import Json
from tests.unit.offline.compute.world import SET, World, body, changed, extension, health, profile
from tests.unit.rollout.transport import Killed, WaitingTransport, Wire, connect


def model(capacity: int = 6, mode: str = "Manual", script: str | None = None, zones: Iterable[str] = (), **policies: Any) -> Json:
    """A set with a script and the health extension. *script*: what its `forceUpdateTag` is. *policies*: properties of the set."""
    tag = {} if script is None else {"forceUpdateTag": script}
    new = body(capacity, mode, [extension(**tag), health()])
    for name, value in policies.items():
        new = changed(new, f"properties.{name}", value)
    return {**new, "zones": list(zones)} if zones else new


class Site:
    """An Azure with one scale set."""

    def __init__(self, folder: Path) -> None:
        self.world = World(folder)
        self.wire = Wire(self.world.store)
        self.since = ""
        """When the set that `deploy` made was whole, as the event log has it."""
        self.said: list[str] = []
        """What the last rollout reported."""

    def deploy(self, new: Json) -> None:
        """Makes the set and waits till all serve."""
        assert self.world.put(new) == {}
        self.world.later(120)
        self.since = self.world.store.now().isoformat()

    def write(self, new: Json) -> None:
        """Changes the model; the operation is not waited for."""
        answer = self.world.call("PUT", SET, new)
        assert answer.status == 200, answer.body

    def write_with_new_disks(self, new: Json) -> None:
        """Changes the model as `up` does when custom data has changed: with the time since when disks must be made."""
        self.world.later(1)
        self.write({**new, "tags": {OS_TAG: self.world.store.now().replace(microsecond=0).isoformat()}})
        self.world.later(1)

    def live(self) -> LiveScaleSet:
        """The set, by a connection of its own."""
        return LiveScaleSet(connect(self.wire), SET)

    def rollout(self, policy: Policy | None = None, hear: Callable[[Progress], None] | None = None, **options: Any) -> Verdict:
        """A rollout as a new process does it. *hear*: is called with each report. *options*: of `Rollout`."""
        self.said = []

        def report(progress: Progress) -> None:
            self.said.append(f"{progress.done}/{progress.total} {progress.message}")
            if hear is not None:
                hear(progress)

        live = self.live()
        return Rollout(live, Wanted.of(live.model()), policy or Policy(), report, **options).run()

    def instances(self) -> list[Instance]:
        """The instances as Azure shows them, in order of their numbers."""
        wanted = Wanted.of(self.live().model())
        return self.live().instances(disks=wanted.os_since is not None)

    def fewest(self) -> int:
        """The fewest that served at any moment since the set was whole, by the event log."""
        return fewest(serving(self.world.store.events("serving"), SET), self.since)

    def scripts(self) -> dict[str, str | None]:
        """Instance -> the `forceUpdateTag` of the script that it ran last, of those that are there."""
        present = {each["instanceId"] for each in self.world.store.documents("instance", SET)}
        runs = self.world.events("extensionRun")
        return {name: data["forceUpdateTag"] for name, data in runs if data["extension"] == "script" and name in present}

    def reimaged(self) -> list[str]:
        """Instances that got a new disk, in order of time."""
        return [name for name, _ in self.world.events("instanceReimaged")]

    def fault(self, kind: str, **fields: Any) -> None:
        """Orders a fault (offline/arm/faults.py)."""
        faults.add(self.world.store, kind, **fields)

    def faults(self) -> list[str]:
        """The kinds of faults that are still in force."""
        return [each["kind"] for each in faults.ordered(self.world.store)]

    def unfault(self) -> None:
        """Takes all faults back."""
        faults.clear(self.world.store)

    def once(self, part: str, deed: Callable[[], object]) -> Callable[[Progress], None]:
        """Does something at the first report that has this part."""
        done: list[object] = []

        def hear(progress: Progress) -> None:
            if part in progress.message and not done:
                done.append(deed() or True)

        return hear

    def kill_when(self, part: str, policy: Policy) -> None:
        """A rollout whose process ends at the first report that has this part."""

        def die() -> None:
            raise Killed

        with pytest.raises(Killed):
            self.rollout(policy, self.once(part, die))

    def when(self, kind: str, instance: str, **data: Any) -> list[float]:
        """When events of a kind with these data befell an instance: seconds of Azure's clock."""
        found = self.world.store.events(kind, f"{SET}/virtualMachines/{instance}")
        return [datetime.fromisoformat(each["time"]).timestamp() for each in found if data.items() <= each["data"].items()]

    @staticmethod
    def flexible(new: Json) -> Json:
        """What Azure asks of a Flexible set beside its mode (O6, O8)."""
        properties = {name: value for name, value in new["properties"].items() if name != "overprovision"}
        return profile({**new, "properties": properties}, "networkProfile.networkApiVersion", "2022-11-01")

    def order(self) -> list[str]:
        """Instances that were upgraded, in order of time."""
        return [name for name, _ in self.world.events("instanceUpgraded")]


class TimedSite(Site):
    """A site on whose clock time goes by while a rollout waits, and only then."""

    def live(self) -> LiveScaleSet:
        """The set, by a connection of its own that waits."""
        return LiveScaleSet(connect(self.wire, WaitingTransport(self.wire, self.world.store)), SET)

    def rollout(self, policy: Policy | None = None, hear: Callable[[Progress], None] | None = None, **options: Any) -> Verdict:
        """A rollout to which Azure names no time for its next look, as real lists of instances don't."""
        with patch.object(agenda, "POLL_SECONDS", 0), patch.object(polling, "RETRY_AFTER", ""):
            return super().rollout(policy, hear, **options)


__all__ = ["SET", "Site", "TimedSite", "changed", "extension", "health", "model", "profile"]
