"""Microsoft.Compute/virtualMachineScaleSets/virtualMachines, and rollingUpgrades: what a set makes itself and nobody writes."""

from __future__ import annotations

from azure.mgmt.compute.models import RollingUpgradeStatusInfo, VirtualMachineScaleSetVM

from offline.arm.compute import actions, views
from offline.arm.compute.instances import INSTANCE
from offline.arm.compute.upgrade import ROLLING_UPGRADE
from offline.arm.errors import not_implemented
from offline.arm.http import Json
from offline.arm.registry import Context, ResourceType, register


def _put(context: Context, new: Json, old: Json | None) -> Json:
    raise not_implemented("a PUT of an instance or of a rolling upgrade")


def _get(context: Context, body: Json) -> Json:
    scale_set, (document,) = actions.of(context)
    return views.instance(scale_set, document, with_view=context.request.query.get("$expand", "").lower() == "instanceview")


def _delete(context: Context, old: Json) -> None:
    actions.remove(*actions.of(context))


INSTANCES = register(
    ResourceType(
        INSTANCE,
        VirtualMachineScaleSetVM,
        on_put=_put,
        on_delete=_delete,
        on_get=_get,
        actions=actions.INSTANCE_ACTIONS,
        views=actions.INSTANCE_VIEWS,
    )
)

ROLLING_UPGRADES = register(ResourceType(ROLLING_UPGRADE, RollingUpgradeStatusInfo, on_put=_put, writable=False))
