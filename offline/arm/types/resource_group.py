"""Subscriptions and resource groups: what everything else is in."""

from __future__ import annotations

import re

from azure.mgmt.resource.resources import models

from offline.arm import tenant
from offline.arm.errors import bad_request
from offline.arm.http import Json
from offline.arm.ids import ResourceId
from offline.arm.registry import Context, ResourceType, register
from offline.arm.store import Store

_NAME = re.compile(r"^[-\w._()]{0,89}[-\w_()]$")


def _put(context: Context, new: Json, old: Json | None) -> Json:
    if not _NAME.match(context.id.name):
        raise bad_request(
            "InvalidResourceGroupName",
            f"The provided resource group name '{context.id.name}' is invalid: 1-90 of letters, digits, -._() and no '.' at the end.",
        )
    return {**new, "properties": {"provisioningState": "Succeeded"}}


def _subscription(store: Store, resource_id: ResourceId) -> Json | None:
    return tenant.subscription(resource_id.subscription)


register(ResourceType("Microsoft.Resources/resourceGroups", models.ResourceGroup, on_put=_put, patch_model=models.ResourceGroupPatchable))
register(ResourceType("Microsoft.Resources/subscriptions", models.ResourceGroup, built_in=_subscription, tracked=False, writable=False))
