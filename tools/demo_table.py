"""What the demo shows at its end, from what ARM answers."""

from collections.abc import Callable
from typing import Any

Json = dict[str, Any]
_WIDEST = 90
"""Characters of an extension's message that are shown."""

Get = Callable[[str], Json]
"""The body of a GET of an ARM path (with its query)."""


def table(get: Get, scale_set_id: str) -> str:
    """The scale set, its image, its extensions, and for each instance what every extension of it said."""
    scale_set = get(scale_set_id)
    instances = get(f"{scale_set_id}/virtualMachines?$expand=instanceView")["value"]
    profile = scale_set["properties"]["virtualMachineProfile"]
    extensions = profile.get("extensionProfile", {}).get("extensions", [])
    lines = [
        f"Scale set   {scale_set['name']}: {len(instances)} instances of {scale_set['sku']['name']} in {scale_set['location']}",
        f"Image       {image(profile['storageProfile']['imageReference'])}",
        *(f"Extension   {each['name']}: {handler(each['properties'])}" for each in extensions),
        "",
        *columns([("instance", "model", "ran", "which said"), *(row for instance in instances for row in rows(instance))]),
    ]
    return "\n".join(lines)


def image(reference: Json) -> str:
    """An image reference as one string: a URN, or an id."""
    if "publisher" in reference:
        return ":".join(reference[part] for part in ("publisher", "offer", "sku", "version"))
    return str(next(reference[kind] for kind in ("id", "sharedGalleryImageId", "communityGalleryImageId") if kind in reference))


def handler(properties: Json) -> str:
    """`Microsoft.Azure.Extensions.CustomScript 2.1`."""
    return f"{properties['publisher']}.{properties['type']} {properties['typeHandlerVersion']}"


def rows(instance: Json) -> list[tuple[str, str, str, str]]:
    """One row for each extension of an instance; one row for an instance without."""
    properties = instance["properties"]
    name, model = instance["instanceId"], "latest" if properties["latestModelApplied"] else "older"
    ran = properties["instanceView"].get("extensions", [])
    if not ran:
        return [(name, model, "no extension", "")]
    return [(name, model, each["name"], said(each["statuses"][0])) for each in ran]


def said(status: Json) -> str:
    """The status of an extension in one line."""
    text = " ".join(f"{status['displayStatus']}. {status.get('message', '')}".split())
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…"


def columns(table_rows: list[tuple[str, ...]]) -> list[str]:
    """Rows with their columns below each other."""
    widths = [max(len(cell) for cell in column) for column in zip(*table_rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in table_rows]
