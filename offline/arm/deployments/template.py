"""A template and its parameters, read: what is wrong with them, which resources there are, and what each waits for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from offline.arm import lookup
from offline.arm.deployments.expressions import Literal, calls, invalid
from offline.arm.deployments.scope import Scope, id_of
from offline.arm.errors import bad_request, not_implemented
from offline.arm.http import Json
from offline.arm.store import Store

_SECTIONS = ("$schema", "contentVersion", "metadata", "parameters", "variables", "resources", "outputs")
_NOT_A_BODY = ("type", "apiVersion", "name", "dependsOn", "condition", "resources", "comments", "metadata")
"""What a resource of a template says to the deployment, not to the resource."""
_KINDS: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "securestring": (str,),
    "int": (int,),
    "bool": (bool,),
    "object": (dict,),
    "secureobject": (dict,),
    "array": (list,),
}


@dataclass(frozen=True)
class Planned:
    """A resource that the deployment is to make."""

    id: str
    type: str
    version: str
    """`apiVersion`."""
    body: Json
    """As written: its expressions are evaluated when its turn comes."""
    after: tuple[str, ...]
    """Ids of the resources of the template that it waits for."""


@dataclass(frozen=True)
class Template:
    """A template that can be carried out."""

    scope: Scope
    resources: list[Planned]
    """Each after those that it waits for."""
    outputs: Json
    """As written."""


def read(store: Store, deployment: str, properties: Json) -> Template:
    """Reads the properties of a deployment (`template`, `parameters`); refuses what Azure's validation refuses."""
    template = properties.get("template")
    if not isinstance(template, dict):
        raise not_implemented("a deployment without `template`: links to templates")
    if str(properties.get("mode")).lower() != "incremental":
        raise not_implemented(f"the deployment mode '{properties.get('mode')}'")
    unknown = [name for name in template if name not in _SECTIONS]
    if unknown:
        raise not_implemented(f"the section '{unknown[0]}' of a template")
    scope = Scope(store, deployment, {}, template.get("variables") or {})
    _fill_parameters(scope, template.get("parameters") or {}, properties.get("parameters") or {})
    written = list(_with_nested(scope, template.get("resources") or [], above=None))
    named = {id_.rpartition("/")[2].lower(): id_ for _, id_, _ in written}
    scope = Scope(store, deployment, scope.parameters, scope.variables, named)
    planned = [_planned(scope, resource, id_, above, [each for _, each, _ in written]) for resource, id_, above in written]
    return Template(scope, _in_order(planned), template.get("outputs") or {})


def shown_parameters(template: Template, written: Json) -> Json:
    """Parameters as GET shows them, defaults included, the secure ones without value. `written`: the `template` of the deployment."""
    kinds = {name: str(definition["type"]) for name, definition in (written.get("parameters") or {}).items()}
    return {
        name: {"type": spelled(kind)} | ({} if kind.lower().startswith("secure") else {"value": template.scope.parameters[name]})
        for name, kind in kinds.items()
    }


def spelled(kind: str) -> str:
    """The type of a parameter or an output as ARM shows it."""
    return {"securestring": "SecureString", "secureobject": "SecureObject"}.get(kind.lower(), kind.capitalize())


def camel_case(name: str) -> str:
    """The name of an output as ARM shows it: capitals at its start are small (`VMSS` is `vmss`, `LBName` is `lbName`); `az` relies on that."""
    start = re.match("[A-Z]*", name)
    capitals = len(start[0]) if start else 0
    small = capitals if capitals in (0, 1, len(name)) or not name[capitals].islower() else capitals - 1
    return name[:small].lower() + name[small:]


def _fill_parameters(scope: Scope, definitions: Json, given: Json) -> None:
    """Checks what is given, and fills in the defaults, which may use the parameters before them."""
    known = {name.lower(): name for name in definitions}
    for name in given:
        if name.lower() not in known:
            raise invalid(
                f"The following parameters were supplied, but do not correspond to any parameters defined in the template: '{name}'. "
                f"The parameters defined in the template are: '{', '.join(definitions)}'"
            )
    values = {name.lower(): each.get("value") for name, each in given.items()}
    for name, each in given.items():
        if "reference" in each:
            raise not_implemented(f"the parameter '{name}' from a Key Vault")
    for name, definition in definitions.items():
        value = values.get(name.lower())
        if value is None and "defaultValue" in definition:
            value = scope.value(definition["defaultValue"])
        elif value is None:
            raise invalid(
                f"The value for the template parameter '{name}' is not provided. Please see https://aka.ms/arm-create-parameter-file for usage details"
            )
        _check_parameter(name, definition, value)
        scope.parameters[name] = value


