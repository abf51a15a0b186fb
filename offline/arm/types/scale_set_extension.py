"""Microsoft.Compute/virtualMachineScaleSets/extensions: lives in the model of its set; to write one is to write the model (X18)."""

from __future__ import annotations

from azure.mgmt.compute.models import VirtualMachineScaleSetExtension

from offline.arm.http import Json
from offline.arm.registry import Context, ResourceType, register

NAME = "Microsoft.Compute/virtualMachineScaleSets/extensions"


def _get(context: Context, body: Json) -> Json:
    """Without protected settings."""
    properties = {name: value for name, value in (body.get("properties") or {}).items() if name != "protectedSettings"}
    return {**body, "id": context.id.text, "type": NAME, "properties": {"provisioningState": "Succeeded", **properties}}


EXTENSIONS = register(
    ResourceType(
        NAME,
        VirtualMachineScaleSetExtension,
        on_get=_get,
        collection="virtualMachineProfile.extensionProfile.extensions",
        tracked=False,
    )
)
