"""The files that `scaleset check` reads, whatever they are."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from azure_scaleset.commands import preview_file, template_file
from azure_scaleset.commands.failure import CommandError
from azure_scaleset.rules.arm_model import inputs_of
from azure_scaleset.rules.resource_kind import ResourceKind
from azure_scaleset.rules.stack_resource import Resource
from azure_scaleset.rules.untold import with_untold
from azure_scaleset.rules.value import get, text

STANDARD_INPUT = "-"
"""The name under which a command reads standard input."""


def read_json(name: str) -> Any:
    """The JSON document in the file *name*. Raises `CommandError` when there is none."""
    try:
        content = sys.stdin.read() if name == STANDARD_INPUT else Path(name).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise CommandError(f"{name} can't be read: {reason}.") from error
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise CommandError(f"{name} is no JSON: {error}. Expected one document, as `pulumi preview --json` writes it.") from error


def read_resources(name: str) -> list[Resource]:
    """The resources in the file *name*. Raises `CommandError` for a document of another sort."""
    found = resources_in(read_json(name))
    if found is None:
        raise CommandError(
            f"{name} is none of the documents that can be checked. Expected the output of `pulumi preview --json`, `pulumi stack export` or `az vmss show`, "
            "an ARM template, or a resource as Azure Resource Manager takes it."
        )
    return found


def resources_in(document: Any) -> list[Resource] | None:
    """The resources in *document*; None when it is of a sort that isn't known."""
    of_pulumi = preview_file.resources_of(document)
    if of_pulumi is not None:
        return of_pulumi
    if template_file.is_template(document):
        return list(template_file.Template(document).resources())
    # What `az … list` prints, and what Azure answers to a listing.
    bodies = document if isinstance(document, list) else get(document, "value") if isinstance(get(document, "value"), list) else [document]
    kinds = [_kind(body) for body in bodies]
    return (
        [_of_body(body, kind) for body, kind in zip(bodies, kinds, strict=True) if kind is not None] if any(kinds) or bodies == [] else None
    )


def _kind(body: Any) -> ResourceKind | None:
    """The kind of a *body*: by its type, or by a property that only a scale set has."""
    if not isinstance(body, Mapping):
        return None
    found = ResourceKind.of_arm_type(body.get("type"))
    if found is None and any(
        isinstance(get(body, path), Mapping) for path in ("properties.virtualMachineProfile", "virtualMachineProfile")
    ):
        return ResourceKind.SCALE_SET
    return found


def _of_body(body: Mapping[str, Any], kind: ResourceKind) -> Resource:
    return Resource(kind, text(body.get("name")) or kind.arm_type, with_untold(inputs_of(body, kind), kind))
