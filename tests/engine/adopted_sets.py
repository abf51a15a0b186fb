"""Scale sets that something else made, written down in tests/fixtures/models with their sources, in the Azure of a project."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from azure.mgmt.compute import models

from offline import workspace
from offline.arm.http import Json
from offline.arm.shapes import nest
from offline.arm.tenant import SUBSCRIPTIONS
from tests.engine.project import CHECKOUT, Project, home

_MODELS = CHECKOUT / "tests" / "fixtures" / "models"
_NO_SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"
_SUBSCRIPTION = next(iter(SUBSCRIPTIONS))
_ID = r"/subscriptions/[^\s'\"]+?"


@dataclass
class Adopter(Project):
    """A copy of the program without stacks, to which `scaleset adopt` adds one."""

    @classmethod
    def make(cls, root: Path, stack: str, server: dict[str, str]) -> "Adopter":
        """Copies the program; *stack* is made later."""
        folder = root / "project"
        folder.mkdir()
        cls.copy_program(folder)
        return cls(folder, stack, {**workspace.environment(home(root)), **server})

    def made_elsewhere(self, fixture: str, **changes: str) -> str:
        """Makes the scale set of a fixture and what it needs, as its tool would; gives its id. *changes*: texts in place of others, where the offline Azure has not
        what the fixture names."""
        text = (_MODELS / f"{fixture}.yaml").read_text().replace(_NO_SUBSCRIPTION, _SUBSCRIPTION)
        for old, new in changes.items():
            assert old in text, f"{fixture} does not hold {old!r}"
            text = text.replace(old, new)
        inputs = yaml.safe_load(text)["inputs"]
        group, name = inputs.pop("resourceGroupName"), inputs.pop("vmScaleSetName")
        for path, body in _needed(text, group, inputs["location"]).items():
            self.arm("PUT", path, body)
        scale_set_id = f"/subscriptions/{_SUBSCRIPTION}/resourceGroups/{group}/providers/Microsoft.Compute/virtualMachineScaleSets/{name}"
        self.arm("PUT", scale_set_id, nest(inputs, models.VirtualMachineScaleSet))
        self.wait_for_instances()
        return scale_set_id


def _needed(text: str, group: str, location: str) -> dict[str, Json]:
    """What the ids in a fixture name: id -> body."""
    groups = {group, *re.findall(r"/resourceGroups/([^/\s'\"]+)/", text)}
    found: dict[str, Json] = {f"/subscriptions/{_SUBSCRIPTION}/resourceGroups/{each}": {"location": location} for each in sorted(groups)}
    for kind in ("userAssignedIdentities", "networkSecurityGroups"):
        found |= {each: {"location": location, "properties": {}} for each in sorted(set(re.findall(rf"{_ID}/{kind}/[^/\s'\"]+", text)))}
    for network, subnets in _parts(text, "virtualNetworks", "subnets").items():
        parts = [{"name": each, "properties": {"addressPrefix": f"10.{number}.0.0/16"}} for number, each in enumerate(subnets)]
        found[network] = {"location": location, "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/8"]}, "subnets": parts}}
    for balancer, pools in _parts(text, "loadBalancers", "backendAddressPools").items():
        subnet = next(f"{network}/subnets/{names[0]}" for network, names in _parts(text, "virtualNetworks", "subnets").items())
        front_end: Any = {"name": "front", "properties": {"subnet": {"id": subnet}, "privateIPAllocationMethod": "Dynamic"}}
        properties: Any = {"frontendIPConfigurations": [front_end], "backendAddressPools": [{"name": each} for each in pools]}
        nat_pools = _parts(text, "loadBalancers", "inboundNatPools").get(balancer, [])
        properties["inboundNatPools"] = [
            {
                "name": each,
                "properties": {
                    "frontendIPConfiguration": {"id": f"{balancer}/frontendIPConfigurations/front"},
                    "protocol": "Tcp",
                    "frontendPortRangeStart": 50000,
                    "frontendPortRangeEnd": 50119,
                    "backendPort": 3389,
                },
            }
            for each in nat_pools
        ]
        found[balancer] = {"location": location, "sku": {"name": "Standard"}, "properties": properties}
    return found


def _parts(text: str, whole: str, part: str) -> dict[str, list[str]]:
    """Id of each resource of the kind *whole* -> the names of its parts."""
    found: dict[str, list[str]] = {}
    for owner, name in sorted(set(re.findall(rf"({_ID}/{whole}/[^/\s'\"]+)/{part}/([^/\s'\"]+)", text))):
        found.setdefault(owner, []).append(name)
    return found
