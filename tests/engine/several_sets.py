"""A program with several scale sets, each described in one file, so that one preview and one update carry a change of each."""

import json
from dataclasses import dataclass, field
from typing import Any

from offline.arm.http import Json
from tests.engine.project import KEY, Project

PROGRAM = '''
"""Makes the scale sets of sets.json. A text that begins with $ stands for an output of the program or a secret of the stack."""

import json
from pathlib import Path

import pulumi
from pulumi_azure_native import managedidentity, network, resources

from azure_scaleset import Network, ScaleSet

group = resources.ResourceGroup("group", resource_group_name="several", location="westeurope")
place = {"resource_group_name": group.name, "location": "westeurope"}
balanced = {"rules": [{"port": 80}], "probe": {"port": 80, "path": "/health"}}
net = Network("network", {**place, "load_balancer": balanced})
known = {
    "subnet": net.subnet_id,
    "pool": net.backend_pool_id,
    "closed": network.NetworkSecurityGroup("closed", network_security_group_name="closed", **place).id,
    "reader": managedidentity.UserAssignedIdentity("reader", resource_name_="reader", **place).id,
}


def resolved(value):
    if isinstance(value, dict):
        return {key: resolved(item) for key, item in value.items()}
    if isinstance(value, list):
        return [resolved(item) for item in value]
    if isinstance(value, str) and value.startswith("$"):
        return known[value[1:]] if value[1:] in known else pulumi.Config().require_secret(value[1:])
    return value


for name, args in json.loads(Path("sets.json").read_text()).items():
    ScaleSet(name, {**place, **resolved(args)})
'''
"""The program."""

SCALE_SET = "Microsoft.Compute/virtualMachineScaleSets"
IMAGE = "Canonical:0001-com-ubuntu-server-jammy:22_04-lts-gen2:22.04.202509230"
"""A fixed version of an image of Linux."""
NEWER_IMAGE = "Canonical:0001-com-ubuntu-server-jammy:22_04-lts-gen2:22.04.202510020"
"""The version that follows it."""


def linux(**args: Any) -> Json:
    """Arguments of a scale set of Linux; *args* replace its own."""
    own = {
        "os": "Linux",
        "image": IMAGE,
        "size": "Standard_D2s_v5",
        "capacity": 2,
        "admin": {"sshPublicKeys": [KEY]},
        "network": {"subnetId": "$subnet"},
    }
    return {**own, **args}


def windows(**args: Any) -> Json:
    """Arguments of a scale set of Windows, whose password is a secret of the stack; *args* replace its own."""
    own = {"os": "Windows", "image": "Win2022Datacenter", "size": "Standard_D2s_v5", "capacity": 2}
    return {**own, "admin": {"password": "$password"}, "network": {"subnetId": "$subnet"}, **args}


@dataclass
class SeveralSets:
    """A project with that program."""

    project: Project
    said: list[str] = field(default_factory=list)
    """All that pulumi has printed."""

    @classmethod
    def make(cls, project: Project) -> "SeveralSets":
        """Turns *project* into one; it has no sets yet."""
        (project.folder / "__main__.py").write_text(PROGRAM)
        project.write_settings({"config": {}})
        return cls(project)

    def write(self, sets: Json) -> None:
        """Describes the sets: name -> arguments in camelCase."""
        (self.project.folder / "sets.json").write_text(json.dumps(sets))

    def secret(self, name: str, value: str) -> None:
        """Sets a secret of the stack, which a set's arguments name `$name`."""
        self.project.pulumi("config", "set", "--secret", name, value)

    def preview(self) -> dict[str, str]:
        """Name of a set -> what `pulumi preview` says about it."""
        return by_name(self._run("preview", "--json"))

    def refused(self) -> dict[str, str]:
        """As `preview`, of one that has to fail."""
        printed = self._run("preview", "--json", check=False)
        return by_name(printed)

    def up(self) -> None:
        """`pulumi up`, which has to succeed."""
        self._run("up", "--yes", "--skip-preview")

    def scale_set_id(self, name: str) -> str:
        """The id of a set in Azure, whose name there ends in a digest."""
        (found,) = [each["id"] for each in self.project.resources(SCALE_SET) if each["name"].rpartition("-")[0] == name]
        return str(found)

    def instances(self, name: str) -> set[str]:
        """The ids of the instances of a set."""
        found = self.project.arm("GET", f"{self.scale_set_id(name)}/virtualMachines")["value"]
        return {each["instanceId"] for each in found}

    def _run(self, *words: str, check: bool = True) -> str:
        done = self.project.pulumi(*words, check=check)
        self.said += [done.stdout, done.stderr]
        assert check or done.returncode != 0, f"{words} did not fail: {done.stdout}"
        return done.stdout


def by_name(printed: str) -> dict[str, str]:
    """The diagnostics of a preview as JSON, by the name of the resource."""
    found: dict[str, str] = {}
    for each in json.loads(printed).get("diagnostics", []):
        name = each.get("urn", "").rpartition("::")[2]
        found[name] = found.get(name, "") + each["message"]
    return found
