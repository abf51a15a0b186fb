"""The stack `staged` on an Azure of its own, with its first version deployed, for measuring what the real commands do."""

import shutil
import subprocess
from pathlib import Path

import yaml

from offline import workspace
from offline.arm.http import Json
from offline.arm.store import Store
from tools import stack_copy

_COPIED = ("Pulumi.yaml", "__main__.py", "stacks", "apps")


class Staged:
    """A copy of the program."""

    def __init__(self, folder: Path, server: dict[str, str], instances: int) -> None:
        """*server*: the variables of the server that runs for `folder/home`. *instances*: of each slot."""
        self._home, self._folder = folder / "home", folder / "project"
        self._environment = {**workspace.environment(self._home), **server}
        self._folder.mkdir()
        for name in _COPIED:
            source = workspace.CHECKOUT / name
            (shutil.copytree if source.is_dir() else shutil.copy)(source, self._folder / name)
        (self._folder / "venv").symlink_to(workspace.VIRTUAL_ENVIRONMENT)
        file = self._folder / "stacks" / "Pulumi.staged.yaml"
        settings = yaml.safe_load(stack_copy.make(self._home, "staged").read_text())
        settings["config"] |= {"azure-scaleset:capacity": instances, "azure-scaleset:idle": "shrink"}
        file.write_text(yaml.safe_dump(settings))
        self._run("pulumi", "up", "--yes", "--skip-preview", "--non-interactive", "--stack", "staged")

    def scaleset(self, command: str, *words: str) -> None:
        """A command of `scaleset` on the stack; it must succeed."""
        self._run("scaleset", command, "--yes", "--stack", "staged", *words)

    def events(self) -> list[Json]:
        """The event log."""
        store = Store(workspace.azure_file(self._home))
        found = store.events()
        store.close()
        return found

    @property
    def front_end(self) -> str:
        """Id of production's front end."""
        balancer = next(str(event["subject"]) for event in self.events() if event["subject"].endswith("/web-lb"))
        return f"{balancer}/frontendIPConfigurations/production"

    def _run(self, *words: str) -> None:
        done = subprocess.run(words, cwd=self._folder, env=self._environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(words)} failed:\n{done.stdout}\n{done.stderr}")
