"""Azure's asynchronous operations: what a write that was accepted came to, at a URL of its own."""

from __future__ import annotations

import re
import uuid

from offline.arm.errors import ArmError
from offline.arm.http import Json
from offline.arm.registry import Context
from offline.arm.store import Store

PATH = re.compile(
    r"^/subscriptions/(?P<subscription>[^/]+)/providers/[^/]+/locations/[^/]+/operations/(?P<operation>[^/]+)$", re.IGNORECASE
)
"""The path of an operation."""

_KIND = "operation"


def start(context: Context, location: str, error: Json | None) -> dict[str, str]:
    """Records what an accepted call came to (`error` None: it succeeded) and gives the headers that lead a client there."""
    store = context.store
    number = len(store.documents(_KIND, context.id.subscription))
    operation = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{context.id.key} {number}"))
    now = store.now().isoformat()
    body: Json = {"name": operation, "status": "Failed" if error else "Succeeded", "startTime": now, "endTime": now}
    store.put_document(_KIND, context.id.subscription, operation, body | ({"error": error} if error else {}))
    host = context.request.headers.get("host", "management.azure.com")
    namespace = context.id.type.partition("/")[0]
    version = context.request.query["api-version"]
    path = f"/subscriptions/{context.id.subscription}/providers/{namespace}/locations/{location}/operations/{operation}"
    return {"Azure-AsyncOperation": f"https://{host}{path}?api-version={version}", "Retry-After": "0"}


def status(store: Store, subscription: str, operation: str) -> Json:
    """GET of an operation: `{"status": "Succeeded" | "Failed", "error": …}`."""
    body = store.document(_KIND, subscription, operation)
    if body is None:
        raise ArmError(404, "NotFound", f"The operation '{operation}' was not found.")
    return body
