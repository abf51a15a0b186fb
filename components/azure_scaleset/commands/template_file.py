"""The resources of an ARM template. Expressions are not evaluated: what they stand for is `UNKNOWN`, but for a parameter's plain default and a plain variable."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from azure_scaleset.rules.arm_model import inputs_of
from azure_scaleset.rules.resource_kind import ResourceKind
from azure_scaleset.rules.stack_resource import Resource
from azure_scaleset.rules.value import UNKNOWN, get, items, mapping, text

_REFERENCE = re.compile(r"\[\s*(parameters|variables)\(\s*'([^']+)'\s*\)\s*\]", re.IGNORECASE)
_NESTED = "Microsoft.Resources/deployments"
_SECURE = frozenset({"securestring", "secureobject"})
_DEEPEST = 20


class Template:
    """A template with its parameters and variables."""

    def __init__(self, document: Mapping[str, Any], given: Mapping[str, Any] | None = None) -> None:
        """*given*: values of parameters, as a nested deployment gives them; `UNKNOWN` for those that aren't known."""
        self._document = document
        self._given = {name.casefold(): value for name, value in (given or {}).items()}
        self._parameters = {str(key).casefold(): value for key, value in mapping(document.get("parameters")).items()}
        self._variables = {str(key).casefold(): value for key, value in mapping(document.get("variables")).items()}

    def resources(self) -> Iterator[Resource]:
        """Its resources, those within others and in nested deployments too."""
        return self._resources(self._document.get("resources"), "", "")

    def _resources(self, given: Any, owner_type: str, owner_name: str) -> Iterator[Resource]:
        # With symbolic names the resources are a map.
        for body in list(given.values()) if isinstance(given, Mapping) else given if isinstance(given, list) else ():
            if isinstance(body, Mapping) and body.get("existing") is not True:
                yield from self._resource(body, owner_type, owner_name)

    def _resource(self, body: Mapping[str, Any], owner_type: str, owner_name: str) -> Iterator[Resource]:
        own_type = text(body.get("type")) or ""
        full_type = f"{owner_type}/{own_type}" if owner_type and "." not in own_type else own_type
        if full_type.casefold() == _NESTED.casefold():
            yield from self._nested(body)
            return
        kind = ResourceKind.of_arm_type(full_type)
        resolved = self.resolved({key: value for key, value in body.items() if key != "resources"})
        name = text(resolved.get("name"))
        full_name = f"{owner_name}/{name}" if owner_name and name and "/" not in name else name
        if kind is not None:
            called = full_name or text(body.get("name")) or kind.arm_type
            yield Resource(kind, called, inputs_of({**resolved, "name": UNKNOWN if full_name is None else full_name}, kind))
        yield from self._resources(body.get("resources"), full_type, full_name or "")

    def _nested(self, body: Mapping[str, Any]) -> Iterator[Resource]:
        template = mapping(get(body, "properties.template"))
        if str(get(body, "properties.expressionEvaluationOptions.scope")).casefold() == "inner":
            given = {name: self.resolved(get(value, "value")) for name, value in mapping(get(body, "properties.parameters")).items()}
            yield from Template(template, given).resources()
        else:
            # The expressions of the inner template are the outer one's.
            yield from self._resources(template.get("resources"), "", "")

    def resolved(self, value: Any, depth: int = 0) -> Any:
        """*value* with plain parameters and variables in place of their references, and `UNKNOWN` for every other expression."""
        if depth > _DEEPEST:
            return UNKNOWN
        if isinstance(value, str):
            return self._text(value, depth)
        if isinstance(value, Mapping):
            # A loop within the properties makes a list that the template doesn't spell out.
            made = {str(mapping(loop).get("name")): UNKNOWN for _, loop in items(value, "copy")}
            return {key: self.resolved(item, depth) for key, item in value.items() if not (key == "copy" and made)} | made
        return [self.resolved(item, depth) for item in value] if isinstance(value, list) else value

    def _text(self, value: str, depth: int) -> Any:
        if not (value.startswith("[") and value.endswith("]")):
            return value
        if value.startswith("[["):
            return value[1:]
        match = _REFERENCE.fullmatch(value)
        if match is None:
            return UNKNOWN
        name = match[2].casefold()
        if match[1].casefold() == "variables":
            return self.resolved(self._variables.get(name, UNKNOWN), depth + 1)
        parameter = mapping(self._parameters.get(name))
        if str(parameter.get("type")).casefold() in _SECURE:
            return UNKNOWN
        if name in self._given:
            return self._given[name]
        return self.resolved(parameter.get("defaultValue", UNKNOWN), depth + 1)


def is_template(document: Any) -> bool:
    """Whether *document* is an ARM template."""
    schema = text(get(document, "$schema"))
    return (
        isinstance(document, Mapping)
        and "resources" in document
        and ("contentVersion" in document or (schema is not None and "deploymentTemplate" in schema))
    )
