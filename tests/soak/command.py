"""`scaleset rollout` as a process, killed or among faults, and run again."""

import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from offline import https_server, workspace
from tests.soak.killing import Killer, killer
from tests.unit.rollout.chaos import left_behind, write_a_change
from tests.unit.rollout.test_mixtures import order_faults
from tests.unit.rollout.world import SET, Site, model

COMMAND = str(Path(sys.executable).with_name("scaleset"))


class Operator:
    """Somebody who runs the command on one scale set of six."""

    def __init__(self, folder: Path, site: Site, killing: Killer, server: dict[str, str]) -> None:
        self.site = site
        self._folder = folder
        self._killing = killing
        self._environment = {**workspace.environment(folder), **server, "NO_COLOR": "1"}

    def rollout(self, batch: int, at: int | None = None, before: bool = False) -> int:
        """Runs it; gives its exit code, negative for a kill."""
        words = [COMMAND, "rollout", SET, "--batch", str(batch), "--health-timeout", "10", "--output", "json"]
        return self._killing.run(words, self._folder, self._environment, at, before).returncode

    @property
    def changes(self) -> int:
        """How many calls of the last run changed something."""
        return sum(method != "GET" for method, _ in self._killing.calls)


@contextmanager
def operator(folder: Path) -> Iterator[Operator]:
    """An Azure behind https, and its operator."""
    site = Site(folder)
    workspace.azure_file(folder).symlink_to("azure.db")
    with killer() as killing, https_server.running(folder) as server:
        try:
            yield Operator(folder, site, killing, server)
        finally:
            site.world.store.close()


def killed(folder: Path, seed: int) -> list[str]:
    """Kills the command up to twice at seeded calls, runs it again to its end; gives what is wrong then."""
    chance = random.Random(seed)
    with operator(folder) as who:
        deployed = model(6, zones="12" if chance.random() < 0.5 else "")
        who.site.deploy(deployed)
        write_a_change(who.site, chance, deployed)
        batch = chance.randint(1, 3)
        codes = [who.rollout(batch, chance.randrange(2, 50), chance.random() < 0.5) for _ in range(chance.randint(1, 2))]
        last = who.rollout(batch)
        wrong = [] if set(codes) <= {0, -9} else [f"exit codes {codes}"]
        wrong += [f"the last run ended with {last}"] if last else []
        wrong += _wrong_at_the_end(who, batch)
        again = who.rollout(batch)
        return wrong + ([f"a further run ended with {again} and changed {who.changes}"] if again or who.changes else [])


def mixed(folder: Path, seed: int) -> list[str]:
    """Runs the command three times among faults, then without them; gives what is wrong: a verdict that is not true, somebody left behind."""
    chance = random.Random(seed)
    with operator(folder) as who:
        deployed = model(6, zones="12" if chance.random() < 0.5 else "")
        deployed["properties"]["virtualMachineProfile"]["extensionProfile"]["extensionsTimeBudget"] = "PT15M"
        who.site.deploy(deployed)
        write_a_change(who.site, chance, deployed)
        order_faults(who.site, chance)
        batch, wrong = chance.randint(1, 3), []
        for _ in range(2):
            code = who.rollout(batch, chance.randrange(2, 60) if chance.random() < 0.3 else None)
            if code == 0 and left_behind(who.site):
                wrong.append(f"done was said, and {left_behind(who.site)} are not")
        who.site.unfault()
        who.site.world.later(120)
        last = [who.rollout(batch) for _ in range(2)][-1]
        wrong += [f"the last run ended with {last}"] if last else []
        return wrong + ([f"left behind: {left_behind(who.site)}"] if left_behind(who.site) else [])


def _wrong_at_the_end(who: Operator, batch: int) -> list[str]:
    left, fewest = left_behind(who.site), who.site.fewest()
    return ([f"left behind: {left}"] if left else []) + ([f"only {fewest} of 6 served, {batch} may be out"] if fewest < 6 - batch else [])
