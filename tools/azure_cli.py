"""The real Azure CLI on the offline Azure: `python -m tools.azure_cli vmss list --output table`.

It is installed on demand, for all checkouts of this machine, in an environment of its own: 700 MB, which the project itself has no use for.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from offline import workspace
from tools import cache, progress
from tools.errors import SetupError

VERSION = "2.91.0"
"""Of the package azure-cli. It pins the versions of what it needs itself."""
CLOUD = "offline"
"""What the CLI calls the offline Azure (`az cloud list`)."""

_FOREIGN = ("AZURE_", "ARM_", "MSI_", "IDENTITY_")


def folder() -> Path:
    """Where the CLI is kept, installed or not."""
    return cache.folder(f"azure-cli-{VERSION}-python{sys.version_info.major}.{sys.version_info.minor}")


def is_installed() -> bool:
    """Whether an installation was complete."""
    return (folder() / ".complete").exists()


def ensure() -> Path:
    """Installs the CLI where it is missing, and gives `az`. Raises SetupError when that fails."""
    into = folder()
    if not is_installed():
        if importlib.util.find_spec("ensurepip") is None:
            raise SetupError(f"{sys.executable} can't make virtual environments: its `ensurepip` is missing.")
        with cache.alone(into):
            if not is_installed():
                _install(into)
    return into / "bin" / "az"


def _install(into: Path) -> None:
    shutil.rmtree(into, ignore_errors=True)
    print(f"Azure CLI {VERSION}: about 700 MB, once on this machine.", flush=True)
    subprocess.run([sys.executable, "-m", "venv", into], check=True)
    pip: list[str | Path] = [into / "bin" / "python", "-m", "pip", "install", "--disable-pip-version-check", f"azure-cli=={VERSION}"]
    progress.run("Azure CLI", pip, folder=into, counts=lambda line: line.startswith("Collecting "), unit="packages looked up")
    (into / ".complete").write_text(VERSION)


@contextmanager
def signed_in(az: Path, home: Path) -> Iterator[dict[str, str]]:
    """The environment in which `az` is signed in to the Azure of `home`: to a `serve` that runs for it, else to a server for as long as the context lasts.

    The CLI's settings are in a folder of the home: a person's own `~/.azure` stays untouched.
    """
    from offline import https_server  # here, because `make az-cli` must not need what the server imports

    try:
        yield _environment(az, home, https_server.environment(home))
    except https_server.NotServing:
        pass
    else:
        return
    with https_server.running(home) as variables:
        yield _environment(az, home, variables)


def _environment(az: Path, home: Path, variables: Mapping[str, str]) -> dict[str, str]:
    config = home / "azure-cli"
    config.mkdir(parents=True, exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
    environment = {
        **kept,
        **variables,
        "AZURE_CONFIG_DIR": str(config),
        "PATH": f"{az.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
    }
    endpoint = variables["OFFLINE_ARM_ENDPOINT"]
    stamp = config / "signed-in-to"
    if not stamp.exists() or stamp.read_text() != endpoint:
        for words in _sign_in(endpoint, variables["OFFLINE_AUDIENCE"], known=stamp.exists()):
            _quietly(az, words, environment)
        stamp.write_text(endpoint)
    return environment


def _sign_in(endpoint: str, audience: str, known: bool) -> list[list[str]]:
    """The commands that point the CLI to an endpoint and sign in with the managed identity. docs/azure-cli.md shows the same ones."""
    endpoints = {
        "--endpoint-resource-manager": f"{endpoint}/",
        "--endpoint-active-directory": f"{endpoint}/",
        "--endpoint-active-directory-resource-id": audience,
        "--endpoint-management": f"{endpoint}/",
    }
    return [
        [
            "config",
            "set",
            "core.instance_discovery=false",
            "core.collect_telemetry=false",
            "core.survey_message=false",
            "--only-show-errors",
        ],
        ["cloud", "update" if known else "register", "--name", CLOUD, *(word for pair in endpoints.items() for word in pair)],
        ["cloud", "set", "--name", CLOUD],
        ["login", "--identity"],
    ]


def _quietly(az: Path, words: Sequence[str], environment: Mapping[str, str]) -> None:
    done = subprocess.run([az, *words], env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        raise SetupError(f"`az {' '.join(words)}` failed ({done.returncode}):\n{done.stderr.strip()}")


def main(words: Sequence[str] | None = None) -> int:
    """Runs one command of the CLI on the offline Azure and gives its exit code; without words it only installs."""
    words = sys.argv[1:] if words is None else words
    try:
        az = ensure()
        if not words:
            print(f"Azure CLI {VERSION} is in {az.parent}. Next: venv/bin/python -m tools.azure_cli vmss list --output table")
            return 0
        with signed_in(az, workspace.default_home()) as environment:
            return subprocess.run([az, *words], env=environment).returncode
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
