"""What two runs sent to Azure, made comparable: what is new in every run stands as a word."""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from offline.arm.http import Json
from tests.engine.project import Project

Sent = dict[tuple[str, str], list[Any]]
"""Method and id -> the bodies, in their order."""

_MARKS = ("azure-scaleset-change", "azure-scaleset-made")
"""The tags whose value is new with every change of a model, with every making of an image: in each run another one."""
_BLOB = re.compile(r"(?<=/payload/[0-9a-f]{12}-)[0-9a-f]{8}")
"""The part of a blob's name that is new with every change of its content."""
_SIGNATURE = re.compile(r"(?<=[?&]sig=)[^&\"' ]+")
"""The signature over the blob's name, which has that part."""
_ASSIGNMENT = re.compile(r"(?<=/roleAssignments/)[0-9a-f-]{36}")
"""The name of a role assignment, made from the principal's id."""
_WRITES = ("PUT", "PATCH", "DELETE", "POST")


def sent(project: Project) -> Sent:
    """All writes that reached the Azure of the project."""
    given = _given_by_azure(project)
    result: Sent = {}
    for event in project.events():
        if event["kind"] in _WRITES:
            subject, body = comparable([event["subject"], event["data"]], given)
            result.setdefault((event["kind"], subject), []).append(body)
    return result


def _given_by_azure(project: Project) -> dict[str, str]:
    """The ids that Azure gave the identities, by the order in which they came to be: each stands as the identity's name."""
    identities = project.resources("Microsoft.ManagedIdentity/userAssignedIdentities")
    return {each["properties"][key]: f"<{key} of {each['name']}>" for each in identities for key in ("principalId", "clientId")}


def planned(preview: str) -> dict[str, Any]:
    """URN -> operation and inputs of each step of a `pulumi preview --json`: secrets and what isn't known stand in them as the engine's marks."""
    steps: list[Json] = json.loads(preview)["steps"]
    return {step["urn"]: (step["op"], comparable(step.get("newState", {}).get("inputs"))) for step in steps}


def comparable(value: Any, words: Mapping[str, str] = MappingProxyType({})) -> Any:
    """*value* without what is new in every run, also within texts that are encoded; *words*: what else to replace."""
    if isinstance(value, dict):
        return {key: "<mark>" if key in _MARKS else comparable(item, words) for key, item in value.items()}
    if isinstance(value, list):
        return [comparable(item, words) for item in value]
    if not isinstance(value, str):
        return value
    text = _decoded(value)
    for old, new in words.items():
        text = text.replace(old, new)
    return _ASSIGNMENT.sub("<name>", _SIGNATURE.sub("<signature>", _BLOB.sub("<new>", text)))


def _decoded(text: str) -> str:
    """The script in an extension's settings or in a PowerShell command, as text; any other text as it is."""
    return re.sub(r"[A-Za-z0-9+/]{80,}={0,2}", lambda found: _plain(found[0]), text)


def _plain(encoded: str) -> str:
    try:
        content = base64.b64decode(encoded, validate=True)
        return content.decode("utf-16-le" if content[1:2] == b"\0" else "utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return encoded


def differences(one: Any, other: Any, path: str = "") -> list[str]:
    """The places where two values differ, with both: what a failed comparison of long bodies should show."""
    if isinstance(one, dict) and isinstance(other, dict):
        keys = sorted(one.keys() | other.keys(), key=str)
        return [line for key in keys for line in differences(one.get(key, "<absent>"), other.get(key, "<absent>"), f"{path}/{key}")]
    if isinstance(one, list | tuple) and isinstance(other, list | tuple) and len(one) == len(other):
        return [line for index, (a, b) in enumerate(zip(one, other, strict=True)) for line in differences(a, b, f"{path}[{index}]")]
    return [] if one == other else [f"{path}: {one!r} | {other!r}"]
