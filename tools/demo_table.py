"""What the demo shows at its end, from what ARM answers."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

Json = dict[str, Any]

Get = Callable[[str], Json]
"""The body of a GET of an ARM path (with its query)."""
Digests = Mapping[tuple[str, str], str]
"""Id of an instance (in lower case) and name of an extension -> the `forceUpdateTag` that it ran last, which is the payload's digest."""

_HEADINGS = ("instance", "zone", "model", "health", "image version", "ran")


def digests(runs: Iterable[Json]) -> Digests:
    """What ran last, from the offline Azure's log of extension runs: ARM shows of an instance's extensions the names and how they ended."""
    return {
        (run["subject"].lower(), run["data"]["extension"]): run["data"]["forceUpdateTag"] for run in runs if run["data"]["forceUpdateTag"]
    }


def table(get: Get, scale_set_id: str, ran: Digests) -> str:
    """The scale set, its image, its extensions, and for each instance what it runs."""
    scale_set = get(scale_set_id)
    instances = get(f"{scale_set_id}/virtualMachines?$expand=instanceView")["value"]
    profile = scale_set["properties"]["virtualMachineProfile"]
    extensions = profile.get("extensionProfile", {}).get("extensions", [])
    lines = [
        f"Scale set   {scale_set['name']}: {len(instances)} instances of {scale_set['sku']['name']} in {scale_set['location']}",
        f"Image       {image(profile['storageProfile']['imageReference'])}",
        *(f"Extension   {extension(each)}" for each in extensions),
        "",
        *columns([_HEADINGS, *(row(instance, ran) for instance in instances)]),
    ]
    return "\n".join(lines)


def image(reference: Json) -> str:
    """An image reference as one string: a URN, or an id."""
    if "publisher" in reference:
        return ":".join(reference[part] for part in ("publisher", "offer", "sku", "version"))
    return str(next(reference[kind] for kind in ("id", "sharedGalleryImageId", "communityGalleryImageId") if kind in reference))


def extension(definition: Json) -> str:
    """`name: Microsoft.Azure.Extensions.CustomScript 2.1`, and the digest of its payload where it has one."""
    properties = definition["properties"]
    handler = f"{definition['name']}: {properties['publisher']}.{properties['type']} {properties['typeHandlerVersion']}"
    tag = properties.get("forceUpdateTag")
    return f"{handler}, payload {tag}" if tag else handler


def row(instance: Json, ran: Digests) -> tuple[str, ...]:
    """An instance: where it is, whether it has the model, how it does, and what ran on it."""
    properties = instance["properties"]
    view = properties["instanceView"]
    health = view.get("vmHealth", {}).get("status", {}).get("code", "/no signal").partition("/")[2]
    return (
        instance["instanceId"],
        ", ".join(instance.get("zones", [])) or "none",
        "latest" if properties["latestModelApplied"] else "older",
        health,
        properties["storageProfile"]["imageReference"].get("exactVersion", "own image"),
        ", ".join(run(each, ran.get((instance["id"].lower(), each["name"]))) for each in view.get("extensions", [])) or "no extension",
    )


def run(extension_view: Json, digest: str | None) -> str:
    """An extension on an instance: its name, what it ran, and that it failed when it did."""
    name = extension_view["name"] if digest is None else f"{extension_view['name']} {digest}"
    status = extension_view["statuses"][0]["code"]
    return name if status == "ProvisioningState/succeeded" else f"{name} ({status.partition('/')[2]})"


def columns(table_rows: list[tuple[str, ...]]) -> list[str]:
    """Rows with their columns below each other."""
    widths = [max(len(cell) for cell in column) for column in zip(*table_rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in table_rows]
