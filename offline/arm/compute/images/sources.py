"""What images are made from: machines, disks, snapshots, VHD blobs, managed images, other gallery versions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from offline.arm import ids
from offline.arm.blob_service import blob_of
from offline.arm.compute.images import gallery, managed, shared
from offline.arm.compute.images.image import GENERALIZED, SPECIALIZED, TRUSTED_LAUNCH, Content, content_of
from offline.arm.errors import ArmError, bad_request, not_implemented
from offline.arm.http import Json
from offline.arm.store import Store

MACHINE = "Microsoft.Compute/virtualMachines"
DISK = "Microsoft.Compute/disks"
SNAPSHOT = "Microsoft.Compute/snapshots"


@dataclass(frozen=True)
class Source:
    """What an image is made from: its id, its type in lower case, what is on it; the OS state and the security type where it has any of its own."""

    id: str
    type: str
    content: Content
    state: str | None = None
    security: str | None = None


def named(store: Store, source_id: str, location: str) -> Source:
    """The source that an id names; refuses what is not there or in another region (Y5)."""
    if source_id.lower().startswith("/communitygalleries/"):
        image = shared.find(store, source_id, location)
        return Source(source_id, "community", image.content, image.state, image.security)
    kind = ids.parse(source_id).type.lower()
    if kind == gallery.VERSION.lower():
        image = gallery.find(store, source_id, location)
        return Source(source_id, kind, image.content, image.state, image.security)
    body = store.get(source_id)
    if body is None:
        raise ArmError(404, "NotFound", f"The source resource with id '{source_id}' was not found.", "storageProfile.source.id")
    if body["location"] != location:
        raise bad_request(
            "InvalidParameter",
            f"The source resource '{source_id}' is in location '{body['location']}', the image is made in '{location}': they must be in the same location.",
            "location",
        )
    if kind == MACHINE.lower():
        return machine(store, body)
    content = content_of(store, source_id)
    if kind not in (managed.NAME.lower(), DISK.lower(), SNAPSHOT.lower()) or content is None:
        raise bad_request("InvalidParameter", f"The resource '{source_id}' can't be the source of an image.", "storageProfile.source.id")
    return Source(
        source_id, kind, content, GENERALIZED if kind == managed.NAME.lower() else None, TRUSTED_LAUNCH if content.trusted else None
    )


def machine(store: Store, body: Json) -> Source:
    """A virtual machine that is in no scale set."""
    generalized = store.document("generalized", body["id"], "state") is not None
    disk = _os_disk_of(store, body)
    content = content_of(store, disk) if disk else None
    if content is None:
        raise bad_request(
            "InvalidParameter", f"The virtual machine '{body['id']}' has no OS disk that can be captured.", "virtualMachineId"
        )
    security = (body.get("properties") or {}).get("securityProfile", {}).get("securityType")
    return Source(
        body["id"], MACHINE.lower(), content, GENERALIZED if generalized else SPECIALIZED, security if security != "Standard" else None
    )


def _os_disk_of(store: Store, body: Json) -> str | None:
    if "scaleSet" in body:
        raise not_implemented("an image of an instance of a Flexible set")
    managed_disk: dict[str, Any] = body["properties"]["storageProfile"]["osDisk"].get("managedDisk") or {}
    return managed_disk.get("id")


def copied(store: Store, properties: Json, location: str) -> Content:
    """What is on a disk or a snapshot that is made as a copy: of another one (`Copy`), or of a VHD blob (`Import`)."""
    data = properties["creationData"]
    match data["createOption"]:
        case "Copy":
            origin = data.get("sourceResourceId")
            if not origin:
                raise bad_request(
                    "InvalidParameter", "Required parameter 'creationData.sourceResourceId' is missing (null).", "creationData"
                )
            return named(store, origin, location).content
        case "Import":
            for part, value in (("creationData.sourceUri", data.get("sourceUri")), ("osType", properties.get("osType"))):
                if not value:
                    raise bad_request("InvalidParameter", f"Required parameter '{part}' is missing (null).", part)
            # Whether it was prepared is said by whoever makes an image of it: `osState`, or the definition.
            stated = Content(properties["osType"], properties.get("hyperVGeneration") or "V1")
            return blob(store, data["sourceUri"], stated, "creationData.sourceUri").content
        case other:
            raise not_implemented(f"the createOption '{other}' of a disk")


def blob(store: Store, uri: str, content: Content, path: str) -> Source:
    """A VHD blob (Z4): a page blob of this name that is there. What is on it nobody can tell Azure but who uploaded it: `content` is what the request says."""
    found = blob_of(uri)
    if found is None or not found.name.lower().endswith(".vhd") or found.query:
        raise bad_request(
            "InvalidParameter",
            f"The value '{uri}' of parameter {path} is invalid: expected the URI of a .vhd page blob, without a signature.",
            path,
        )
    stored = store.blob(found.url)
    if stored is None:
        raise ArmError(404, "BlobNotFound", f"The blob '{uri}' does not exist.", path)
    if stored[1].get("x-ms-blob-type", "BlockBlob") != "PageBlob":
        raise bad_request("InvalidParameter", f"The source blob {uri} is not a page blob.", path)
    return Source(uri, "blob", content)
