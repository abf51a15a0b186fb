"""Microsoft.Compute/virtualMachines/extensions: extensions of a machine that is in no scale set."""

from __future__ import annotations

from azure.mgmt.compute import models

from offline.arm.compute.machines import extensions
from offline.arm.compute.machines.machine import Machine, load
from offline.arm.compute.model import keep_protected_settings
from offline.arm.errors import bad_request, not_implemented
from offline.arm.http import Json
from offline.arm.registry import OPERATION, Context, ResourceType, register


def _machine(context: Context) -> Machine:
    machine = load(context.store, str(context.id.parent))
    if machine is None:
        raise not_implemented("extensions of a single instance of a scale set")
    return machine


def _put(context: Context, new: Json, old: Json | None) -> Json:
    machine, properties = _machine(context), new.get("properties") or {}
    for field in ("publisher", "type", "typeHandlerVersion"):
        if not properties.get(field):
            raise bad_request("InvalidParameter", f"Required parameter 'properties.{field}' is missing (null).", f"properties.{field}")
    for other in context.store.resources(f"{machine.id}/extensions/", extensions.EXTENSION):
        theirs = other["properties"]
        same = all(str(theirs[part]).lower() == str(properties[part]).lower() for part in ("publisher", "type"))
        if same and other["id"].lower() != context.id.key:
            raise bad_request(
                "BadRequest",
                f"Multiple VMExtensions per handler not supported for OS type '{machine.content.os}'. VMExtension '{context.id.name}' with handler "
                f"'{properties['publisher']}.{properties['type']}' already added or specified in input.",
            )
    body = {**new, "properties": {**properties}}
    keep_protected_settings(body, old)
    operation = extensions.begin(machine, context.id.name, body["properties"])
    body["properties"]["provisioningState"] = "Creating" if old is None else "Updating"
    return {**body, OPERATION: operation}


def _get(context: Context, body: Json) -> Json:
    """Without protected settings."""
    return {**body, "properties": {name: value for name, value in body["properties"].items() if name != "protectedSettings"}}


def _delete(context: Context, old: Json) -> str:
    return extensions.begin_removal(_machine(context), context.id.name)


register(
    ResourceType(
        extensions.EXTENSION,
        models.VirtualMachineExtension,
        on_put=_put,
        on_get=_get,
        on_delete=_delete,
        patch_model=models.VirtualMachineExtensionUpdate,
    )
)
