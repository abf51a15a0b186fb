"""Microsoft.VirtualMachineImages/imageTemplates: Image Builder's templates. One is taken in once; another recipe is another template (B11)."""

from __future__ import annotations

import copy
import re

from azure.mgmt.imagebuilder import models

from offline.arm import provisioning
from offline.arm.compute.model import identity_of
from offline.arm.errors import ArmError, bad_request, conflict
from offline.arm.http import Json
from offline.arm.image_builder import build, staging, submission
from offline.arm.image_builder.durations import AUTO_RUN_SECONDS, SUBMISSION_SECONDS
from offline.arm.image_builder.template import RUN_OUTPUT, TEMPLATE, Template
from offline.arm.registry import OPERATION, Context, ResourceType, register
from offline.arm.store import Store

_NAME = re.compile(r"^[A-Za-z0-9_.-]{1,64}$")
_MAY_CHANGE = ("vmProfile", "distribute")
"""What a PATCH may change."""
_OURS = ("provisioningState", "provisioningError", "lastRunStatus", "exactStagingResourceGroup", "made")


def _put(context: Context, new: Json, old: Json | None) -> Json:
    if not _NAME.match(context.id.name):
        raise bad_request(
            "InvalidResourceName", f"The image template name '{context.id.name}' is invalid: 1-64 letters, digits, '.', '_' and '-'."
        )
    submission.refuse(new)
    body = copy.deepcopy(new)
    body["identity"] = identity_of(context.id.text, body["identity"], context.store)
    if old is not None:
        return _update(context, body, old)
    body["properties"]["made"] = context.store.now().isoformat()
    template = Template(context.store, {"id": context.id.text, "name": context.id.name, **body})
    hindrance = staging.hindrance(template)
    if hindrance is None:
        staging.make(template)
    body["properties"]["exactStagingResourceGroup"] = staging.group_id(template)
    _note_version(template)
    return provisioning.begin(context, body, old, SUBMISSION_SECONDS, hindrance=hindrance)


def _note_version(template: Template) -> None:
    """`exactVersion` of the source: what `latest` means while the template is taken in."""
    source = template.properties["source"]
    try:
        exact = template.source().exact
    except ArmError:
        return  # found out when the template is examined
    if exact and source["type"] != "ManagedImage":
        source["exactVersion"] = exact


def _update(context: Context, body: Json, old: Json) -> Json:
    before, after = (
        {name: value for name, value in each["properties"].items() if name not in _OURS} for each in (old, copy.deepcopy(body))
    )
    for each in (before, after):
        each["source"] = {name: value for name, value in each["source"].items() if name != "exactVersion"}
    allowed = _MAY_CHANGE if context.request.method == "PATCH" else ("vmProfile",)
    changed = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name) and name not in allowed)
    if changed:
        raise conflict(
            "Conflict",
            f"Update/Upgrade of image templates is currently not supported: '{', '.join(changed)}' of '{old['name']}' can't be changed.",
            f"properties.{changed[0]}",
        )
    if old["properties"]["provisioningState"] == "Failed":
        raise conflict("Conflict", f"The image template '{old['name']}' has failed: delete it, and create it again.")
    kept = {name: old["properties"][name] for name in _OURS if name in old["properties"]}
    source = old["properties"]["source"]
    return {**body, "properties": {**body["properties"], **kept, "source": source}}


def _examined(store: Store, body: Json, data: Json) -> Json | None:
    """The template is taken in: it is good, and perhaps runs at once, or has failed."""
    template = Template(store, body)
    error = data["hindrance"] or submission.examine(template)
    if error is not None:
        body["properties"]["provisioningError"] = error
        return {"code": "ValidationFailed", "message": error["message"]}
    if (body["properties"].get("autoRun") or {}).get("state") == "Enabled":
        store.plan(template.id, "autoRun", AUTO_RUN_SECONDS)
    return None


def _run(context: Context, body: Json) -> Json:
    return {OPERATION: build.begin(Template(context.store, body))}


def _cancel(context: Context, body: Json) -> Json:
    return {OPERATION: build.cancel(Template(context.store, body))}


def _get(context: Context, body: Json) -> Json:
    return {**body, "properties": {name: value for name, value in body["properties"].items() if name != "made"}}


def _delete(context: Context, old: Json) -> None:
    """The images that it has made stay. It is refused while a build goes on, which must be cancelled first."""
    template = Template(context.store, old)
    if build.going_on(template):
        state = template.properties["lastRunStatus"]["runState"].lower()
        raise ArmError(
            405,
            "OperationNotAllowed",
            f"Operation '{TEMPLATE}/delete' is not allowed in provisioningState: 'provisioned', runState: '{state}'",
        )
    staging.remove(template)


provisioning.ENDS[TEMPLATE.lower()] = _examined
register(
    ResourceType(
        TEMPLATE,
        models.ImageTemplate,
        on_put=_put,
        on_get=_get,
        on_delete=_delete,
        actions={"run": _run, "cancel": _cancel},
        patch_model=models.ImageTemplateUpdateParameters,
    )
)
register(ResourceType(RUN_OUTPUT, models.RunOutput, tracked=False, writable=False))
