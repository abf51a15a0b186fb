"""The scripts that run in the VM."""

import subprocess
import sys
from pathlib import Path

import pytest

from azure_scaleset.capture import scripts
from tests.unit.payload import powershell

SHELLCHECK = str(Path(sys.executable).with_name("shellcheck"))


@pytest.mark.parametrize("text", [scripts.prepare("Linux"), scripts.ask("Linux")])
def test_shell_is_sound(text: str) -> None:
    """shellcheck finds nothing in it."""
    done = subprocess.run([SHELLCHECK, "--shell=sh", "-"], input=text, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize(
    "text", [scripts.prepare("Windows"), scripts.prepare("Windows").split("'@")[0].split("@'")[1], scripts.ask("Windows")]
)
def test_powershell_can_be_read(text: str) -> None:
    """Neither the script nor the task in it has an error of grammar."""
    assert powershell.syntax_errors(text) == []


@pytest.mark.parametrize(("os", "what"), [("Linux", "waagent -deprovision+user"), ("Windows", "/generalize /oobe /mode:vm /quit")])
def test_preparation_is_left_to_the_scheduler(os: str, what: str) -> None:
    """The agent doesn't wait for what ends it; the system turns itself off only after that went well."""
    text = scripts.prepare(os)
    assert what in text
    assert ("systemd-run" if os == "Linux" else "Register-ScheduledTask") in text
