"""The command without its extra, and the package without the command."""

import subprocess
import sys

import pytest

WITHOUT = """
import sys
sys.modules[{missing!r}] = None
from azure_scaleset.cli import main
sys.exit(main(["status"]))
"""
BESIDE = """
import importlib, pkgutil, sys
import azure_scaleset
for each in pkgutil.walk_packages(azure_scaleset.__path__, "azure_scaleset."):
    if not each.name.startswith("azure_scaleset.commands"):
        importlib.import_module(each.name)
print(sorted({"typer", "rich", "azure.identity"} & sys.modules.keys()))
"""


def run(program: str) -> "subprocess.CompletedProcess[str]":
    """Runs a Python program."""
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.parametrize("missing", ["typer", "rich", "azure.identity"])
def test_missing_extra_is_told(missing: str) -> None:
    """Which package, and how to install it; exit code 2."""
    done = run(WITHOUT.format(missing=missing))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"The command scaleset needs {missing}, which is not installed. Next: pip install 'azure-scaleset[cli]'\n"


def test_components_need_nothing_of_the_extra() -> None:
    """No module beside the commands imports one of its packages."""
    assert run(BESIDE).stdout == "[]\n"
