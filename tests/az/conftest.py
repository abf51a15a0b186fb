"""The Azure CLI, signed in to an offline Azure."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from offline.arm.store import Store
from offline.workspace import azure_file
from tools import azure_cli


class Cli:
    """`az`, and the state of the Azure that it speaks with."""

    def __init__(self, home: Path, environment: Mapping[str, str], folder: Path) -> None:
        self._environment = environment
        self.store = Store(azure_file(home))
        """The state of the Azure."""
        self.folder = folder
        """Where commands run."""

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """One command, with JSON output."""
        command = ["az", *words, "--output", "json", "--only-show-errors"]
        return subprocess.run(command, env={**self._environment}, cwd=self.folder, capture_output=True, text=True)

    def __call__(self, *words: str) -> Any:
        """What a command that must end well prints; None when it prints nothing."""
        done = self.run(*words)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout.strip() else None

    def fails(self, *words: str) -> str:
        """What a command says that must fail."""
        done = self.run(*words)
        assert done.returncode != 0, done.stdout
        return done.stderr


@pytest.fixture(scope="session")
def signed_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, str]]]:
    """A home, and the environment for `az`. The keys that `--generate-ssh-keys` makes stay out of the person's own folder."""
    if not azure_cli.is_installed():
        pytest.skip("the Azure CLI is not installed (700 MB): `make az` installs it and runs these tests")
    home, person = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("person")
    with azure_cli.signed_in(azure_cli.ensure(), home) as environment:
        yield home, {**environment, "HOME": str(person)}


@pytest.fixture
def az(signed_in: tuple[Path, dict[str, str]], tmp_path: Path) -> Cli:
    """The CLI, in an empty folder."""
    home, environment = signed_in
    return Cli(home, environment, tmp_path)
