"""Builds the engine from Go modules: the way for machines that reach a Go module proxy, but not Pulumi's downloads."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tools import progress

ENGINE_MODULE = Path(__file__).parent / "engine"
PYTHON_HOST_MODULE = ENGINE_MODULE / "python_host"

_SDK = "github.com/pulumi/pulumi/sdk/v3"
_CLI = "github.com/pulumi/pulumi/pkg/v3"
_YAML = "github.com/pulumi/pulumi-yaml"
_OLDEST_GO = (1, 21)
"""The first Go that fetches the newer toolchain which a go.mod asks for."""


@dataclass(frozen=True)
class Build:
    """One `go build`: its module's folder, the packages of the programs, and where each keeps its version string."""

    folder: Path
    packages: tuple[str, ...]
    versions: dict[str, str]
    """Go variable -> Go module whose version it is to hold. Without it a program calls itself version ""."""

    def link_flags(self) -> str:
        """Without debugging symbols, with the versions."""
        variables = (f"-X {variable}=v{_version(self.folder, module)}" for variable, module in self.versions.items())
        return " ".join(["-s", "-w", *variables])


BUILDS = (
    Build(
        ENGINE_MODULE,
        (f"{_CLI}/cmd/pulumi", f"{_YAML}/cmd/pulumi-language-yaml"),
        {f"{_SDK}/go/common/version.Version": _SDK, f"{_YAML}/pkg/version.Version": _YAML},
    ),
    Build(PYTHON_HOST_MODULE, (f"{_SDK}/python/cmd/pulumi-language-python",), {f"{_SDK}/go/common/version.Version": _SDK}),
)


def cli_version() -> str:
    """The version of the engine that tools/engine asks for, without "v"."""
    return _version(ENGINE_MODULE, _CLI)


def go_can_build() -> bool:
    """Whether there is a Go on PATH that is new enough."""
    if shutil.which("go") is None:
        return False
    answer = subprocess.run(["go", "env", "GOVERSION"], capture_output=True, text=True).stdout
    found = re.match(r"go(\d+)\.(\d+)", answer)
    return found is not None and (int(found[1]), int(found[2])) >= _OLDEST_GO


def build(into: Path) -> None:
    """Builds pulumi and the language hosts for Python and YAML into the folder `into`."""
    for step in BUILDS:
        title = f"Engine, {' and '.join(package.rsplit('/', 1)[1] for package in step.packages)}"
        # Downloads only the modules that the packages need; `go mod download` would ask for all that go.sum knows.
        progress.run(
            f"{title}: modules", ["go", "list", "-deps", *step.packages], folder=step.folder, counts=_is_download, unit="downloaded"
        )
        listing = ["go", "list", "-deps", "-f", "{{if .Stale}}{{.ImportPath}}{{end}}", *step.packages]
        stale = subprocess.run(listing, cwd=step.folder, capture_output=True, text=True, check=True).stdout.split()
        command = ["go", "build", "-v", "-ldflags", step.link_flags(), "-o", f"{into}/", *step.packages]
        progress.run(title, command, folder=step.folder, counts=_is_package, unit="packages compiled", total=len(stale))
    _copy_python_scripts(into)


def _copy_python_scripts(into: Path) -> None:
    """The Python host starts programs and dynamic providers through scripts that must fit the Python SDK: the engine's, not the host's."""
    sdk = subprocess.run(
        ["go", "list", "-m", "-f", "{{.Dir}}", _SDK], cwd=ENGINE_MODULE, capture_output=True, text=True, check=True
    ).stdout.strip()
    for script in (Path(sdk) / "python/cmd/pulumi-language-python-exec", Path(sdk) / "python/dist/pulumi-resource-pulumi-python"):
        target = into / script.name
        shutil.copyfile(script, target)
        target.chmod(0o755)


def _version(folder: Path, module: str) -> str:
    found = re.search(rf"^\s*(?:require\s+)?{re.escape(module)} v(\S+)", (folder / "go.mod").read_text(), re.MULTILINE)
    if found is None:
        raise LookupError(f"{folder}/go.mod names no version of {module}")
    return found[1]


def _is_download(line: str) -> bool:
    return line.startswith("go: downloading ")


def _is_package(line: str) -> bool:
    return not line.startswith("go: ")
