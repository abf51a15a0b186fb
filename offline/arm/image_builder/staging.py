"""The resource group that Image Builder works in: a storage account with the logs of its builds."""

from __future__ import annotations

import hashlib

from offline.arm import deleting, ids, writing
from offline.arm.http import Json, Request
from offline.arm.image_builder.template import Template
from offline.arm.registry import Context

LOGS = "packerlogs"
"""The container of the logs."""

_VERSION = {"api-version": "2024-01-01"}


def group_id(template: Template) -> str:
    """The id of the group: the one that the template names, or one of Image Builder's own."""
    named = template.properties.get("stagingResourceGroup")
    if named:
        return str(named)
    parsed = ids.parse(template.id)
    return f"/subscriptions/{parsed.subscription}/resourceGroups/IT_{parsed.resource_group}_{template.name}_{_digest(template)[:8]}"[:140]


def account_id(template: Template) -> str:
    """The id of the storage account in it."""
    return f"{group_id(template)}/providers/Microsoft.Storage/storageAccounts/{_digest(template)[:24]}"


def hindrance(template: Template) -> Json | None:
    """B9: a group of one's own must be empty and in the template's region; asked before `make`."""
    named = template.properties.get("stagingResourceGroup")
    group = template.store.get(named) if named else None
    if group is None:
        return None
    if group["location"] != template.location:
        why = f"is in '{group['location']}', the template in '{template.location}'"
    elif template.store.resources(f"{named}/"):
        why = "is not empty"
    else:
        return None
    return {"provisioningErrorCode": "BadStagingResourceGroup", "message": f"The staging resource group '{named}' {why}."}


def make(template: Template) -> None:
    """Makes the group, where it is not there, and the account with its container."""
    tags = {"createdBy": "AzureVMImageBuilder", "imageTemplateName": template.name}
    if template.store.get(group_id(template)) is None:
        _put(template, group_id(template), {"location": template.location, "tags": tags})
    account: Json = {"location": template.location, "kind": "StorageV2", "sku": {"name": "Standard_LRS"}, "tags": tags}
    _put(template, account_id(template), account)
    _put(template, f"{account_id(template)}/blobServices/default/containers/{LOGS}", {})


def remove(template: Template) -> None:
    """Deletes what `make` made: the whole group where it is Image Builder's own, else what is in it."""
    own = not template.properties.get("stagingResourceGroup")
    gone = group_id(template) if own else account_id(template)
    if template.store.get(gone) is not None:
        deleting.delete(Context(template.store, ids.parse(gone), Request("DELETE", gone, _VERSION)))


def log_url(template: Template, run: str) -> str:
    """The URL of the log of a run."""
    return f"https://{_digest(template)[:24]}.blob.core.windows.net/{LOGS}/{run}/customization.log"


def log_path(template: Template, run: str) -> str:
    """The log of a run as Image Builder's messages name it."""
    return f"{account_id(template)}/blobServices/default/containers/{LOGS}/{run}/customization.log"


def write_log(template: Template, run: str, text: str) -> None:
    """Writes the log of a run."""
    template.store.put_blob(log_url(template, run), text.encode(), {"content-type": "text/plain; charset=utf-8"})


def _put(template: Template, resource_id: str, body: Json) -> None:
    writing.put(Context(template.store, ids.parse(resource_id), Request("PUT", resource_id, _VERSION, body)))


def _digest(template: Template) -> str:
    return hashlib.sha256(f"{template.id.lower()} {template.properties.get('made')}".encode()).hexdigest()
