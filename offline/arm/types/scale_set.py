"""Microsoft.Compute/virtualMachineScaleSets."""

from __future__ import annotations

from azure.mgmt.compute.models import VirtualMachineScaleSet

from offline.arm.compute import actions, instances, model, work, write
from offline.arm.compute.model import SCALE_SET, ScaleSet
from offline.arm.http import Json
from offline.arm.registry import Context, ResourceType, register


def _put(context: Context, new: Json, old: Json | None) -> Json:
    return write.write(context.store, old["id"] if old else context.id.text, new, old)


def _delete(context: Context, old: Json) -> None:
    """The instances and the record of the last rolling upgrade go with the set; the event log stays."""
    scale_set = ScaleSet(context.store, old["id"], old)
    for instance in instances.instances(context.store, scale_set.id):
        work.abandon(context.store, instance)
        instances.forget(scale_set, instance)
    context.store.delete(f"{scale_set.id}/rollingUpgrades/latest")
    context.store.delete_documents(scale_set.id)


def _get(context: Context, body: Json) -> Json:
    """`$expand=userData` shows the user data, which is left out otherwise."""
    return model.visible(body, with_user_data=context.request.query.get("$expand", "").lower() == "userdata")


SCALE_SETS = register(
    ResourceType(
        SCALE_SET,
        VirtualMachineScaleSet,
        on_put=_put,
        on_delete=_delete,
        on_get=_get,
        actions=actions.SET_ACTIONS,
        views=actions.SET_VIEWS,
    )
)
