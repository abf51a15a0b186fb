"""One part of what cloud-init gets: read from its plain description, recognised by its header."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from azure_scaleset.nearest import did_you_mean
from azure_scaleset.payload import cloud_config
from azure_scaleset.payload.problems import PayloadError
from azure_scaleset.payload.template import fill, fill_document
from azure_scaleset.payload.text import linux_script, read_text

FORMS = ("cloudConfig", "file", "script", "template")
"""What a part may be; it is exactly one of them."""

CONTENT_TYPES = {
    "#cloud-config-archive": "text/cloud-config-archive",
    "#cloud-config-jsonp": "text/cloud-config-jsonp",
    "#cloud-config": "text/cloud-config",
    "#cloud-boothook": "text/cloud-boothook",
    "#include-once": "text/x-include-once-url",
    "#include": "text/x-include-url",
    "#part-handler": "text/part-handler",
    "#!": "text/x-shellscript",
    "## template: jinja": "text/jinja2",
    "Content-Type: multipart/": "multipart/mixed",
    "MIME-Version:": "multipart/mixed",
}
"""Beginning of a file -> what cloud-init takes it for (cloud-init's user-data formats). The longer of two beginnings comes first."""


@dataclass(frozen=True)
class UserDataPart:
    """A part that is ready to be composed."""

    name: str
    """What errors call it: its position and file."""
    content_type: str
    """One of `CONTENT_TYPES`."""
    text: str
    """The part as it would stand alone, with its header and LF line ends."""
    document: Mapping[str, Any] | None
    """The content when it is a cloud-config; None for every other format."""


def read_part(part: Mapping[str, Any], base: Path, position: str) -> UserDataPart:
    """Reads one part. *position* names it in errors (`cloudInit[0]`); relative paths start at *base*. Raises `PayloadError`."""
    given = [key for key in part if part[key] is not None]
    unknown = [key for key in given if key not in FORMS]
    if unknown:
        raise PayloadError(
            [f"{position} has the unknown key '{key}'.{did_you_mean(key, FORMS)} Known: {', '.join(FORMS)}." for key in unknown]
        )
    if len(given) != 1:
        count = "none" if not given else " and ".join(given)
        raise PayloadError([f"{position} needs exactly one of {', '.join(FORMS)}; given: {count}. Make each a part of its own."])
    form, value = given[0], part[given[0]]
    if form == "cloudConfig":
        if not isinstance(value, Mapping):
            raise PayloadError([f"{position}.cloudConfig is a {type(value).__name__}; expected a map, such as `packages: [nginx]`."])
        return _cloud_config(position, value, cloud_config.render(value))
    if form == "template":
        return _template(value, base, position)
    if not isinstance(value, str):
        raise PayloadError([f"{position}.{form} is a {type(value).__name__}; expected text."])
    if form == "script":
        text = linux_script(value)
        return UserDataPart(position, "text/x-shellscript", text if text.startswith("#!") else f"#!/bin/sh\n{text}", None)
    name = f"{position} ({value})"
    return _recognise(linux_script(read_text(base / value)), name, None)


def _template(value: Any, base: Path, position: str) -> UserDataPart:
    if not isinstance(value, Mapping) or not isinstance(value.get("file"), str) or not isinstance(value.get("values", {}), Mapping):
        raise PayloadError([f"{position}.template needs `file` (a path) and `values` (a map of placeholder to value)."])
    if unknown := [key for key in value if key not in ("file", "values")]:
        raise PayloadError([f"{position}.template has the unknown key '{key}'. Known: file, values." for key in unknown])
    return _recognise(linux_script(read_text(base / value["file"])), f"{position} ({value['file']})", value.get("values", {}))


def _recognise(text: str, name: str, values: Mapping[str, Any] | None) -> UserDataPart:
    content_type = next((kind for header, kind in CONTENT_TYPES.items() if text.lower().startswith(header.lower())), None)
    if content_type is None:
        first = text.partition("\n")[0][:60]
        raise PayloadError(
            [f"{name} begins with '{first}', which cloud-init ignores. Begin it with {cloud_config.HEADER}, #! or another of its headers."]
        )
    if content_type != "text/cloud-config":
        return UserDataPart(name, content_type, text if values is None else fill(text, values, name), None)
    document = cloud_config.parse(text, name)
    if values is not None:
        document = fill_document(document, values, name)
        text = cloud_config.render(document)
    return _cloud_config(name, document, text)


def _cloud_config(name: str, document: Mapping[str, Any], text: str) -> UserDataPart:
    return UserDataPart(name, "text/cloud-config", text, document)
