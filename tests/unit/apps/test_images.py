"""The scripts that go into images, and the Packer template, judged by the real tool where the machine has it."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
TEMPLATE = ROOT / "examples" / "packer" / "linux-image.pkr.hcl"
VARIABLES = {
    "subscription_id": "00000000-0000-0000-0000-000000000001",
    "resource_group": "g",
    "gallery": "golden",
    "definition": "web",
    "version": "1.0.0",
}


def validated(template: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """`packer validate`: syntax, variables, and every argument of the azure-arm builder. It signs in nowhere."""
    given = [f"-var={name}={value}" for name, value in variables.items()]
    return subprocess.run(["packer", "validate", *given, str(template)], cwd=TEMPLATE.parent, capture_output=True, text=True, check=False)


@pytest.mark.skipif(shutil.which("packer") is None, reason="packer is not installed (Debian: apt-get install packer)")
def test_packer_accepts_its_template(tmp_path: Path) -> None:
    """The real `packer validate` finds nothing wrong, and does find a wrong argument and a missing variable."""
    ended = validated(TEMPLATE, **VARIABLES)
    assert (ended.returncode, ended.stdout + ended.stderr) == (0, "")

    wrong = tmp_path / "wrong.pkr.hcl"
    wrong.write_text(TEMPLATE.read_text().replace("image_sku ", "image_skew "))
    assert 'An argument named "image_skew" is not expected here' in validated(wrong, **VARIABLES).stdout
    assert validated(TEMPLATE).returncode == 1


def test_packer_runs_the_script_of_the_stack() -> None:
    """The template bakes the prerequisites that stay with the stack, not a copy of them."""
    (script,) = re.findall(r'^\s*script\s*=\s*"(.+)"$', TEMPLATE.read_text(), re.MULTILINE)

    assert (TEMPLATE.parent / script).resolve() == ROOT / "apps" / "linux-image" / "prerequisites.sh"
