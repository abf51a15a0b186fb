"""What ARM shows of a deployment's operations."""

from __future__ import annotations

import hashlib

from offline.arm import ids
from offline.arm.deployments.run import record_of
from offline.arm.http import Json
from offline.arm.store import Store


def operations(store: Store, deployment: Json) -> Json:
    """GET `<deployment>/operations`: one for each resource whose turn has come."""
    record = record_of(store, deployment["id"])
    states = record["states"] if record is not None else {}
    return {"value": [_operation(deployment["id"], name, each) for name, each in states.items() if "time" in each]}


def _operation(deployment: str, resource: str, state: Json) -> Json:
    operation_id = hashlib.sha256(resource.lower().encode()).hexdigest()[:16].upper()
    target = ids.parse(resource)
    properties: Json = {
        "provisioningOperation": "Create",
        "provisioningState": state["state"],
        "timestamp": state["time"],
        "targetResource": {"id": resource, "resourceType": target.type, "resourceName": "/".join(target.names)},
    }
    if state.get("error"):
        properties["statusMessage"] = {"status": "Failed", "error": state["error"]}
    return {"id": f"{deployment}/operations/{operation_id}", "operationId": operation_id, "properties": properties}
