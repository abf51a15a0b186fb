"""Previews as `pulumi preview --json` writes them."""

import copy
from typing import Any

from tests.unit.rules.test_effects import MODEL

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
SECRET = "[secret]"
COMPONENT = "urn:pulumi:dev::shop::azure-scaleset:index:ScaleSet::web"
SET = "urn:pulumi:dev::shop::azure-scaleset:index:ScaleSet$azure-native:compute:VirtualMachineScaleSet::web"
TOKENS = {
    "set": "azure-native:compute:VirtualMachineScaleSet",
    "balancer": "azure-native:network:LoadBalancer",
    "autoscale": "azure-native:monitor:AutoscaleSetting",
    "extension": "azure-native:compute:VirtualMachineScaleSetExtension",
    "network": "azure-native:network:VirtualNetwork",
    "stash": "pulumi:index:Stash",
}


def model(**changes: Any) -> dict[str, Any]:
    """A scale set of ten instances in mode Rolling; *changes*: paths with `__` for dots."""
    inputs = copy.deepcopy(MODEL)
    for path, value in changes.items():
        *owners, last = path.split("__")
        owner = inputs
        for key in owners:
            owner = owner[key]
        owner[last] = value
    return inputs


def urn(kind: str, name: str) -> str:
    """The URN of a resource."""
    return f"urn:pulumi:dev::shop::{TOKENS[kind]}::{name}"


def state(kind: str, name: str, inputs: Any, parent: str = "", uses: dict[str, list[str]] | None = None, **more: Any) -> dict[str, Any]:
    """A resource as it stands on one side of a step."""
    return {"urn": urn(kind, name), "type": TOKENS[kind], "inputs": inputs, "parent": parent, "propertyDependencies": uses or {}, **more}


def step(op: str, old: dict[str, Any] | None, new: dict[str, Any] | None, **more: Any) -> dict[str, Any]:
    """A step of a preview."""
    sides = {name: side for name, side in (("oldState", old), ("newState", new)) if side is not None}
    return {"op": op, "urn": (new or old or {}).get("urn"), **sides, **more}


def created(kind: str, name: str, inputs: Any, uses: dict[str, list[str]] | None = None) -> dict[str, Any]:
    """The step that makes a resource."""
    return step("create", None, state(kind, name, inputs, uses=uses))


def preview(*steps: dict[str, Any]) -> dict[str, Any]:
    """The whole document."""
    return {"config": {}, "steps": list(steps), "changeSummary": {}}
