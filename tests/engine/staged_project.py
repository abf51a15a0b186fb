"""A staged stack with its first version deployed, the command that releases to it, and what the event log tells of production."""

import subprocess
from collections.abc import Callable
from dataclasses import dataclass

from offline.arm.http import Json
from offline.arm.network.flows import Stay, stays
from offline.arm.network.reach import Reach, reach
from tests.engine.project import Project

_BALANCERS = "Microsoft.Network/loadBalancers"
WATCH = ("--watch", "60")


@dataclass
class Staged:
    """The project, and where its history began."""

    project: Project
    since: str
    """The time from which on production must have healthy targets."""

    @classmethod
    def deployed(cls, make_project: Callable[[str], Project], **keys: object) -> "Staged":
        """Two instances of version 1.0 serve on blue; green has one."""
        project = make_project("staged")
        project.configure(capacity=2, idle="shrink", **keys)
        project.up()
        return cls(project, project.events()[-1]["time"])

    def scaleset(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Runs `scaleset` in the project."""
        folder, environment = self.project.folder, self.project.environment
        return subprocess.run(
            ["scaleset", *words, "--stack", self.project.stack], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )

    def release(self, version: str, *words: str) -> subprocess.CompletedProcess[str]:
        """`scaleset release` of a version."""
        return self.scaleset("release", "--yes", "--set", f"version={version}", *WATCH, *words)

    @property
    def front_end(self) -> str:
        """Id of production's front end."""
        (balancer,) = [each for each in self.project.resources(_BALANCERS) if each["name"].startswith("web-lb")]
        return f"{balancer['id']}/frontendIPConfigurations/production"

    def reached(self) -> list[Reach]:
        """Whom a request to production reached, from each change since the first version on."""
        found = reach(self.project.events(), self.front_end)
        before = [each for each in found if each.time <= self.since]
        return [*before[-1:], *(each for each in found if each.time > self.since)]

    def flows(self) -> list[Stay]:
        """How long instances were reached, and what their flows had."""
        return stays(self.project.events(), self.front_end)

    def writes(self, kind: str = _BALANCERS) -> list[Json]:
        """The writes to resources of a kind since then."""
        return [event for event in self.project.events("PUT") if event["time"] > self.since and f"/{kind}/" in event["subject"]]

    def switches(self) -> list[Json]:
        """The writes to the production balancer since then."""
        balancer = self.front_end.partition("/frontendIPConfigurations/")[0].lower()
        return [event for event in self.writes() if event["subject"].lower() == balancer]

    def slots(self) -> list[str]:
        """The slots to which production has led, in order; while a write spreads, the ways are listed one by one."""
        found: list[str] = []
        for each in self.reached():
            for route in each.routes:
                for instance in route.instances:
                    slot = "blue" if "web-blue" in instance else "green"
                    if not found or found[-1] != slot:
                        found.append(slot)
        return found

    def keys(self) -> tuple[str, str, dict[str, dict[str, str]]]:
        """`active`, `idle` and `slots` of the stack file."""
        config = self.project.settings()["config"]
        return config["azure-scaleset:active"], config["azure-scaleset:idle"], config["azure-scaleset:slots"]

    def counts(self) -> dict[str, int]:
        """Slot -> number of instances."""
        sets = self.project.resources("Microsoft.Compute/virtualMachineScaleSets")
        return {
            "blue" if "web-blue" in each["name"] else "green": len(self.project.arm("GET", f"{each['id']}/virtualMachines")["value"])
            for each in sets
        }
