"""The scripts that go into images, and the Packer template, judged by the real tool where the machine has it."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
VARIABLES = {
    "subscription_id": "00000000-0000-0000-0000-000000000001",
    "resource_group": "g",
    "gallery": "golden",
    "definition": "web",
    "version": "1.0.0",
}


def packer(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """`packer validate` of the example; -syntax-only, because without it the builder signs in."""
    given = [f"-var={name}={value}" for name, value in variables.items()]
    return subprocess.run(
        ["packer", "validate", *words, *given, "."], cwd=ROOT / "examples" / "packer", capture_output=True, text=True, check=False
    )


@pytest.mark.skipif(shutil.which("packer") is None, reason="packer is not installed (Debian: apt-get install packer)")
def test_packer_accepts_its_template() -> None:
    """The real `packer validate` finds nothing wrong with the syntax, and says what is missing of the variables."""
    assert packer("-syntax-only", **VARIABLES).returncode == 0
    missing = packer("-syntax-only")
    assert (missing.returncode, "subscription_id" in missing.stdout + missing.stderr) == (1, True)


def test_packer_runs_the_script_of_the_stack() -> None:
    """The template bakes the prerequisites that stay with the stack, not a copy of them."""
    text = (ROOT / "examples" / "packer" / "linux-image.pkr.hcl").read_text()
    (script,) = re.findall(r'^\s*script\s*=\s*"(.+)"$', text, re.MULTILINE)

    assert (ROOT / "examples" / "packer" / script).resolve() == ROOT / "apps" / "linux-image" / "prerequisites.sh"
