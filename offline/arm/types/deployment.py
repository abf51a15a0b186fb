"""Microsoft.Resources/deployments: templates that are carried out in a resource group."""

from __future__ import annotations

import uuid

from azure.mgmt.resource.deployments.models import Deployment

from offline.arm.deployments import run, template, view
from offline.arm.deployments.run import DEPLOYMENT
from offline.arm.deployments.template import Template
from offline.arm.errors import conflict, not_implemented
from offline.arm.http import Json
from offline.arm.registry import OPERATION, Context, ResourceType, register

_GOING_ON = ("Accepted", "Running")


def _put(context: Context, new: Json, old: Json | None) -> Json:
    _refuse_active(old)
    if context.id.resource_group is None:
        raise not_implemented("a deployment to a subscription")
    properties = new["properties"]
    read = template.read(context.store, context.id.text, properties)
    return {"tags": new.get("tags") or {}, "properties": _shown(context, read, properties), OPERATION: run.begin(read, properties)}


def _shown(context: Context, read: Template, properties: Json) -> Json:
    return {
        "provisioningState": "Accepted",
        "mode": properties["mode"],
        "parameters": template.shown_parameters(read, properties["template"]),
        "correlationId": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{context.id.key} {context.store.seconds}")),
        "timestamp": context.store.now().isoformat(),
    }


def _delete(context: Context, old: Json) -> None:
    """The record of the deployment goes; what it made stays."""
    _refuse_active(old)


def _refuse_active(old: Json | None) -> None:
    if old is not None and old["properties"]["provisioningState"] in _GOING_ON:
        raise conflict(
            "DeploymentActive",
            f"The deployment with resource id '{old['id']}' cannot be saved, because this would overwrite an existing deployment which is still "
            "active. Please see https://aka.ms/arm-deploy for usage details.",
        )


def _validate(context: Context, body: Json) -> Json:
    """`validate`: reads template and parameters. What only the providers know comes with the deployment itself."""
    properties = (context.request.body or {}).get("properties") or {}
    read = template.read(context.store, context.id.text, properties)
    return {
        "id": context.id.text,
        "name": context.id.name,
        "type": DEPLOYMENT,
        "properties": {**_shown(context, read, properties), "provisioningState": "Succeeded"},
    }


DEPLOYMENTS = register(
    ResourceType(
        DEPLOYMENT,
        Deployment,
        on_put=_put,
        on_delete=_delete,
        actions_before={"validate": _validate},
        views={"operations": lambda context, body: view.operations(context.store, body)},
        tracked=False,
    )
)
