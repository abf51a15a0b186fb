"""The few paths that are no resources: subscriptions, tenants, locations, providers, platform images, galleries of others, operations, everything in a group."""

from __future__ import annotations

import re
from collections.abc import Callable

from offline.arm import operations, polling, tenant
from offline.arm.compute import catalogue, sizes
from offline.arm.compute.images import sharing_views
from offline.arm.deployments import view
from offline.arm.deployments.run import DEPLOYMENT
from offline.arm.errors import ArmError, not_implemented
from offline.arm.http import Json, Request, Response
from offline.arm.store import Store

_Answer = Callable[[Store, dict[str, str]], Json]
_IMAGES = (
    r"/providers/Microsoft\.Compute/locations/(?P<location>[^/]+)/publishers"
    r"(/(?P<publisher>[^/]+)/artifacttypes/vmimage/offers(/(?P<offer>[^/]+)/skus(/(?P<sku>[^/]+)/versions(/(?P<version>[^/]+))?)?)?)?"
)
_SHARED = (
    r"/providers/Microsoft\.Compute/locations/(?P<location>[^/]+)/(?P<kind>community|shared)Galleries/(?P<gallery>[^/]+)"
    r"(/images(/(?P<image>[^/]+)(/(?P<below>versions)(/(?P<version>[^/]+))?)?)?)?"
)
_SUBSCRIPTION = r"/subscriptions/(?P<subscription>[^/]+)"
_SIZES = re.compile(_SUBSCRIPTION + r"/providers/Microsoft\.Compute/skus", re.IGNORECASE)


def answer(store: Store, request: Request) -> Response | None:
    """The answer to one of these paths, None for any other path."""
    pictured = _IMAGE_PATH.fullmatch(request.path.rstrip("/"))
    if pictured and request.method == "GET":
        tenant.known_subscription(pictured["subscription"])
        return _images(store, request, pictured.groupdict())
    others = _SHARED_PATH.fullmatch(request.path.rstrip("/"))
    if others and request.method == "GET":
        tenant.known_subscription(others["subscription"])
        listed = "" if request.path.rstrip("/").lower().endswith("/images") else None
        parts = (others["image"] or listed, others["below"], others["version"])
        return Response(200, sharing_views.answer(store, others["location"], others["kind"], others["gallery"], *parts))
    sized = _SIZES.fullmatch(request.path.rstrip("/"))
    if sized and request.method == "GET":
        tenant.known_subscription(sized["subscription"])
        return Response(200, sizes.skus(request.query.get("$filter")))
    for method, pattern, route in _ROUTES:
        match = pattern.fullmatch(request.path.rstrip("/"))
        if match and method == request.method:
            if "$filter" in request.query:
                raise not_implemented(f"the filter '{request.query['$filter']}' of '{request.path}'")
            if "operation" in match.groupdict() and "monitor" in request.query:
                found = operations.answer(store, match["operation"])
                return Response(found.status, found.body, polling.headers(request.path))
            if "subscription" in match.groupdict():
                tenant.known_subscription(match["subscription"])
            return Response(200, route(store, match.groupdict()), polling.headers(request.path))
    return None


def _group_resources(store: Store, names: dict[str, str]) -> Json:
    group = f"/subscriptions/{names['subscription']}/resourceGroups/{names['group']}"
    if store.get(group) is None:
        raise ArmError(404, "ResourceGroupNotFound", f"Resource group '{names['group']}' could not be found.")
    return {"value": [_generic(each) for each in store.resources(group + "/") if each.get("location")]}


def _subscription_resources(store: Store, names: dict[str, str]) -> Json:
    groups = f"/subscriptions/{names['subscription']}/resourceGroups/"
    return {"value": [_generic(each) for each in store.resources(groups) if each.get("location") and "/providers/" in each["id"].lower()]}


def _generic(body: Json) -> Json:
    return {name: body[name] for name in ("id", "name", "type", "location", "tags", "sku", "kind", "identity", "zones") if name in body}


def _deployment_operations(store: Store, names: dict[str, str]) -> Json:
    """The older path of a deployment's operations, which `az deployment operation group list` asks."""
    deployment = f"/subscriptions/{names['subscription']}/resourceGroups/{names['group']}/providers/{DEPLOYMENT}/{names['deployment']}"
    body = store.get(deployment)
    if body is None:
        raise ArmError(404, "DeploymentNotFound", f"Deployment '{names['deployment']}' could not be found.")
    return view.operations(store, body)


def _groups(store: Store, names: dict[str, str]) -> Json:
    return {"value": store.resources(f"/subscriptions/{names['subscription']}/", "Microsoft.Resources/resourceGroups")}


def _provider(store: Store, names: dict[str, str]) -> Json:
    for each in tenant.providers(names["subscription"]):
        if each["namespace"].lower() == names["namespace"].lower():
            return each
    raise ArmError(404, "InvalidResourceNamespace", f"The resource namespace '{names['namespace']}' is invalid.")


def _images(store: Store, request: Request, names: dict[str, str | None]) -> Response:
    """The lists of the image catalogue are bare arrays, by `$orderby=name desc` the newest version first, `$top` of them."""
    parts = [str(names[part]) for part in ("publisher", "offer", "sku", "version") if names[part] is not None]
    subscription, location = str(names["subscription"]), str(names["location"])
    if len(parts) == 4:
        return Response(200, catalogue.version(store, subscription, location, parts))
    found = catalogue.below(store, subscription, location, parts)
    if request.query.get("$orderby", "").lower() == "name desc":
        found.reverse()
    return Response(200, items=found[: int(request.query.get("$top") or len(found))])


_SHARED_PATH = re.compile(_SUBSCRIPTION + _SHARED, re.IGNORECASE)
_IMAGE_PATH = re.compile(_SUBSCRIPTION + _IMAGES, re.IGNORECASE)

_ROUTES: list[tuple[str, re.Pattern[str], _Answer]] = [
    (method, re.compile(pattern, re.IGNORECASE), route)
    for method, pattern, route in (
        ("GET", "/subscriptions", lambda store, names: {"value": tenant.subscriptions()}),
        ("GET", "/tenants", lambda store, names: {"value": tenant.tenants()}),
        ("GET", _SUBSCRIPTION, lambda store, names: tenant.subscription(names["subscription"])),
        ("GET", f"{_SUBSCRIPTION}/locations", lambda store, names: {"value": tenant.locations(names["subscription"])}),
        ("GET", f"{_SUBSCRIPTION}/providers", lambda store, names: {"value": tenant.providers(names["subscription"])}),
        ("GET", f"{_SUBSCRIPTION}/providers/(?P<namespace>[^/]+)", _provider),
        ("POST", f"{_SUBSCRIPTION}/providers/(?P<namespace>[^/]+)/register", _provider),
        ("GET", f"{_SUBSCRIPTION}/resourceGroups", _groups),
        ("GET", f"{_SUBSCRIPTION}/resources", _subscription_resources),
        ("GET", f"{_SUBSCRIPTION}/resourceGroups/(?P<group>[^/]+)/resources", _group_resources),
        ("GET", f"{_SUBSCRIPTION}/resourceGroups/(?P<group>[^/]+)/deployments/(?P<deployment>[^/]+)/operations", _deployment_operations),
        (
            "GET",
            operations.PATH.pattern.strip("^$"),
            lambda store, names: operations.status(store, names["operation"]),
        ),
    )
]
