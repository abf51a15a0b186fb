"""Microsoft.Compute/virtualMachineScaleSets/virtualMachines: made by a set; a PUT sets the protection policy and nothing else."""

from __future__ import annotations

from azure.mgmt.compute.models import VirtualMachineScaleSetVM

from offline.arm.compute import actions, instance_command, views
from offline.arm.compute.instances import INSTANCE, save
from offline.arm.errors import not_implemented
from offline.arm.http import Json
from offline.arm.registry import OPERATION, Context, ResourceType, register

PAGE_SIZE = 50
"""Instances on a page of their list: few enough that clients meet a second page."""


def _put(context: Context, new: Json, old: Json | None) -> Json:
    if old is None:
        raise not_implemented("a PUT that makes an instance")
    scale_set, (document,) = actions.of(context)
    policy = (new.get("properties") or {}).get("protectionPolicy") or {}
    save(scale_set, {**document, "protection": {name: value for name, value in policy.items() if value}})
    return {}


def _get(context: Context, body: Json) -> Json:
    scale_set, (document,) = actions.of(context)
    return views.instance(scale_set, document, with_view=context.request.query.get("$expand", "").lower() == "instanceview")


def _delete(context: Context, old: Json) -> str:
    begun = actions.run(actions.remove, *actions.of(context))
    assert begun is not None, "a deletion takes time"
    return str(begun[OPERATION])


INSTANCES = register(
    ResourceType(
        INSTANCE,
        VirtualMachineScaleSetVM,
        on_put=_put,
        on_delete=_delete,
        on_get=_get,
        actions={**actions.UNIFORM_INSTANCE_ACTIONS, "runCommand": actions.uniform(instance_command.begin)},
        views=actions.INSTANCE_VIEWS,
        page_size=PAGE_SIZE,
        unchecked=("hardwareProfile", "vmSize"),  # the SDK's list of sizes ends years ago
    )
)
