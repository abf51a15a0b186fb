"""`pulumi up` on the real engine, killed with all its processes in the middle of the gate, and run again."""

import random
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from offline import https_server
from offline.arm.compute.serving import serving
from tests.engine.project import Project, home
from tests.soak.killing import Killer, killer

_SCRIPT = "apps/linux-script/workserver.py"
INSTANCES = 4


class Deployer:
    """Somebody who updates one stack again and again."""

    def __init__(self, project: Project, killing: Killer) -> None:
        self._project = project
        self._killing = killing
        document = project.settings()
        del document["config"]["azure-scaleset:autoscale"]
        project.write_settings(document)
        project.configure(capacity=INSTANCES, upgrade={"mode": "Manual"}, rollout={"maxUnavailable": "1"})
        project.up()

    def killed(self, seed: int) -> list[str]:
        """Changes the script, kills the update at a seeded call of the gate, runs it again; gives what is wrong then."""
        chance, project = random.Random(seed), self._project
        path = project.folder / _SCRIPT
        path.write_text(f"{path.read_text().partition('# seed')[0].rstrip()}\n# seed {seed}\n")
        before = len(self._served())
        killed = self._up(chance.randrange(2, 30), chance.random() < 0.5)
        project.pulumi("cancel", "--yes", check=False)
        last = project.pulumi("up", "--yes", "--skip-preview", check=False)
        wrong = [f"the killed update ended with {killed.returncode}: {killed.stdout[-800:]}"] if killed.returncode not in (0, -9) else []
        wrong += [f"the last update ended with {last.returncode}: {last.stdout[-800:]}"] if last.returncode else []
        ran = {each["subject"]: each["data"]["forceUpdateTag"] for each in project.events("extensionRun")}
        wrong += ["not every instance ran the script"] if len(ran) != INSTANCES or len(set(ran.values())) != 1 else []
        served = min(self._served()[before:], default=INSTANCES)
        return wrong + ([f"only {served} of {INSTANCES} served"] if served < INSTANCES - 1 else [])

    def _served(self) -> list[int]:
        return [count for _, count in serving(self._project.events("serving"), self._project.scale_set()["id"])]

    def _up(self, at: int, before: bool) -> subprocess.CompletedProcess[str]:
        words = ["pulumi", "up", "--yes", "--skip-preview", "--non-interactive", "--stack", self._project.stack]
        return self._killing.run(words, self._project.folder, self._project.environment, at, before)


@contextmanager
def deployer(root: Path) -> Iterator[Deployer]:
    """A project of its own, deployed."""
    home(root).mkdir()
    with killer() as killing, https_server.running(home(root)) as server:
        yield Deployer(Project.make(root, "linux-script", server), killing)
