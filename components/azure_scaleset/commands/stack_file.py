"""The stack file of an earlier update: its configuration from the history, encrypted as the stack's file of today is."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from azure_scaleset.commands.failure import CommandError
from azure_scaleset.commands.history import Setting


def project_file(folder: Path) -> Path:
    """The Pulumi.yaml of a project. Raises `CommandError` when the folder has none."""
    for name in ("Pulumi.yaml", "Pulumi.yml"):
        if (folder / name).is_file():
            return folder / name
    raise CommandError(f"The folder {folder} has no Pulumi.yaml. Expected the folder of the stack's program: cd there first.")


def place(project: Mapping[str, Any], stack: str) -> Path:
    """Where a project has the file of a stack, in its folder. *stack*: a name, or `organization/project/name`."""
    folder = project.get("stackConfigDir") or (project.get("config") if isinstance(project.get("config"), str) else "")
    return Path(str(folder or ".")) / f"Pulumi.{stack.rpartition('/')[2]}.yaml"


def rebuilt(
    today: Mapping[str, Any], values: Mapping[str, Setting], wanted: Mapping[str, Setting]
) -> tuple[dict[str, Any], dict[str, str]]:
    """The stack file with the configuration *wanted*, and the secrets that must still be encrypted into it.

    *today*: the stack file as it is, of which the encryption and what has not changed are kept; *values*: its configuration, decrypted.
    Raises `CommandError` for a secret within an object that was another one: which part of it is secret, the history doesn't tell.
    """
    nodes: Mapping[str, Any] = today.get("config") or {}
    config: dict[str, Any] = {}
    secrets: dict[str, str] = {}
    for key, setting in wanted.items():
        if key in nodes and values.get(key) == setting:
            config[key] = nodes[key]
        elif not setting.secret:
            config[key] = setting.value if setting.object is None else setting.object
        elif setting.object is None and setting.value is not None:
            secrets[key] = setting.value
        else:
            raise CommandError(
                f"The setting {key} was another one then, and a part of it is secret: the history doesn't tell which. "
                "By hand: set it as it was then with `pulumi config set --path`, and the same command again."
            )
    return {**{key: value for key, value in today.items() if key != "config"}, "config": config}, secrets


def load(file: Path) -> dict[str, Any]:
    """A YAML file; empty where there is none."""
    return (yaml.safe_load(file.read_text()) or {}) if file.exists() else {}
