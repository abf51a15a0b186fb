"""Carrying a deployment out: each resource is put when those it waits for are there; what fails keeps back what waits for it, and nothing else."""

from __future__ import annotations

from urllib.parse import urlsplit

from offline.arm import agenda, ids, operations, polling, writing
from offline.arm.deployments import template as templates
from offline.arm.deployments.scope import Scope
from offline.arm.deployments.template import Planned, Template
from offline.arm.errors import ArmError
from offline.arm.http import Json, Request
from offline.arm.registry import Context
from offline.arm.store import Store

DEPLOYMENT = "Microsoft.Resources/deployments"
LOOK_SECONDS = 5
"""How often a deployment looks at the resources it waits for."""

_WAITING, _RUNNING, _DONE, _FAILED = "Waiting", "Running", "Succeeded", "Failed"
_FAILED_MESSAGE = (
    "At least one resource deployment operation failed. Please list deployment operations for details. "
    "Please see https://aka.ms/arm-deployment-operations for usage details."
)


def record_of(store: Store, deployment: str) -> Json | None:
    """How far a deployment is: `{"properties", "operation", "states": {id: {"state", "operation", "time", "error"}}}`; None when it never began."""
    return store.document("deployment", deployment, "record")


def begin(template: Template, properties: Json) -> str:
    """Begins a deployment whose properties were read as `template`; gives its operation."""
    store, deployment = template.scope.store, template.scope.deployment
    operation = operations.begin(store)
    states = {each.id: {"state": _WAITING} for each in template.resources}
    record: Json = {"properties": properties, "operation": operation, "states": states, "start": store.seconds}
    store.put_document("deployment", deployment, "record", record)
    store.plan(deployment, "deployment", 0, operation=operation)
    return operation


@agenda.deed("deployment")
def look(store: Store, owner: str, data: Json) -> None:
    """One look: what is done, what can begin now; the last one ends the deployment."""
    body, record = store.get(owner), record_of(store, owner)
    if body is None or record is None or record["operation"] != data["operation"]:
        return
    template = templates.read(store, body["id"], record["properties"])
    for planned in template.resources:
        _go_on(template.scope, planned, record["states"])
    store.put_document("deployment", owner, "record", record)
    if any(each["state"] == _RUNNING for each in record["states"].values()):
        store.plan(owner, "deployment", LOOK_SECONDS, operation=data["operation"])
    else:
        _end(template, body, record)


def _go_on(scope: Scope, planned: Planned, states: dict[str, Json]) -> None:
    own = states[planned.id]
    if own["state"] == _RUNNING:
        found = operations.status(scope.store, own["operation"])
        if found["status"] != "InProgress" and not polling.is_unfinished(scope.store, planned.id):
            error = _of_operation(planned, found["error"]) if "error" in found else None
            own |= {"state": _FAILED if error else _DONE, "error": error, "time": scope.store.now().isoformat()}
    if own["state"] == _WAITING and all(states[each]["state"] == _DONE for each in planned.after):
        own |= _put(scope, planned) | {"time": scope.store.now().isoformat()}


def _put(scope: Scope, planned: Planned) -> Json:
    """Puts one resource; gives its state."""
    try:
        with scope.store.attempt():
            request = Request("PUT", planned.id, {"api-version": planned.version}, _body(scope.now(), planned))
            answer = writing.put(Context(scope.store, ids.parse(planned.id), request))
    except ArmError as refusal:
        return {"state": _FAILED, "error": refusal.error()}
    followed = operations.PATH.match(urlsplit(answer.headers.get("Azure-AsyncOperation", "")).path)
    return {"state": _RUNNING, "operation": followed["operation"]} if followed else {"state": _DONE}


def _body(scope: Scope, planned: Planned) -> Json:
    """The body with its expressions evaluated; those in the template of a nested deployment are its own where it says so (scope `inner`)."""
    options = (planned.body.get("properties") or {}).get("expressionEvaluationOptions") or {}
    if planned.type.lower() != DEPLOYMENT.lower() or str(options.get("scope")).lower() != "inner":
        evaluated: Json = scope.value(planned.body)
        return evaluated
    properties = {name: value if name == "template" else scope.value(value) for name, value in planned.body["properties"].items()}
    return {**scope.value({name: value for name, value in planned.body.items() if name != "properties"}), "properties": properties}


def _of_operation(planned: Planned, error: Json) -> Json:
    return {
        "code": "ResourceDeploymentFailure",
        "target": planned.id,
        "message": "The resource write operation failed to complete successfully, because it reached terminal provisioning state 'Failed'.",
        "details": [error],
    }


def _end(template: Template, body: Json, record: Json) -> None:
    """The deployment is over: outputs, or what failed."""
    store = template.scope.store
    failed = [each["error"] for each in record["states"].values() if each["state"] == _FAILED]
    properties = body["properties"]
    if not failed:
        try:
            properties["outputs"] = {
                templates.camel_case(name): {
                    "type": templates.spelled(output["type"]),
                    "value": template.scope.now().value(output["value"]),
                }
                for name, output in template.outputs.items()
            }
        except ArmError as refusal:
            failed = [refusal.error()]
    if failed:
        properties["error"] = {"code": "DeploymentFailed", "target": body["id"], "message": _FAILED_MESSAGE, "details": failed}
    done = [{"id": name} for name, each in record["states"].items() if each["state"] == _DONE]
    properties |= {
        "provisioningState": "Failed" if failed else "Succeeded",
        "outputResources": done,
        "timestamp": store.now().isoformat(),
        "duration": f"PT{store.seconds - record['start']:g}S",
    }
    store.put(body["id"], DEPLOYMENT, body)
    store.log("deploymentEnded", body["id"], state=properties["provisioningState"])
    operations.end(store, record["operation"], properties.get("error"))
