"""The examples on the real engine: deployed, left alone, changed, destroyed; and two projects, of which one reads the other's outputs."""

import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest

from offline import https_server, workspace
from offline.arm.store import Store
from tests.engine.project import KEY, Project, home

EXAMPLES = workspace.CHECKOUT / "examples"


@pytest.fixture
def examples(tmp_path: Path) -> Iterator[tuple[Path, dict[str, str]]]:
    """A copy of the examples, and the environment of an empty Azure."""
    home(tmp_path).mkdir()
    folder = tmp_path / "examples"
    shutil.copytree(EXAMPLES, folder, ignore=shutil.ignore_patterns("node_modules", "venv"))
    with https_server.running(home(tmp_path)) as server:
        yield folder, {**workspace.environment(home(tmp_path)), **server}


def start(folder: Path, environment: dict[str, str]) -> Project:
    """The stack `test` of an example."""
    project = Project(folder, "test", environment)
    project.pulumi("stack", "init", "test")
    project.pulumi("config", "set", "--stack", "test", "sshPublicKey", KEY)
    return project


def live(project: Project) -> None:
    """Up, no change, a change that reaches every instance, destroy."""
    project.up()
    assert project.preview() == []
    before = len(project.events("extensionRun"))
    project.edit("../install.sh", "Served by a scale set", "Served by a scale set, changed")
    project.up()
    assert len(project.events("extensionRun")) == before + 3
    assert project.preview() == []
    project.pulumi("destroy", "--yes", "--skip-preview")
    store = Store(workspace.azure_file(Path(project.environment["OFFLINE_HOME"])))
    assert store.resources() == []


def test_yaml(examples: tuple[Path, dict[str, str]]) -> None:
    """The YAML program lives with the plugin that the engine finds on PATH."""
    folder, environment = examples
    live(start(folder / "yaml", environment))


def test_python_by_pip(examples: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    """The Python program lives in a virtual environment of its own that has the library as a wheel, not this checkout."""
    folder, environment = examples
    own = folder / "python" / "venv"
    venv.create(own, symlinks=True)
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(workspace.CHECKOUT / "components")]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    pip = [sys.executable, "-m", "pip", "--python", str(own / "bin" / "python"), "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, str(wheel)], check=True)
    # Pulumi and its like are seen in this checkout's environment instead of downloaded; the library isn't, since a path alone reads no .pth files.
    purelib = Path(sysconfig.get_path("purelib", "venv", {"base": str(own), "platbase": str(own)}))
    (purelib / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    # The Python host before 3.80 takes the first `python3` on PATH.
    project = start(folder / "python", {**environment, "PATH": f"{own / 'bin'}:{environment['PATH']}", "VIRTUAL_ENV": str(own)})
    live(project)


def test_two_projects(examples: tuple[Path, dict[str, str]]) -> None:
    """The second project's scale set is in the subnet that the first one made, whose id it reads by a stack reference."""
    folder, environment = examples
    web, worker = (start(folder / name, environment) for name in ("yaml", "linked"))
    web.up()
    worker.up()
    made = next(each for each in worker.resources("Microsoft.Compute/virtualMachineScaleSets") if "/worker-" in each["id"])
    (interface,) = made["properties"]["virtualMachineProfile"]["networkProfile"]["networkInterfaceConfigurations"]
    (address,) = interface["properties"]["ipConfigurations"]
    outputs = web.pulumi("stack", "output", "subnetId", "--stack", "test").stdout.strip()
    assert address["properties"]["subnet"]["id"] == outputs
    # A stack reference is read at each run.
    assert [change for change in worker.preview() if change.op != "read"] == []
