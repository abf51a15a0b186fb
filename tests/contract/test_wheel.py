"""The wheel: what `pip install` gives a program of one's own, and what the engine starts where it is installed."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path
from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from offline.workspace import CHECKOUT
from tools import package_schema

PACKAGE = CHECKOUT / "components" / "azure_scaleset"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, made as a release makes it, but from what is installed here."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(CHECKOUT / "components")]
    subprocess.run(command, check=True, capture_output=True)
    (made,) = folder.iterdir()
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty virtual environment with the wheel in it. Its dependencies are seen here instead of downloaded again; the package isn't, because what makes
    it importable here is a file that only an environment's own folder is read for."""
    folder = tmp_path_factory.mktemp("consumer") / "venv"
    venv.create(folder, symlinks=True)
    purelib = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder), "platbase": str(folder)}))
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python"), "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, str(wheel)], check=True)
    (purelib / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder


def test_the_name_of_the_wheel(wheel: Path) -> None:
    """It carries the package's version, and runs on every system."""
    assert wheel.name == f"azure_scaleset-{package_schema.version()}-py3-none-any.whl"


def test_the_wheel_holds_the_whole_package_and_nothing_else(wheel: Path) -> None:
    """Every module, the scripts for the instances and the mark of its types."""
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    files = {
        str(file.relative_to(PACKAGE.parent))
        for file in PACKAGE.rglob("*")
        if file.is_file() and "__pycache__" not in file.relative_to(PACKAGE).parts
    }
    assert names == files
    assert {"azure_scaleset/py.typed", "azure_scaleset/payload/bootstrap.sh", "azure_scaleset/payload/bootstrap.ps1"} <= names


def test_it_imports_from_an_empty_environment(installed: Path, tmp_path: Path) -> None:
    """From the environment's own folder, with everything that it needs."""
    code = "import azure_scaleset; print(azure_scaleset.__file__, *azure_scaleset.__all__)"
    done = subprocess.run([installed / "bin" / "python", "-c", code], cwd=tmp_path, env=_bare(), capture_output=True, text=True, check=True)
    file, *names = done.stdout.split()
    assert Path(file).is_relative_to(installed)
    assert {"Network", "ScaleSet"} <= set(names)


def test_the_command_is_installed(installed: Path, tmp_path: Path) -> None:
    """`scaleset` starts."""
    done = subprocess.run([installed / "bin" / "scaleset", "--help"], cwd=tmp_path, env=_bare(), capture_output=True, text=True, check=True)
    assert "Operates scale sets in Azure." in done.stdout


def test_the_installed_package_is_the_plugin(installed: Path, tmp_path: Path) -> None:
    """The program that the engine finds on PATH gives the committed schema."""
    program = installed / "bin" / "pulumi-resource-azure-scaleset"
    with subprocess.Popen([program, "127.0.0.1:1"], cwd=tmp_path, env=_bare(), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = process.stdout.readline().strip()
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            answer: Any = provider_pb2_grpc.ResourceProviderStub(channel).GetSchema(provider_pb2.GetSchemaRequest(version=0))
        process.terminate()
    given, committed = json.loads(answer.schema), json.loads(package_schema.FILE.read_text())
    assert _without_nulls(given) == _without_nulls(committed)


def _bare() -> dict[str, str]:
    """An environment that doesn't point to this checkout."""
    return {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}


def _without_nulls(value: Any) -> Any:
    """Absent and null are the same in a schema."""
    if isinstance(value, dict):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    return [_without_nulls(item) for item in value] if isinstance(value, list) else value
