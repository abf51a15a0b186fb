"""What must hold whatever happens: read off the offline Azure's own store, not off what ARM shows a rollout."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from azure_scaleset.rollout.policy import Policy
from offline.arm.compute.instances import is_leaving
from offline.arm.compute.model import load
from offline.arm.http import Json
from tests.unit.offline.compute.world import encoded
from tests.unit.rollout.transport import Killed
from tests.unit.rollout.world import SET, Site, profile

NEW_DATA = encoded("#cloud-config\npackages: [nginx]\n")


def left_behind(site: Site) -> list[str]:
    """Instances without the model, without the custom data that the model has, or that don't serve; but for those that are being deleted."""
    scale_set = load(site.world.store, SET)
    assert scale_set is not None
    data = scale_set.profile["osProfile"]["customData"]
    return [
        each["instanceId"]
        for each in documents(site)
        if not is_leaving(each) and (each["model"], each["customData"], each["serving"]) != (scale_set.model_fingerprint, data, True)
    ]


def documents(site: Site) -> list[Json]:
    """The instances as the offline Azure keeps them."""
    return site.world.store.documents("instance", SET)


@dataclass
class Watch:
    """Counts, at every call of a rollout, how many are out because of it."""

    site: Site
    serving: set[str]
    """Instances that served before the call."""
    ours: set[str]
    """Instances that a call took out, and that have not served since."""
    most: int = 0
    """The most that were out at once because of calls."""
    dies_at: int | None = None
    """Number of the call at which the process is killed."""
    dies_before: bool = False
    """It is killed before the call is carried out."""

    @classmethod
    def of(cls, site: Site) -> "Watch":
        """Watches the calls of a site's rollouts from now on."""
        watch = cls(site, set(), set())
        site.wire.before, site.wire.after = watch.before, watch.after
        return watch

    def before(self, number: int) -> None:
        """A call is about to be carried out."""
        if number == self.dies_at and self.dies_before:
            raise Killed
        self.serving = self._serving()

    def after(self, number: int) -> None:
        """A call was carried out."""
        serving = self._serving()
        if self.site.wire.calls[number][0] == "POST":
            self.ours |= self.serving - serving
        self.ours &= {each["instanceId"] for each in documents(self.site)} - serving
        self.most = max(self.most, len(self.ours))
        if number == self.dies_at:
            raise Killed

    def kill_at(self, chance: random.Random, calls: int) -> None:
        """Chooses one of the next calls."""
        self.dies_at, self.dies_before = len(self.site.wire.calls) + chance.randrange(calls), chance.random() < 0.5

    def _serving(self) -> set[str]:
        return {each["instanceId"] for each in documents(self.site) if each["serving"]}


WHATS = ("script", "data", "both")
"""What a change may be."""


def write_a_change(site: Site, chance: random.Random, deployed: Json, whats: Sequence[str] = WHATS) -> None:
    """A new script, new custom data, or both."""
    what = chance.choice(whats)
    extensions = deployed["properties"]["virtualMachineProfile"]["extensionProfile"]["extensions"]
    script = {**extensions[0], "properties": {**extensions[0]["properties"], "forceUpdateTag": "2"}}
    new = profile(deployed, "extensionProfile.extensions", [script, *extensions[1:]]) if what != "data" else deployed
    if what == "script":
        site.write(new)
    else:
        site.write_with_new_disks(profile(new, "osProfile.customData", NEW_DATA))


def a_policy(chance: random.Random) -> Policy:
    """Any policy that is not slow."""
    return Policy(
        max_unavailable=chance.randint(1, 3), canary=chance.random() < 0.3, canary_pause=chance.choice([0, 60]), health_timeout=600
    )
