"""Azure's asynchronous operations: how far a call is that was accepted and takes time, and what it came to, at a URL of its own."""

from __future__ import annotations

import re
import uuid

from offline.arm.errors import ArmError
from offline.arm.http import Json, Response
from offline.arm.registry import Context
from offline.arm.store import Store

PATH = re.compile(
    r"^/subscriptions/(?P<subscription>[^/]+)/providers/[^/]+/locations/[^/]+/operations/(?P<operation>[^/]+)$", re.IGNORECASE
)
"""The path of an operation."""

PREEMPTED = "OperationPreempted"
"""The code of work that a newer call took the place of."""

_KIND = "operation"
_OWNER = "operations"
_SHOWN = ("name", "status", "startTime", "endTime", "error", "properties")


def begin(store: Store) -> str:
    """A new operation that waits for nothing yet; gives its id."""
    operation = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{store.path} {store.count_up(_OWNER, 'number')}"))
    body: Json = {"name": operation, "status": "InProgress", "startTime": store.now().isoformat(), "waits": 0, "failures": []}
    store.put_document(_KIND, _OWNER, operation, body)
    return operation


def wait_for_one_more(store: Store, operation: str) -> None:
    """One more piece of work that the operation waits for; `part_done` ends each."""
    body = _body(store, operation)
    store.put_document(_KIND, _OWNER, operation, {**body, "waits": body["waits"] + 1})


def waits(store: Store, operation: str) -> bool:
    """Whether there is work that the operation waits for."""
    return bool(_body(store, operation)["waits"])


def then(store: Store, operation: str, owner: str, kind: str) -> None:
    """What goes on the agenda of `owner` when the operation ends; it gets `{"operation", "failed"}`."""
    store.put_document(_KIND, _OWNER, operation, {**_body(store, operation), "then": [owner, kind]})


def part_done(store: Store, operation: str, failures: list[Json], cancelled: bool = False) -> None:
    """One piece of work is done. `failures`: what went wrong with it (`{"code", "message", "target"}`). The last one ends the operation."""
    body = _body(store, operation)
    body["waits"] -= 1
    body["failures"] += failures
    body["cancelled"] = body.get("cancelled", False) or cancelled
    store.put_document(_KIND, _OWNER, operation, body)
    if body["waits"] == 0:
        end(store, operation, error_of(body["failures"]))


def failures_of(store: Store, operation: str) -> list[Json]:
    """What went wrong with the work of an operation, without what a newer call took the place of."""
    return [each for each in _body(store, operation)["failures"] if each["code"] != PREEMPTED]


def error_of(failures: list[Json]) -> Json | None:
    """The error of an operation: the first failure, with all of them in the details."""
    return {"code": failures[0]["code"], "message": failures[0]["message"], "details": failures} if failures else None


def promise(store: Store, operation: str) -> None:
    """The operation is to `give` an answer: its headers then have a `Location`, where the answer is found."""
    store.put_document(_KIND, _OWNER, operation, {**_body(store, operation), "promised": True})


def give(store: Store, operation: str, output: Json) -> None:
    """The answer of an operation that ends well."""
    store.put_document(_KIND, _OWNER, operation, {**_body(store, operation), "properties": {"output": output}})


def end(store: Store, operation: str, error: Json | None) -> None:
    """Ends an operation: Failed with an error (Canceled when a newer call took its place), else Succeeded."""
    body = _body(store, operation)
    status = ("Canceled" if body.get("cancelled") else "Failed") if error else "Succeeded"
    body |= {"status": status, "endTime": store.now().isoformat()}
    store.put_document(_KIND, _OWNER, operation, body | ({"error": error} if error else {}))
    if "then" in body:
        owner, kind = body["then"]
        store.plan(owner, kind, 0, operation=operation, failed=error is not None)


def headers(context: Context, location: str, operation: str) -> dict[str, str]:
    """The headers that lead a client to an operation."""
    host = context.request.headers.get("host", "management.azure.com")
    namespace = context.id.type.partition("/")[0]
    version = context.request.query["api-version"]
    path = f"/subscriptions/{context.id.subscription}/providers/{namespace}/locations/{location}/operations/{operation}"
    found = {"Azure-AsyncOperation": f"https://{host}{path}?api-version={version}", "Retry-After": "0"}
    if _body(context.store, operation).get("promised"):
        found["Location"] = f"https://{host}{path}?monitor=true&api-version={version}"
    return found


def status(store: Store, operation: str) -> Json:
    """GET of an operation: `{"status": "InProgress" | "Succeeded" | "Failed" | "Canceled", "error": …}`."""
    body = store.document(_KIND, _OWNER, operation)
    if body is None:
        raise ArmError(404, "NotFound", f"The operation '{operation}' was not found.")
    return {name: body[name] for name in _SHOWN if name in body}


def answer(store: Store, operation: str) -> Response:
    """GET of an operation's `Location`: 202 till it has ended, then what it gives, or its error."""
    body = status(store, operation)
    if body["status"] == "InProgress":
        return Response(202)
    if "error" in body:
        return Response(409, {"error": body["error"]})
    return Response(200, (body.get("properties") or {}).get("output"))


def _body(store: Store, operation: str) -> Json:
    body = store.document(_KIND, _OWNER, operation)
    assert body is not None, f"the operation '{operation}' was begun"
    return body
