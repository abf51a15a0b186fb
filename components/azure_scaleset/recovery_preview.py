"""What a failed `pulumi up` may have made without a note of it in the state, read from what a preview would make.

When the plugin alone dies, the engine takes the creation for failed and drops its note. The resource may be there all the same, under the name that the
program gives it again: so what the next update would create is noted as begun. Whether it exists, a refresh finds out.
"""

from collections.abc import Mapping, Sequence
from typing import Any

Json = dict[str, Any]

_UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What the engine writes where a value is not known before the update (pulumi/sdk, plugin.UnknownStringValue)."""
_SECRET = "4dabf18193072939515e22adb298388d"
"""The key that marks an object as no plain one: a secret, among others (pulumi/sdk, resource.SigKey)."""


def may_have_failed(history: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the last update of a stack did not succeed. *history*: `pulumi stack history --json`, the newest first."""
    return next((entry["result"] != "succeeded" for entry in history if entry["kind"] == "update"), False)


def with_previewed(deployment: Json, preview: Mapping[str, Any], types: Mapping[str, str]) -> Json:
    """The exported state with a note for each creation that `pulumi preview --json --show-secrets` plans and that can have been begun before.

    *types*: the resource types that can be found again. Left alone is a replacement, what has inputs that are not known yet, and what stands below or behind
    something that the state doesn't have: its creation can't have been begun.
    """
    state = deployment["deployment"]
    in_state = {resource["urn"] for resource in state.get("resources", [])}
    notes = state.get("pending_operations", [])
    noted = {operation["resource"]["urn"] for operation in notes}
    planned = [step["newState"] for step in preview["steps"] if step["op"] == "create"]
    found = [
        {"type": "creating", "resource": resource}
        for resource in planned
        if resource["type"] in types
        and resource["urn"] not in in_state | noted
        and _before(resource) <= in_state
        and not _holds_unknown(resource.get("inputs", {}))
    ]
    return {**deployment, "deployment": {**state, "pending_operations": [*notes, *found]}}


def as_in_azure(begun: Any, refreshed: Any) -> Any:
    """The inputs that something was begun with; a value that Azure shows otherwise is Azure's, so that the next update sends the difference.

    Defaults that Azure adds are left out, what Azure doesn't give back (secrets, a blob's source) is kept.
    """
    if isinstance(begun, Mapping) and isinstance(refreshed, Mapping) and _SECRET not in begun and _SECRET not in refreshed:
        return {name: as_in_azure(value, refreshed[name]) if name in refreshed else value for name, value in begun.items()}
    if isinstance(begun, list) and isinstance(refreshed, list) and len(begun) == len(refreshed):
        return [as_in_azure(one, other) for one, other in zip(begun, refreshed, strict=True)]
    if isinstance(begun, Mapping) or refreshed is None or _folded(begun) == _folded(refreshed):
        return begun
    return refreshed


def _before(resource: Mapping[str, Any]) -> set[str]:
    """The URNs of what must be there before the resource is created."""
    provider = resource.get("provider", "").rpartition("::")[0]
    return {urn for urn in (resource.get("parent"), provider, *resource.get("dependencies", [])) if urn}


def _holds_unknown(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(map(_holds_unknown, value.values()))
    return any(map(_holds_unknown, value)) if isinstance(value, list) else value == _UNKNOWN


def _folded(value: Any) -> Any:
    # Azure gives ids and regions back in a case of its own, and regions with a space.
    return value.casefold().replace(" ", "") if isinstance(value, str) else value
