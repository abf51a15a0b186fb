"""What the expressions of one deployment can ask for: its parameters and variables, ids, groups, what other resources have become."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from offline.arm import ids, lookup, tenant
from offline.arm.deployments.expressions import Call, evaluated, invalid, result
from offline.arm.deployments.functions import PURE, carried_out
from offline.arm.errors import not_found, not_implemented
from offline.arm.http import Json, Request
from offline.arm.registry import Context
from offline.arm.store import Store


@dataclass(frozen=True)
class Scope:
    """A deployment to a resource group, as its expressions see it."""

    store: Store
    deployment: str
    """Its id."""
    parameters: Json
    """Name -> value, defaults filled in as `template` goes."""
    variables: Json
    """Name -> definition, which is evaluated when it is asked for."""
    named: dict[str, str] = field(default_factory=dict)
    """Name of a resource of the template, lower case -> its id: what `reference('<name>')` means."""
    running: bool = False
    """Whether resources are being made: only then `reference` can be asked."""

    def value(self, value: Any) -> Any:
        """A value of the template with its expressions evaluated."""
        return evaluated(value, self._call)

    def now(self) -> Scope:
        """The scope while resources are made, when `reference` can be asked."""
        return replace(self, running=True)

    @cached_property
    def group(self) -> str:
        """The id of the resource group."""
        return "/".join(self.deployment.split("/")[:5])

    @property
    def subscription(self) -> str:
        """The subscription's GUID."""
        return self.deployment.split("/")[2]

    def _call(self, call: Call) -> Any:
        name = call.name.lower()
        if name == "if":
            condition, yes, no = call.arguments
            return result(yes if result(condition, self._call) else no, self._call)
        arguments = [result(each, self._call) for each in call.arguments]
        if name in _ASKING:
            return _ASKING[name](self, *arguments)
        if name in PURE:
            return carried_out(call.name, arguments)
        raise not_implemented(f"the template function '{call.name}'")

    def _parameter(self, name: str) -> Any:
        return _of(self.parameters, name, "parameter")

    def _variable(self, name: str) -> Any:
        return self.value(_of(self.variables, name, "variable"))

    def resource_id(self, *parts: str) -> str:
        """`resourceId([subscription], [group], type, name…)`."""
        place = next((number for number, part in enumerate(parts) if "/" in part), len(parts))
        before, (kind, *names) = parts[:place], parts[place:] or ("",)
        if len(before) > 2 or len(names) != kind.count("/"):
            raise invalid(f"Unable to evaluate template language function 'resourceId': the type '{kind}' takes {kind.count('/')} names")
        subscription = before[0] if len(before) == 2 else self.subscription
        group = before[-1] if before else self.group.rpartition("/")[2]
        return id_of(f"/subscriptions/{subscription}/resourceGroups/{group}", kind, "/".join(names))

    def _reference(self, named: str, version: str | None = None, full: str | None = None) -> Any:
        if not self.running:
            raise invalid("The template function 'reference' is not expected at this location")
        resource_id = named if named.startswith("/") else self.named.get(named.lower())
        if resource_id is None:
            raise invalid(f"The resource '{named}' is not defined in the template")
        context = Context(self.store, ids.parse(resource_id), Request("GET", resource_id, {"api-version": version or "2024-11-01"}))
        body = lookup.find(self.store, context.id)
        if body is None:
            raise not_found(resource_id)
        shown = lookup.known_type(context.id.type).on_get(context, body)
        return shown if full and full.lower() == "full" else shown.get("properties", {})

    def _resource_group(self) -> Any:
        return self.store.get(self.group)

    def _deployment(self) -> Any:
        return {"name": self.deployment.rpartition("/")[2]}

    def _subscription(self) -> Any:
        return tenant.subscription(self.subscription)

    def _providers(self, namespace: str, kind: str | None = None) -> Any:
        for provider in tenant.providers(self.subscription):
            if provider["namespace"].lower() == namespace.lower():
                found = [each for each in provider["resourceTypes"] if each["resourceType"].lower() == str(kind).lower()]
                if kind is None or found:
                    return provider if kind is None else found[0]
        raise not_implemented(f"the resource type '{namespace}/{kind}'")


_ASKING: dict[str, Callable[..., Any]] = {
    "parameters": Scope._parameter,
    "variables": Scope._variable,
    "resourceid": Scope.resource_id,
    "reference": Scope._reference,
    "resourcegroup": Scope._resource_group,
    "deployment": Scope._deployment,
    "subscription": Scope._subscription,
    "providers": Scope._providers,
}
"""Function name in lower case -> what asks the deployment or Azure."""


def _of(known: Json, name: str, what: str) -> Any:
    for each, value in known.items():
        if each.lower() == str(name).lower():
            return value
    raise invalid(f"The template {what} '{name}' is not found")


def id_of(scope: str, kind: str, names: str) -> str:
    """The id of a resource of a type (`Microsoft.Network/virtualNetworks/subnets`) with the names along it (`net/web`)."""
    namespace, *kinds = kind.split("/")
    each = names.split("/")
    if len(each) != len(kinds):
        raise invalid(
            f"The template resource '{names}' for type '{kind}' has incorrect segment lengths. A nested resource type must have identical number "
            "of segments as its resource name. A root resource type must have segment length one greater than its resource name"
        )
    return f"{scope}/providers/{namespace}" + "".join(f"/{part}/{name}" for part, name in zip(kinds, each, strict=True))
