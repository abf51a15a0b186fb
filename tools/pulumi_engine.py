"""Finds the Pulumi engine, or brings it here."""

import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

from offline.workspace import ENGINE
from tools import cache, go_build, release_archive
from tools.errors import SetupError


def ensure() -> Path:
    """Links the engine's folder into the checkout and gives it.

    The first of these that can be had: `pulumi` on PATH when it is new enough; what an earlier set-up on this machine left in the cache;
    Pulumi's release archive; a build from Go modules. Raises SetupError when there is none.
    """
    folder = on_path(os.environ.get("PATH", "")) or cached()
    ENGINE.parent.mkdir(parents=True, exist_ok=True)
    if not (ENGINE.is_symlink() and ENGINE.resolve() == folder.resolve()):
        ENGINE.unlink(missing_ok=True)
        ENGINE.symlink_to(folder)
    return folder


def on_path(path: str) -> Path | None:
    """The folder of a `pulumi` on `path` (as PATH is written) that is new enough and has its Python host beside it."""
    program = shutil.which("pulumi", path=path)
    if program is None or not (Path(program).parent / "pulumi-language-python").exists():
        return None
    folder = Path(program).parent
    if folder == ENGINE:
        return None
    answer = subprocess.run(
        [program, "version"], capture_output=True, text=True, env={**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "1"}
    ).stdout
    return folder if _numbers(answer) >= _numbers(go_build.cli_version()) else None


def cache_folder() -> Path:
    """Where the engine is kept for all checkouts of this machine: one folder for each set of versions."""
    sums = [
        (folder / name).read_bytes() for folder in (go_build.ENGINE_MODULE, go_build.PYTHON_HOST_MODULE) for name in ("go.mod", "go.sum")
    ]
    return cache.folder(f"engine-{hashlib.sha256(b''.join(sums)).hexdigest()[:16]}")


def cached() -> Path:
    """The cached engine, brought here first where it is missing. It appears in one rename, so nobody ever sees half of it."""
    folder = cache_folder()
    if not folder.exists():
        with cache.alone(folder):
            if not folder.exists():
                partial = folder.with_suffix(".partial")
                shutil.rmtree(partial, ignore_errors=True)
                (partial / "bin").mkdir(parents=True)
                _bring(partial / "bin")
                partial.rename(folder)
    return folder / "bin"


def _bring(into: Path) -> None:
    version = go_build.cli_version()
    name = release_archive.archive_name(version)
    if name is not None and release_archive.install(version, name, into, release_archive.fetch):
        return
    if not go_build.go_can_build():
        raise SetupError(
            f"There is no Pulumi {version} or newer on PATH, its release archive could not be downloaded, and there is no Go to build it. Either\n"
            "  install Pulumi (https://www.pulumi.com/docs/install/), or\n"
            "  install Go 1.21 or newer (https://go.dev/doc/install): `make setup` then builds the engine (about 5 minutes, once on this machine)."
        )
    print(f"No Pulumi {version} on PATH and no release archive in reach: building the engine with Go, once on this machine.", flush=True)
    go_build.build(into)


def _numbers(version: str) -> tuple[int, ...]:
    found = re.search(r"(\d+)\.(\d+)\.(\d+)", version)
    return tuple(int(number) for number in found.groups()) if found else ()
