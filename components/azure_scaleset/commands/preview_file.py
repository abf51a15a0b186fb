"""The resources in the JSON of `pulumi preview --json` and `pulumi stack export`, as plain inputs.

What is secret stands there as `[secret]` or under the engine's mark, what isn't known under a fixed text. Both are `UNKNOWN` here: so no rule can show a secret.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from azure_scaleset.rules.resource_kind import ResourceKind
from azure_scaleset.rules.stack_resource import Resource
from azure_scaleset.rules.value import UNKNOWN, get, mapping, text

SECRET = "[secret]"
"""What a preview shows in place of a secret."""
_MARK = "4dabf18193072939515e22adb298388d"
_UNKNOWN = frozenset(
    {
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)
"""The engine's texts for a value that isn't known: of a text or of any type, a boolean, a number, a list, a map."""
_GONE = frozenset({"delete", "delete-replaced", "discard", "discard-replaced", "remove-pending-replace"})


def is_secret(value: Any) -> bool:
    """Whether the engine hides *value*: a preview's placeholder, or a marked value (a secret, an output, a reference, an asset)."""
    return value == SECRET or (isinstance(value, Mapping) and _MARK in value)


def plain(value: Any) -> Any:
    """*value* as the rules read it: `UNKNOWN` for what isn't known or is secret."""
    if is_secret(value) or (isinstance(value, str) and value in _UNKNOWN):
        return UNKNOWN
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


def steps_of(document: Any) -> Iterator[Mapping[str, Any]]:
    """The steps of a preview."""
    steps = get(document, "steps")
    return (step for step in (steps if isinstance(steps, list) else []) if isinstance(step, Mapping))


def resources_of(document: Any) -> list[Resource] | None:
    """The resources that there are after a preview's update, or in an exported stack; None for any other document."""
    if isinstance(get(document, "steps"), list):
        states = [step.get("newState") for step in steps_of(document) if step.get("op") not in _GONE]
    elif isinstance(get(document, "deployment.resources"), list):
        states = [state for state in document["deployment"]["resources"] if mapping(state).get("delete") is not True]
    else:
        return None
    last = {str(state.get("urn")): state for state in states if isinstance(state, Mapping)}
    return [resource for state in last.values() if (resource := resource_of(state)) is not None]


def resource_of(state: Mapping[str, Any]) -> Resource | None:
    """The resource with the state *state*; None for a type that the checks don't know."""
    kind, urn = ResourceKind.of_token(state.get("type")), text(state.get("urn")) or ""
    if kind is None:
        return None
    uses = {
        str(key): frozenset(urn for urn in urns if isinstance(urn, str))
        for key, urns in mapping(state.get("propertyDependencies")).items()
        if isinstance(urns, list)
    }
    return Resource(kind, urn.rpartition("::")[2], plain(state.get("inputs") or {}), urn, uses)
