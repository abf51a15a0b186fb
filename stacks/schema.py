"""`python -m stacks.schema`: writes the JSON schema of the stack files, for editors, from the same types that `settings` reads by."""

import enum
import json
import typing
from pathlib import Path
from typing import Any

from pulumi.provider.experimental.analyzer import Analyzer

from azure_scaleset.arguments import NetworkAttachment, ScaleSetArgs
from azure_scaleset.network_arguments import NetworkArgs
from azure_scaleset.shape import camel, choices, element, fields, plain
from azure_scaleset.staged_arguments import Slot, StagedScaleSetArgs
from stacks import images
from stacks.settings import ATTACHMENT_FIELDS, NETWORK_FIELDS, SCALE_SET_FIELDS, STAGED_FIELDS, Own

FILE = Path(__file__).with_name("schema.json")
NAMESPACE = "azure-scaleset"
_DOCSTRINGS = Analyzer("azure-scaleset")


def schema() -> dict[str, Any]:
    """The JSON schema of a stack file."""
    network = {
        "type": "object",
        "properties": {**_properties(NetworkArgs, NETWORK_FIELDS), **_properties(NetworkAttachment, ATTACHMENT_FIELDS)},
        "additionalProperties": False,
    }
    keys = {
        **_properties(Own, fields(Own)),
        **_properties(ScaleSetArgs, SCALE_SET_FIELDS),
        **_properties(StagedScaleSetArgs, STAGED_FIELDS),
        "slots": {
            "type": "object",
            "properties": {slot.value: _slot() for slot in Slot},
            "additionalProperties": False,
            **_description(StagedScaleSetArgs, "slots"),
        },
        **{key: {**_object(images.TYPES[key], known), "description": images.DESCRIPTIONS[key]} for key, known in images.FIELDS.items()},
        "network": {
            **network,
            "description": "Optional. The network: the arguments of the component Network, and what else the instances are attached to.",
        },
    }
    required = [name for of in (fields(Own), SCALE_SET_FIELDS) for name, (_, _, needed) in of.items() if needed and name != "image"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A stack of azure-scaleset",
        "type": "object",
        "properties": {
            "config": {
                "type": "object",
                "properties": {f"{NAMESPACE}:{name}": value for name, value in keys.items()},
                "required": [f"{NAMESPACE}:{name}" for name in required],
                "oneOf": [{"required": [f"{NAMESPACE}:{name}"]} for name in ("image", *images.FIELDS)],
                # Keys of other namespaces (azure-native:location) are theirs.
                "patternProperties": {f"^(?!{NAMESPACE}:)": {}},
                "additionalProperties": False,
            }
        },
    }


def _slot() -> dict[str, Any]:
    """What a slot has of its own: any key of the scale set. Parts of an object suffice, so only the names are told."""
    return {
        "type": "object",
        "properties": {
            "version": {"type": ["string"], "description": "Optional. Text that replaces `${version}` in all texts of the scale set."},
            **{name: {"description": value["description"]} for name, value in _properties(ScaleSetArgs, SCALE_SET_FIELDS).items()},
            "network": {"type": "object"},
            "tags": {"type": "object"},
        },
        "additionalProperties": False,
    }


def _properties(owner: type, of: dict[str, tuple[str, Any, bool]]) -> dict[str, Any]:
    return {name: {**_value(hint), **_description(owner, python)} for name, (python, hint, _) in of.items()}


def _description(owner: type, python_name: str) -> dict[str, str]:
    text = _DOCSTRINGS.get_docstring(owner, python_name)
    return {"description": text} if text else {}


def _object(owner: type, of: dict[str, tuple[str, Any, bool]]) -> dict[str, Any]:
    result: dict[str, Any] = {"type": "object", "properties": _properties(owner, of), "additionalProperties": False}
    required = [name for name, (_, _, needed) in of.items() if needed]
    if required:
        result["required"] = required
    if choices(owner):
        result["oneOf"] = [{"required": [camel(name)]} for name in choices(owner)]
    return result


def _value(hint: Any) -> dict[str, Any]:
    hint = plain(hint)
    if typing.is_typeddict(hint):
        return _object(hint, fields(hint))
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return {"enum": [member.value for member in hint]}
    if typing.get_origin(hint) in (list, dict):
        below = _value(element(hint))
        return {"type": "array", "items": below} if typing.get_origin(hint) is list else {"type": "object", "additionalProperties": below}
    # A stack file that `pulumi config set` wrote holds numbers and switches as texts.
    return {int: {"type": ["integer", "string"]}, bool: {"type": ["boolean", "string"]}, str: {"type": ["string", "number", "object"]}}.get(
        hint, {}
    )


def text() -> str:
    """The file's text."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(text())
