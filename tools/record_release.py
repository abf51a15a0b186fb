"""`python -m tools.record_release`: records what programs have that were deployed with the package as it is now, before its version is released.

For each stack: the YAML program, the state after `up` on an empty offline Azure, and that Azure. Later versions are previewed on them (`tests/engine/test_upgrade.py`), and
compared with the schema that is kept beside. Credentials in them are made up; secrets are encrypted with the offline Azure's passphrase, which protects nothing.
"""

import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import yaml

from offline import https_server, workspace
from tools import demo_image, package_schema, stack_copy, yaml_program

RECORDED = workspace.CHECKOUT / "tests" / "upgrade" / "recorded"
"""A folder for each released version."""
PROJECT = "azure-scaleset"
_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPf7ZrWOSGv2pW6PFv1uyVPMT0SmOne3hL1s1uY7mFmr recorded"
_PASSWORD = "Not-a-real-1-password"
_MARK, _ASSET = "4dabf18193072939515e22adb298388d", "c44067f5952c0a294b673a41bacd8c17"
"""How an asset stands in a state."""


def main() -> None:
    """Records the current version; refuses to overwrite one."""
    folder = RECORDED / package_schema.version()
    if folder.exists():
        sys.exit(
            f"{folder.relative_to(workspace.CHECKOUT)} exists: what was released stays as it is. Next: raise the version in components/pyproject.toml."
        )
    with tempfile.TemporaryDirectory() as made:
        for stack in stack_copy.names():
            _record(stack, Path(made) / "out" / stack, Path(made) / stack)
            print(f"recorded {stack}", flush=True)
        shutil.copytree(workspace.CHECKOUT / "apps", Path(made) / "out" / "apps")
        shutil.copyfile(package_schema.FILE, Path(made) / "out" / "schema.json")
        shutil.copytree(Path(made) / "out", folder)


def _record(stack: str, into: Path, scratch: Path) -> None:
    home, program = scratch / "home", scratch / "project"
    home.mkdir(parents=True)
    program.mkdir()
    shutil.copytree(workspace.CHECKOUT / "apps", program / "apps")
    config = yaml.safe_load((workspace.CHECKOUT / "stacks" / f"Pulumi.{stack}.yaml").read_text())["config"]
    keys = {name.partition(":")[2]: value for name, value in config.items()}
    (program / "Pulumi.yaml").write_text(yaml_program.text(PROJECT, stack, keys))
    with https_server.running(home) as server:
        environment = {**workspace.environment(home), **server}

        def pulumi(*words: str) -> str:
            command = ["pulumi", *words, "--non-interactive"]
            return subprocess.run(command, cwd=program, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout

        if stack == demo_image.STACK:
            demo_image.capture(home, environment)
        pulumi("stack", "init", stack)
        pulumi("config", "set", "--secret", yaml_program.PASSWORD, _PASSWORD)
        pulumi("config", "set", yaml_program.SSH_KEY, _KEY)
        pulumi("up", "--yes", "--skip-preview")
        state = json.loads(pulumi("stack", "export"))
    into.mkdir(parents=True)
    (into / "azure.sql").write_text(_azure(workspace.azure_file(home)))
    for name in ("Pulumi.yaml", f"Pulumi.{stack}.yaml"):
        shutil.copyfile(program / name, into / name)
    (into / "state.json").write_text(json.dumps(_without_paths(state), indent=1, sort_keys=True) + "\n")


def _azure(file: Path) -> str:
    """The Azure as SQL, without its log and the blobs, which no preview looks at."""
    with closing(sqlite3.connect(file)) as database:
        database.executescript("DELETE FROM events; DELETE FROM blobs;")
        return "\n".join(database.iterdump()) + "\n"


def _without_paths(value: Any) -> Any:
    """*value* without this machine's folders: the engine compares an asset by its hash, and needs no places in a program's source."""
    if isinstance(value, dict):
        kept = {key: item for key, item in value.items() if key not in ("sourcePosition", "stackTrace")}
        if kept.get(_MARK) == _ASSET and "path" in kept:
            kept["path"] = Path(kept["path"]).name
        return {key: _without_paths(item) for key, item in kept.items()}
    return [_without_paths(item) for item in value] if isinstance(value, list) else value


if __name__ == "__main__":
    main()
