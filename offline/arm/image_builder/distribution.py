"""Where the image of a build goes: a gallery version, a managed image, a VHD; and the run outputs that say what it became."""

from __future__ import annotations

from dataclasses import replace

from offline.arm import ids, writing
from offline.arm.compute.images import Content, gallery, managed
from offline.arm.compute.images.image import TRUSTED_LAUNCH
from offline.arm.errors import ArmError
from offline.arm.http import Json, Request
from offline.arm.image_builder import staging
from offline.arm.image_builder.template import RUN_OUTPUT, Template
from offline.arm.registry import Context

_COMPUTE = {"api-version": "2024-03-03"}


def begin(template: Template, content: Content, run: str) -> None:
    """Writes all targets. They take their time; raises ArmError for one that is refused."""
    for target in template.distributors:
        made = {"SharedImage": _version, "ManagedImage": _image, "VHD": _vhd}[target["type"]](template, target, content, run)
        output: Json = {"artifactUri" if target["type"] == "VHD" else "artifactId": made, "provisioningState": "Succeeded"}
        output_id = f"{template.id}/runOutputs/{target['runOutputName']}"
        body = {"id": output_id, "name": target["runOutputName"], "type": RUN_OUTPUT, "properties": output}
        template.store.put(output_id, RUN_OUTPUT, body)


def artifacts(template: Template) -> list[Json]:
    """The resources that the last run has made."""
    outputs = [each["properties"].get("artifactId") for each in template.store.resources(f"{template.id}/runOutputs/", RUN_OUTPUT)]
    return [found for each in outputs if each and (found := template.store.get(each)) is not None]


def _version(template: Template, target: Json, content: Content, run: str) -> str:
    definition_id, _, named = target["galleryImageId"].partition("/versions/")
    definition = template.store.get(definition_id)
    if definition is None:
        raise ArmError(404, "NotFound", f"The gallery image '{definition_id}' was not found.")
    version_id = f"{definition_id}/versions/{named or _number(template, target, definition_id)}"
    if template.store.get(version_id) is not None:
        raise ArmError(409, "Conflict", f"The gallery image version '{version_id}' exists already.")
    # What Image Builder publishes from: an image of its own, in its staging group, which it deletes afterwards.
    trusted = gallery.security_of(definition) == TRUSTED_LAUNCH
    origin = _image_in(template, f"{staging.group_id(template)}/providers/{managed.NAME}/{run}", replace(content, trusted=trusted), {})
    regions = target.get("targetRegions") or [{"name": each} for each in target.get("replicationRegions") or []]
    publishing = {
        "targetRegions": [_region(each, target) for each in regions],
        "excludeFromLatest": bool(target.get("excludeFromLatest")),
        "replicationMode": target.get("replicationMode") or "Full",
    }
    body = {
        "location": template.location,
        "tags": {**(target.get("artifactTags") or {}), "correlationId": run},
        "properties": {"storageProfile": {"source": {"id": origin}}, "publishingProfile": publishing},
    }
    writing.put(Context(template.store, ids.parse(version_id), Request("PUT", version_id, _COMPUTE, body)))
    template.store.delete(origin)
    template.store.delete_documents(origin)
    return version_id


def _region(region: Json, target: Json) -> Json:
    kind = region.get("storageAccountType") or target.get("storageAccountType") or "Standard_LRS"
    return {"name": region["name"], "regionalReplicaCount": region.get("replicaCount") or 1, "storageAccountType": kind}


def _number(template: Template, target: Json, definition_id: str) -> str:
    """B6. Without a scheme: a number of the day and the second, as Image Builder gives it."""
    scheme = target.get("versioning") or {}
    if scheme.get("scheme") == "Source":
        exact = template.properties["source"].get("exactVersion") or "0.0.1"
        return str(exact)
    if scheme.get("scheme") == "Latest":
        major = scheme.get("major", -1)
        numbers = [gallery.number(each["name"]) for each in template.store.resources(f"{definition_id}/versions/", gallery.VERSION)]
        last = max((each for each in numbers if major in (-1, each[0])), default=(max(major, 0), 0, 0))
        return f"{last[0]}.{last[1]}.{last[2] + 1}"
    now = template.store.now()
    return f"0.{now.year % 100 * 1000 + now.timetuple().tm_yday}.{now.hour * 3600 + now.minute * 60 + now.second}"


def _image(template: Template, target: Json, content: Content, run: str) -> str:
    return _image_in(template, target["imageId"], replace(content, trusted=False), target.get("artifactTags") or {})


def _image_in(template: Template, image_id: str, content: Content, tags: Json) -> str:
    disk = {"osType": content.os, "osState": "Generalized", "caching": "ReadWrite"}
    properties = {
        "hyperVGeneration": content.generation,
        "provisioningState": "Succeeded",
        "storageProfile": {"osDisk": disk, "dataDisks": []},
    }
    body = {"location": template.location, "tags": tags, "properties": properties}
    template.store.put(image_id, managed.NAME, {"id": image_id, "name": ids.parse(image_id).name, "type": managed.NAME, **body})
    content.save(template.store, image_id)
    return image_id


def _vhd(template: Template, target: Json, content: Content, run: str) -> str:
    account = staging.account_id(template).rpartition("/")[2]
    url = str(target.get("uri") or f"https://{account}.blob.core.windows.net/vhds/{template.name}_{run}.vhd")
    template.store.put_blob(url, b"", {"x-ms-blob-type": "PageBlob"})
    return url
