"""A stack of the project on a subscription, from `up` to `destroy`."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.azure.conftest import REGION

CHECKOUT = Path(__file__).resolve().parents[2]


class Real:
    """The program in a folder of its own, with the person's own pulumi, a local state and a stack of its own."""

    def __init__(self, folder: Path, stack: str) -> None:
        self.folder = folder
        self.stack = stack
        self.environment = {**os.environ, "PULUMI_BACKEND_URL": f"file://{folder}?metadata=skip", "PULUMI_CONFIG_PASSPHRASE": "smoke"}
        for name in ("Pulumi.yaml", "__main__.py"):
            shutil.copy(CHECKOUT / name, folder / name)
        for name in ("stacks", "apps"):
            shutil.copytree(CHECKOUT / name, folder / name)
        (folder / "venv").symlink_to(CHECKOUT / "venv")

    def pulumi(self, *words: str) -> str:
        """Runs pulumi; its output. Fails with it."""
        command = ["pulumi", *words, "--non-interactive", *(() if words[0] == "stack" else ("--stack", self.stack))]
        done = subprocess.run(command, cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture
def linux_script(tmp_path: Path) -> Iterator[Real]:
    """The stack linux-script, destroyed at the end whatever happens."""
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    folder = tmp_path / "project"
    folder.mkdir()
    real = Real(folder, "linux-script")
    real.pulumi("stack", "init", "linux-script")
    real.pulumi("config", "set", "--path", "azure-scaleset:admin.sshPublicKeys[0]", key.with_suffix(".pub").read_text().strip())
    real.pulumi("config", "set", "azure-scaleset:location", str(REGION))
    try:
        yield real
    finally:
        real.pulumi("destroy", "--yes", "--skip-preview")


def test_a_script_by_identity_reaches_the_instances(linux_script: Real) -> None:
    """A fresh identity and role assignment: the bootstrap outlasts the 403s, an unchanged preview is clean, an edit and its revert deploy."""
    linux_script.pulumi("up", "--yes", "--skip-preview")
    linux_script.pulumi("preview", "--expect-no-changes")
    script = linux_script.folder / "apps" / "linux-script" / "workserver.py"
    original = script.read_text()

    script.write_text(original + "# edited\n")
    linux_script.pulumi("up", "--yes", "--skip-preview")
    linux_script.pulumi("preview", "--expect-no-changes")
    script.write_text(original)
    linux_script.pulumi("up", "--yes", "--skip-preview")

    linux_script.pulumi("preview", "--expect-no-changes")
