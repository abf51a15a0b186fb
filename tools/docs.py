"""`python -m tools.docs`: builds docs/ as a site into .offline/docs. Every warning, a dead link first of all, is an error."""

import subprocess
import sys
import venv

from offline.workspace import CHECKOUT, SHARED

ENVIRONMENT = SHARED / "docs-venv"
SITE = SHARED / "docs"
_REQUIREMENTS = CHECKOUT / "requirements-docs.txt"
_STAMP = ENVIRONMENT / ".requirements"


def main() -> int:
    """The exit code of the build."""
    wanted = _REQUIREMENTS.read_text()
    if not _STAMP.exists() or _STAMP.read_text() != wanted:
        venv.create(ENVIRONMENT, with_pip=True, clear=True)
        python = str(ENVIRONMENT / "bin" / "python")
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", str(_REQUIREMENTS)]
        subprocess.run(pip, check=True)
        _STAMP.write_text(wanted)
    build = [
        str(ENVIRONMENT / "bin" / "sphinx-build"),
        "--fail-on-warning",
        "--keep-going",
        "--nitpicky",
        "--quiet",
        "--builder",
        "dirhtml",
    ]
    code = subprocess.run([*build, str(CHECKOUT / "docs"), str(SITE)], check=False).returncode
    if code == 0:
        print(f"Built: {(SITE / 'index.html').relative_to(CHECKOUT)}")
    return code


if __name__ == "__main__":
    sys.exit(main())
