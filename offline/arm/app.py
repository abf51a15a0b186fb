"""The offline Azure as one object: takes an ARM call, gives ARM's answer. What is due by then happens in a transaction before, the call in one of its own."""

from __future__ import annotations

import re
from collections.abc import Callable

import offline.arm.types  # noqa: F401 - fills the registry
from offline.arm import agenda, deleting, faults, ids, lookup, paging, polling, routes, tenant, writing
from offline.arm.compute import catalogue
from offline.arm.errors import ArmError, bad_request, not_implemented
from offline.arm.http import Json, Request, Response
from offline.arm.registry import NO_CONTENT, OPERATION, Action, Context, ResourceType
from offline.arm.store import Store
from offline.arm.tenant import subscriptions

__all__ = ["Azure", "subscriptions"]

_VERSION = re.compile(r"^\d{4}-\d{2}-\d{2}(-preview|-alpha|-beta)?$")


class Azure:
    """An Azure whose state is in a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def handle(self, request: Request) -> Response:
        """Answers one call. A refusal is an answer too: time goes by, and the state is as it was.

        Raises `faults.AnswerLost` when somebody has ordered a connection to break.
        """
        with self._store.transaction():
            polls = request.method == "GET" and (polling.is_poll(request.path) or polling.is_unfinished(self._store, request.path))
            agenda.pass_time(self._store, request, polls)
            refused = faults.refusal(self._store, request)
        if refused is not None:
            return refused
        answer = self._carried_out(request)
        with self._store.transaction():
            how = faults.lost(self._store, request)
        if how == "reset":
            raise faults.AnswerLost(f"the answer to {request.method} {request.path} was lost on order")
        return answer if how is None else ArmError(500, "InternalServerError", "The answer was lost on order.").response()

    def _carried_out(self, request: Request) -> Response:
        try:
            with self._store.transaction():
                return self._answer(request)
        except ArmError as refusal:
            return refusal.response()

    def _answer(self, request: Request) -> Response:
        if request.path.lower() == "/aliases.json":
            return Response(200, catalogue.aliases())
        if request.path.rstrip("/").lower() == "/metadata/endpoints":
            return Response(200, tenant.endpoints(f"https://{request.headers.get('host', 'management.azure.com')}")[0])
        _check_version(request)
        fixed = routes.answer(self._store, request)
        if fixed is not None:
            return fixed
        if request.method == "POST" and ids.names_a_resource(request.path):
            head, kind, name = request.path.rstrip("/").rsplit("/", 2)  # an action of two words: rollingUpgrades/cancel
            return self._act(Context(self._store, ids.parse(head), request), f"{kind}/{name}")
        if ids.names_a_resource(request.path):
            return self._resource(Context(self._store, ids.parse(request.path), request))
        head, _, tail = request.path.rstrip("/").rpartition("/")
        if request.method == "POST":
            return self._act(Context(self._store, ids.parse(head), request), tail)
        if request.method == "GET":
            return self._below(request, head, tail)
        raise _not_allowed(request)

    def _resource(self, context: Context) -> Response:
        method = context.request.method
        if method in _WRITES:
            return _WRITES[method](context)
        if method not in ("GET", "HEAD"):
            raise _not_allowed(context.request)
        resource_type, body = _existing(context)
        if method == "HEAD":
            return Response(204)
        waits = polling.is_unfinished(context.store, context.request.path)
        return Response(200, resource_type.on_get(context, body), polling.headers(context.request.path, waits))

    def _act(self, context: Context, name: str) -> Response:
        before = _by_name(lookup.known_type(context.id.type).actions_before, name)
        if before is not None:
            return Response(200, before(context, {}))
        resource_type, body = _existing(context)
        action = _by_name(resource_type.actions, name)
        if action is None:
            raise not_implemented(f"the action '{name}' of '{resource_type.name}'")
        answer = action(context, body)
        context.store.log("POST", context.id.text, action=name)
        if answer and NO_CONTENT in answer:
            return Response(204)
        operation = answer.pop(OPERATION, None) if answer else None
        if answer is not None and operation is None:
            return Response(200, answer or None)  # an empty answer is one, too: done, without content
        return Response(202, None, writing.operation_headers(context, body, operation))

    def _below(self, request: Request, head: str, tail: str) -> Response:
        """GET of a collection (in a resource group, in a subscription, below a parent) or of a view of a resource."""
        namespace = re.match(r"^(?P<scope>.*)/providers/(?P<namespace>[^/]+)$", head, re.IGNORECASE)
        if namespace is not None:
            resource_type = lookup.known_type(f"{namespace['namespace']}/{tail}")
            return self._list(request, namespace["scope"], resource_type)
        context = Context(self._store, ids.parse(head), request)
        parent_type, parent = _existing(context)
        view = _by_name(parent_type.views, tail)
        if view is not None:
            return Response(200, view(context, parent), polling.headers(request.path))
        child_type = lookup.known_type(f"{parent_type.name}/{tail}")
        if child_type.collection is None:
            return self._list(request, head, child_type)
        return self._values(
            request, child_type, [{**each, "id": f"{parent['id']}/{tail}/{each['name']}"} for each in lookup.items(parent, child_type)]
        )

    def _list(self, request: Request, scope: str, resource_type: ResourceType) -> Response:
        _existing(Context(self._store, ids.parse(scope), request))
        return self._values(request, resource_type, self._store.resources(scope + "/", resource_type.name))

    def _values(self, request: Request, resource_type: ResourceType, bodies: list[Json]) -> Response:
        if request.query.get("$filter") and resource_type.filtered is None:
            raise not_implemented(f"the filter '{request.query['$filter']}' of '{resource_type.name}'")
        chosen = resource_type.filtered(bodies, request) if resource_type.filtered else bodies
        page, link = paging.page(chosen, resource_type.page_size, request)
        values = [resource_type.on_get(Context(self._store, ids.parse(each["id"]), request), each) for each in page]
        return Response(200, {"value": values, **link}, polling.headers(request.path))


_WRITES: dict[str, Callable[[Context], Response]] = {"PUT": writing.put, "PATCH": writing.patch, "DELETE": deleting.delete}


def _check_version(request: Request) -> None:
    version = request.query.get("api-version")
    if version is None:
        raise bad_request("MissingApiVersionParameter", "The api-version query parameter (?api-version=) is required for all requests.")
    if not _VERSION.match(version):
        raise bad_request("InvalidApiVersionParameter", f"The api-version '{version}' is invalid. Expected a date, like '2024-11-01'.")


def _existing(context: Context) -> tuple[ResourceType, Json]:
    tenant.known_subscription(context.id.subscription)
    resource_type = lookup.known_type(context.id.type)
    body = lookup.find(context.store, context.id)
    if body is None:
        raise lookup.absent(context.store, context.id)
    return resource_type, body


def _by_name(handlers: dict[str, Action], name: str) -> Action | None:
    return next((handler for known, handler in handlers.items() if known.lower() == name.lower()), None)


def _not_allowed(request: Request) -> ArmError:
    return ArmError(405, "MethodNotAllowed", f"The method '{request.method}' is not allowed for '{request.path}'.")