def _check_parameter(name: str, definition: Json, value: Any) -> None:
    kind = str(definition.get("type")).lower()
    if kind not in _KINDS:
        raise invalid(f"The type '{definition.get('type')}' of the template parameter '{name}' is not valid")
    if not isinstance(value, _KINDS[kind]) or (kind == "int" and isinstance(value, bool)):
        raise invalid(
            f"The provided value for the template parameter '{name}' is not valid. Expected a value of type '{spelled(kind)}', "
            f"but received a value of type '{type(value).__name__}'"
        )
    allowed = definition.get("allowedValues")
    if allowed is not None and value not in allowed:
        raise invalid(
            f"The provided value for the template parameter '{name}' is not valid. The value '{value}' is not part of the allowed value(s): "
            f"'{','.join(str(each) for each in allowed)}'"
        )


def _with_nested(scope: Scope, resources: list[Json], above: tuple[str, str, str] | None) -> list[tuple[Json, str, str | None]]:
    """(resource with its whole type, id, id of the resource in whose `resources` it stands), parents first. `above`: type, names and id of that one."""
    found: list[tuple[Json, str, str | None]] = []
    for resource in resources:
        for name in ("type", "apiVersion", "name"):
            if not isinstance(resource.get(name), str):
                raise bad_request("InvalidTemplate", f"The template resource is missing its '{name}'.")
        for name in ("copy", "scope", "existing"):
            if name in resource:
                raise not_implemented(f"'{name}' of a template's resource")
        if "condition" in resource and not scope.value(resource["condition"]):
            continue
        kind, names = scope.value(resource["type"]), scope.value(resource["name"])
        if above is not None:
            kind, names = f"{above[0]}/{kind}", f"{above[1]}/{names}"
        lookup.known_type(kind)
        id_ = id_of(scope.group, kind, names)
        found.append(({**resource, "type": kind}, id_, above[2] if above else None))
        found += _with_nested(scope, resource.get("resources") or [], (kind, names, id_))
    return found


def _planned(scope: Scope, resource: Json, id_: str, above: str | None, everything: list[str]) -> Planned:
    body = {name: value for name, value in resource.items() if name not in _NOT_A_BODY}
    stated = [_dependency(scope, scope.value(each), id_, everything) for each in resource.get("dependsOn") or []]
    asked = [
        scope.named[str(call.arguments[0].value).lower()]
        for call in calls(body)
        if call.name.lower() == "reference"
        and call.arguments
        and isinstance(call.arguments[0], Literal)
        and str(call.arguments[0].value).lower() in scope.named
    ]
    after = {each for each in (*stated, *asked, above) if each is not None}
    return Planned(id_, resource["type"], scope.value(resource["apiVersion"]), body, tuple(sorted(after)))


def _dependency(scope: Scope, text: str, of: str, everything: list[str]) -> str:
    """The id that an item of `dependsOn` names: an id, `<type>/<name>`, or the name alone."""
    if text.startswith("/"):
        wanted = text
    elif "/" not in text:
        wanted = scope.named.get(text.lower(), "")
    else:
        namespace, *rest = text.split("/")
        kinds = (len(rest) + 1) // 2
        # `Microsoft.Network/virtualNetworks/subnets/net/web`, and the pairs of an id, `virtualNetworks/net/subnets/web`.
        whole = "/".join([namespace, *rest[:kinds]])
        wanted = id_of(scope.group, whole, "/".join(rest[kinds:])) if len(rest) % 2 == 0 else ""
        if wanted.lower() not in [each.lower() for each in everything]:
            wanted = f"{scope.group}/providers/{text}"
    found = next((each for each in everything if each.lower() == wanted.lower()), None)
    if found is None:
        raise invalid(
            f"The resource '{text}' is not defined in the template: '{of}' depends on it. Please see https://aka.ms/arm-syntax for usage details"
        )
    return found


def _in_order(planned: list[Planned]) -> list[Planned]:
    """Each after those that it waits for; refuses one that is there twice, and those that wait for each other."""
    ids = [each.id.lower() for each in planned]
    for number, each in enumerate(planned):
        if ids.index(each.id.lower()) != number:
            raise invalid(f"The resource '{each.id}' is defined multiple times in a template")
    ordered: list[Planned] = []
    waiting = planned
    while waiting:
        open_ = {each.id for each in waiting}
        ready = [each for each in waiting if not open_ & {*each.after}]
        if not ready:
            raise invalid(
                f"Circular dependency detected on resource: '{waiting[0].id}'. Please see https://aka.ms/arm-syntax-resources for usage details"
            )
        ordered += ready
        waiting = [each for each in waiting if each not in ready]
    return ordered
