"""A stranger's project in an empty folder, made of exactly what docs/package.md shows, by exactly the commands that it shows."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from offline import workspace
from offline.arm.store import Store
from tests.engine.project import KEY

PAGE = (workspace.CHECKOUT / "docs" / "package.md").read_text()
FILES = dict(re.findall(r"<!-- file: (\S+) -->\n```\w+\n(.*?)```", PAGE, re.DOTALL))
"""What the page shows, by the name of the file."""
COMMANDS = re.findall(r"^offline (.+)$", PAGE.split("and from the checkout")[1].split("```")[1], re.MULTILINE)


def test_it_is_short() -> None:
    """YAML in 15 lines, Python in 20."""
    assert (len(FILES["Pulumi.yaml"].splitlines()) <= 15, len(FILES["python/__main__.py"].splitlines()) <= 20) == (True, True)


@pytest.mark.parametrize("program", [("Pulumi.yaml",), ("python/Pulumi.yaml", "python/__main__.py")], ids=["yaml", "python"])
def test_the_documented_project_deploys(tmp_path: Path, program: tuple[str, ...]) -> None:
    """Two instances run the script, and the folder's project has nothing left to do."""
    folder, home = tmp_path / "web", tmp_path / "home"
    folder.mkdir()
    for name in (*program, "install.sh"):
        (folder / Path(name).name).write_text(FILES[name])
    assert [words.split()[0] for words in COMMANDS] == ["stack", "config", "up"]
    environment = {**os.environ, "OFFLINE_HOME": str(home)}
    for words in (*COMMANDS[:2], f"{COMMANDS[2]} --yes --skip-preview", "preview --expect-no-changes"):
        line = words.replace('"$(cat ~/.ssh/id_ed25519.pub)"', f'"{KEY}"')
        command = f"{sys.executable} -m offline run -- pulumi --non-interactive --cwd {folder} {line}"
        done = subprocess.run(["sh", "-c", command], cwd=workspace.CHECKOUT, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{words}\n{done.stdout}{done.stderr}"
    runs = Store(workspace.azure_file(home)).events("extensionRun")
    assert len({run["subject"] for run in runs}) == 2
