"""Programs that were deployed with a released version of the package are previewed with the package as it is now: nothing may change."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from offline import https_server, workspace
from tests.engine.project import Project, home
from tools import upgrade_check
from tools.record_release import RECORDED

STACKS = sorted(file.parent for file in RECORDED.glob("*/*/state.json"))


def restore(recorded: Path, root: Path, server: dict[str, str]) -> Project:
    """The program, its state and its Azure as they were recorded."""
    folder = root / "project"
    shutil.copytree(recorded, folder)
    shutil.copytree(recorded.parent / "apps", folder / "apps")
    project = Project(folder, recorded.name, {**workspace.environment(home(root)), **server})
    azure = workspace.azure_file(home(root))
    for file in (azure, azure.with_name(f"{azure.name}-wal"), azure.with_name(f"{azure.name}-shm")):
        file.unlink(missing_ok=True)
    with closing(sqlite3.connect(azure)) as database:
        database.executescript((recorded / "azure.sql").read_text())
    project.pulumi("stack", "init", recorded.name)
    project.pulumi("stack", "import", "--stack", recorded.name, "--file", str(recorded / "state.json"))
    return project


def upgrade(recorded: Path, root: Path) -> list[str]:
    """What the package as it is now would change in a recorded stack."""
    home(root).mkdir(parents=True)
    with https_server.running(home(root)) as server:
        project = restore(recorded, root, server)
        return upgrade_check.problems(json.loads(project.pulumi("preview", "--json").stdout))


@pytest.mark.parametrize("recorded", STACKS, ids=lambda folder: f"{folder.parent.name}-{folder.name}")
def test_a_new_version_changes_nothing(tmp_path: Path, recorded: Path) -> None:
    """A program that updates the package alone has an empty preview."""
    assert upgrade(recorded, tmp_path) == []


def test_a_child_that_is_renamed_without_alias_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy of the package whose security group has another name in Pulumi: the check names it, and what to add."""
    components = tmp_path / "components"
    shutil.copytree(workspace.CHECKOUT / "components", components, ignore=shutil.ignore_patterns("__pycache__"))
    source = components / "azure_scaleset" / "network.py"
    old, new = 'network.NetworkSecurityGroup(\n            f"{name}-nsg"', 'network.NetworkSecurityGroup(\n            f"{name}-firewall"'
    assert old in source.read_text()
    source.write_text(source.read_text().replace(old, new))
    # Before the path that makes the checkout's package importable.
    monkeypatch.setenv("PYTHONPATH", str(components))

    (recorded,) = (folder for folder in STACKS if folder.name == "linux-cloud-init" and folder.parent.name == STACKS[-1].parent.name)
    found = upgrade(recorded, tmp_path)
    assert (
        'network-nsg (azure-native:network:NetworkSecurityGroup) is deleted. It seems to be network-firewall now: give that `aliases=[pulumi.Alias(name="network-nsg")]`.'
    ) in found
