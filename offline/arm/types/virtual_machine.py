"""Microsoft.Compute/virtualMachines: the instances of Flexible sets, which are virtual machines of their own (O13). They are made by their set."""

from __future__ import annotations

import re

from azure.mgmt.compute.models import VirtualMachine

from offline.arm.compute import actions, views
from offline.arm.compute.instances import MACHINE, machine_id
from offline.arm.errors import not_implemented
from offline.arm.http import Json, Request
from offline.arm.registry import OPERATION, Context, ResourceType, register

_OF_SET = re.compile(r"^\s*'?virtualMachineScaleSet/id'?\s+eq\s+'?(?P<set>/[^']+?)'?\s*$", re.IGNORECASE)


def _filtered(bodies: list[Json], request: Request) -> list[Json]:
    """`$filter`: the one that Azure takes, `'virtualMachineScaleSet/id' eq '<id>'`."""
    wanted = request.query.get("$filter")
    if wanted is None:
        return bodies
    match = _OF_SET.match(wanted)
    if match is None:
        raise not_implemented(f"the filter '{wanted}' of '{MACHINE}'")
    return [each for each in bodies if each["scaleSet"].lower() == match["set"].lower()]


def _get(context: Context, body: Json) -> Json:
    scale_set, (document,) = actions.of(context)
    shown = views.instance(scale_set, document, with_view=context.request.query.get("$expand", "").lower() == "instanceview")
    properties = {
        name: value for name, value in shown["properties"].items() if name not in ("latestModelApplied", "modelDefinitionApplied")
    }
    properties["virtualMachineScaleSet"] = {"id": scale_set.id}
    kept = {name: value for name, value in shown.items() if name not in ("instanceId", "sku", "resources")}
    return {**kept, "id": machine_id(scale_set.id, document["name"]), "type": MACHINE, "properties": properties}


def _put(context: Context, new: Json, old: Json | None) -> Json:
    raise not_implemented("a PUT of a virtual machine")


def _delete(context: Context, old: Json) -> str:
    begun = actions.run(actions.remove, *actions.of(context))
    assert begun is not None, "a deletion takes time"
    return str(begun[OPERATION])


MACHINES = register(
    ResourceType(
        MACHINE,
        VirtualMachine,
        on_put=_put,
        on_delete=_delete,
        on_get=_get,
        actions={name: action for name, action in actions.INSTANCE_ACTIONS.items() if name != "reimageAll"},
        views=actions.INSTANCE_VIEWS,
        filtered=_filtered,
        page_size=50,
    )
)
