"""The virtual environment `venv/` with what the requirements files pin."""

import hashlib
import importlib.util
import subprocess
import sys

from offline.workspace import CHECKOUT, VIRTUAL_ENVIRONMENT
from tools import progress
from tools.errors import SetupError

_SOURCES = ("requirements.txt", "requirements-dev.txt", "components/pyproject.toml")
STAMP = VIRTUAL_ENVIRONMENT / ".requirements"
"""Digest of what was installed last: written only when the installation was complete."""


def ensure() -> None:
    """Makes the environment and installs, unless what is asked for is installed already."""
    wanted = digest()
    if _runs() and STAMP.exists() and STAMP.read_text() == wanted:
        return
    if importlib.util.find_spec("ensurepip") is None:
        raise SetupError(
            f"{sys.executable} can't make virtual environments: its `ensurepip` is missing. On Debian and Ubuntu: sudo apt-get install python3-venv"
        )
    if not _runs():
        subprocess.run([sys.executable, "-m", "venv", "--clear", VIRTUAL_ENVIRONMENT], check=True)
    python = str(VIRTUAL_ENVIRONMENT / "bin" / "python")
    pip = [python, "-m", "pip", "install", "--disable-pip-version-check", "-r", "requirements.txt", "-r", "requirements-dev.txt"]
    progress.run("Python packages", pip, folder=CHECKOUT, counts=_is_package, unit="packages looked up")
    STAMP.write_text(wanted)


def digest() -> str:
    """The digest of everything that decides what is installed."""
    return hashlib.sha256(b"\0".join((CHECKOUT / name).read_bytes() for name in _SOURCES)).hexdigest()


def _runs() -> bool:
    """Whether the environment is there and its Python starts (it does not when the system's Python was replaced)."""
    python = VIRTUAL_ENVIRONMENT / "bin" / "python"
    return python.exists() and subprocess.run([python, "-c", ""], capture_output=True).returncode == 0


def _is_package(line: str) -> bool:
    return line.startswith(("Collecting ", "Requirement already satisfied", "Obtaining "))
