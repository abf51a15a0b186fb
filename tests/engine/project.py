"""A copy of the program with a home of its own, driven by the real pulumi command."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from offline import workspace
from offline.arm import faults
from offline.arm.app import Azure
from offline.arm.http import Json, Request
from offline.arm.store import Store

CHECKOUT = workspace.CHECKOUT
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPf7ZrWOSGv2pW6PFv1uyVPMT0SmOne3hL1s1uY7mFmr test"
PASSWORD = "Not-a-real-1-password"
_COPIED = ("Pulumi.yaml", "__main__.py", "stacks", "apps")


def home(root: Path) -> Path:
    """The home of a project's Azure."""
    return root / "home"


class PulumiFailed(AssertionError):
    """A pulumi command that was to succeed failed; the message is its output."""


@dataclass(frozen=True)
class Change:
    """One step of a preview that is more than `same`: what is done to which resource, and the properties that carry it."""

    op: str
    resource: str
    properties: tuple[str, ...] = ()


@dataclass
class Project:
    """The program in a folder of its own, one stack, one Azure."""

    folder: Path
    stack: str
    environment: dict[str, str] = field(default_factory=dict)

    @classmethod
    def make(cls, root: Path, stack: str, server: dict[str, str]) -> "Project":
        """Copies the program, makes the stack, and gives it an administrator. *server*: the variables of the server that runs for `home(root)`."""
        folder = root / "project"
        folder.mkdir()
        cls.copy_program(folder)
        project = cls(folder, stack, {**workspace.environment(home(root)), **server})
        project.pulumi("stack", "init", stack)
        if project.settings()["config"]["azure-scaleset:os"] == "Windows":
            project.pulumi("config", "set", "--secret", "--path", "azure-scaleset:admin.password", PASSWORD)
        else:
            project.pulumi("config", "set", "--path", "azure-scaleset:admin.sshPublicKeys[0]", KEY)
        return project

    @staticmethod
    def copy_program(folder: Path) -> None:
        """Copies the program into *folder*."""
        for name in _COPIED:
            source = CHECKOUT / name
            (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / name)
        # A current Python host takes the virtual environment that Pulumi.yaml names, in the project's folder.
        (folder / "venv").symlink_to(workspace.VIRTUAL_ENVIRONMENT)

    def pulumi(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Runs pulumi in the project; raises `PulumiFailed` with its output when it fails and *check* is set."""
        command = ["pulumi", *words, "--non-interactive"]
        if words[0] not in ("stack", "config") or words[:2] in (("stack", "export"), ("stack", "output")):
            command += ["--stack", self.stack]
        done = subprocess.run(command, cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=300, check=False)
        if check and done.returncode != 0:
            raise PulumiFailed(f"{' '.join(command)}\n{done.stdout}\n{done.stderr}")
        return done

    def up(self) -> str:
        """`pulumi up`; gives its output."""
        return self.pulumi("up", "--yes", "--skip-preview").stdout

    def preview(self) -> list[Change]:
        """What `pulumi preview` says will change."""
        output = self.pulumi("preview", "--json").stdout
        steps = json.loads(output)["steps"]
        return sorted(
            (
                Change(
                    step["op"],
                    step["urn"].rsplit("::", 2)[-2].split("$")[-1] + "::" + step["urn"].rsplit("::", 1)[-1],
                    tuple(sorted(step.get("detailedDiff") or ())),
                )
                for step in steps
                if step["op"] != "same"
            ),
            key=lambda change: (change.resource, change.op),
        )

    def state(self) -> str:
        """The stack's state, secrets encrypted, as text."""
        return self.pulumi("stack", "export").stdout

    def settings(self) -> dict[str, Any]:
        """The stack file."""
        document: dict[str, Any] = yaml.safe_load(self.stack_file.read_text())
        return document

    def configure(self, **keys: Any) -> None:
        """Changes keys of the stack file."""
        document = self.settings()
        document["config"].update({f"azure-scaleset:{key}": value for key, value in keys.items()})
        self.write_settings(document)

    def write_settings(self, document: dict[str, Any]) -> None:
        """Writes the stack file."""
        self.stack_file.write_text(yaml.safe_dump(document))

    @property
    def stack_file(self) -> Path:
        """The copy of the stack file."""
        return self.folder / "stacks" / f"Pulumi.{self.stack}.yaml"

    def arm(self, method: str, path: str, body: Json | None = None) -> Json:
        """A call to the Azure of this project."""
        store = Store(workspace.azure_file(Path(self.environment["OFFLINE_HOME"])))
        answer = Azure(store).handle(Request(method, path, {"api-version": "2024-11-01"}, body))
        store.close()
        assert answer.status < 400, answer.body
        return answer.body or {}

    def resources(self, resource_type: str | None = None) -> list[Json]:
        """The resources in Azure, of one type or all."""
        store = Store(workspace.azure_file(Path(self.environment["OFFLINE_HOME"])))
        found = store.resources(resource_type=resource_type)
        store.close()
        return found

    def scale(self, capacity: int) -> None:
        """Sets the number of instances behind Pulumi's back, as autoscale does, and waits until they serve."""
        self.arm("PATCH", self.scale_set()["id"], {"sku": {**self.scale_set()["sku"], "capacity": capacity}})
        self.wait_for_instances()

    def wait_for_instances(self) -> None:
        """Looks at the instances, which makes time pass in the offline Azure, until nothing is being done to them."""
        for _ in range(1000):
            if all(instance["properties"]["provisioningState"] in ("Succeeded", "Failed") for instance in self.instances()):
                return
        raise AssertionError(f"the instances are still busy: {self.instances()}")

    def order_fault(self, kind: str, **fields: Any) -> None:
        """Makes something go wrong in the Azure of this project; `offline/arm/faults.py` tells kinds and fields."""
        store = Store(workspace.azure_file(Path(self.environment["OFFLINE_HOME"])))
        with store.transaction():
            faults.add(store, kind, **fields)
        store.close()

    def clear_faults(self) -> None:
        """Takes all faults back."""
        store = Store(workspace.azure_file(Path(self.environment["OFFLINE_HOME"])))
        with store.transaction():
            faults.clear(store)
        store.close()

    def events(self, kind: str | None = None) -> list[Json]:
        """The events of one kind in Azure's log, or all."""
        store = Store(workspace.azure_file(Path(self.environment["OFFLINE_HOME"])))
        found = store.events(kind)
        store.close()
        return found

    def scale_set(self) -> Json:
        """The stack's one scale set, as stored."""
        (found,) = self.resources("Microsoft.Compute/virtualMachineScaleSets")
        return found

    def instances(self) -> list[Json]:
        """The instances of the scale set."""
        values: list[Json] = self.arm("GET", f"{self.scale_set()['id']}/virtualMachines")["value"]
        return values

    def edit(self, file: str, old: str, new: str) -> None:
        """Replaces a text in a file of the project; it must be there."""
        path = self.folder / file
        text = path.read_text()
        assert old in text, f"{file} does not hold {old!r}"
        path.write_text(text.replace(old, new, 1))

    def touch(self, file: str) -> None:
        """Gives a file another modification time."""
        os.utime(self.folder / file, (1, 1))
