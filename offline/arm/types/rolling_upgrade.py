"""Microsoft.Compute/virtualMachineScaleSets/rollingUpgrades: the one named `latest` tells of a set's last rolling upgrade."""

from __future__ import annotations

from azure.mgmt.compute.models import RollingUpgradeStatusInfo

from offline.arm.compute.model import load
from offline.arm.compute.rolling import record, steps, view  # noqa: F401 - `steps` fills the agenda
from offline.arm.errors import not_found
from offline.arm.http import Json
from offline.arm.registry import Context, ResourceType, register


def _get(context: Context, body: Json) -> Json:
    set_id = str(context.id.parent)
    scale_set, upgrade = load(context.store, set_id), record.latest(context.store, set_id)
    if scale_set is None or upgrade is None:
        raise not_found(context.id.text)
    return view.status(scale_set, upgrade)


ROLLING_UPGRADES = register(ResourceType(record.ROLLING_UPGRADE, RollingUpgradeStatusInfo, on_get=_get, writable=False))
