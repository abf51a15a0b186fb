"""A stack of this project, deployed by a YAML program that takes the components from their plugin."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from offline import workspace
from tests.engine.project import CHECKOUT, KEY, PASSWORD, Project, home
from tools import yaml_program

PROJECT = "azure-scaleset"
"""The name of the program's own project: the same here, so that the resources have the same names."""


@dataclass
class YamlProject(Project):
    """The YAML program in a folder of its own, one stack, one Azure. The plugin is the installed package's program on PATH."""

    @classmethod
    def make(cls, root: Path, stack: str, server: dict[str, str]) -> "YamlProject":
        """Writes the program of *stack*, makes the stack, and gives it an administrator."""
        folder = root / "project"
        folder.mkdir()
        shutil.copytree(CHECKOUT / "apps", folder / "apps")
        project = cls(folder, stack, {**workspace.environment(home(root)), **server})
        project.write(keys_of(stack))
        project.pulumi("stack", "init", stack)
        project.pulumi("config", "set", "--secret", yaml_program.PASSWORD, PASSWORD)
        project.pulumi("config", "set", yaml_program.SSH_KEY, KEY)
        return project

    def write(self, keys: dict[str, Any]) -> None:
        """Writes the program of a stack with these keys."""
        (self.folder / "Pulumi.yaml").write_text(yaml_program.text(PROJECT, self.stack, keys))


def keys_of(stack: str) -> dict[str, Any]:
    """The keys of a committed stack file, without their namespace."""
    config = yaml.safe_load((CHECKOUT / "stacks" / f"Pulumi.{stack}.yaml").read_text())["config"]
    return {name.partition(":")[2]: value for name, value in config.items()}
