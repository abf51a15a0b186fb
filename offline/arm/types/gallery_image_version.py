"""Microsoft.Compute/galleries/images/versions: made once from a source, then carried to regions."""

from __future__ import annotations

import re

from azure.mgmt.compute import models

from offline.arm import provisioning, tenant
from offline.arm.compute import publishing
from offline.arm.compute.durations import REPLICATION_SECONDS, VERSION_SECONDS
from offline.arm.compute.images import fitting, gallery
from offline.arm.compute.images.gallery import VERSION
from offline.arm.compute.images.image import Content
from offline.arm.compute.images.sources import Source, blob, named
from offline.arm.compute.tree import dig
from offline.arm.errors import bad_request, conflict
from offline.arm.http import Json
from offline.arm.registry import Context, ResourceType, register
from offline.arm.store import Store

_NAME = re.compile(r"^\d{1,10}\.\d{1,10}\.\d{1,10}$")
_HIGHEST = 2_147_483_647
_MOST_REPLICAS = 100


def _put(context: Context, new: Json, old: Json | None) -> Json:
    _check_name(context.id.name)
    definition = context.store.get(str(context.id.parent)) or {}
    properties = {**new["properties"]}
    before = (old or {}).get("properties") or {}
    profile = _profile(new["location"], properties.get("publishingProfile") or {}, before.get("publishingProfile") or {})
    properties["publishingProfile"] = {"publishedDate": context.store.now().isoformat(), **profile}
    if old is None:
        source = _source(context.store, properties["storageProfile"], new["location"], definition)
        fitting.check(source, definition)
        source.content.save(context.store, context.id.text)
        properties["storageProfile"] = _with_disk(properties["storageProfile"])
    elif _stated(properties["storageProfile"]) != _stated(before["storageProfile"]):
        raise _refused_change("storageProfile.source")
    else:
        properties["storageProfile"] = before["storageProfile"]
    arrived = gallery.replicas(context.store, context.id.text)
    wanted = [tenant.region(each["name"]) for each in profile["targetRegions"]]
    seconds = VERSION_SECONDS if set(wanted) <= set(arrived) else REPLICATION_SECONDS
    _keep_replicas(context.store, context.id.text, [each for each in arrived if each in wanted])
    return provisioning.begin(context, {**new, "properties": properties}, old, seconds)


def _check_name(name: str) -> None:
    """Y1."""
    if not _NAME.match(name) or max(gallery.number(name)) > _HIGHEST:
        raise bad_request(
            "InvalidParameter",
            f"The entity name 'galleryImageVersionName' is invalid according to its validation rule: '{name}'. A version has the form Major.Minor.Patch.",
            "galleryImageVersionName",
        )


def _profile(location: str, profile: Json, before: Json) -> Json:
    """Y6: the target regions, the version's own among them; the storage type of a region stays."""
    default = {"name": location, "regionalReplicaCount": profile.get("replicaCount", 1)}
    regions = [
        {
            "regionalReplicaCount": profile.get("replicaCount", 1),
            "storageAccountType": profile.get("storageAccountType") or "Standard_LRS",
            **each,
        }
        for each in profile.get("targetRegions") or [default]
    ]
    names = [tenant.location(each["name"], VERSION) for each in regions]
    target = "publishingProfile.targetRegions"
    if len(set(names)) < len(names):
        raise bad_request("InvalidParameter", "A region is named more than once in the target regions.", target)
    if location not in names:
        raise bad_request(
            "InvalidParameter", f"The target regions do not contain the location '{location}' of the gallery image version.", target
        )
    stored = {tenant.region(each["name"]): each.get("storageAccountType") for each in before.get("targetRegions") or []}
    for name, each in zip(names, regions, strict=True):
        if not 1 <= each["regionalReplicaCount"] <= _MOST_REPLICAS:
            raise bad_request("InvalidParameter", f"The replica count {each['regionalReplicaCount']} is not in 1-{_MOST_REPLICAS}.", target)
        if stored.get(name, each["storageAccountType"]) != each["storageAccountType"]:
            raise _refused_change("publishingProfile.targetRegions.storageAccountType")
    plain = {"replicaCount": 1, "excludeFromLatest": False, "storageAccountType": "Standard_LRS", "replicationMode": "Full"}
    published = {"publishedDate": before["publishedDate"]} if before else {}
    return {
        **plain,
        **profile,
        **published,
        "targetRegions": [{**each, "name": tenant.LOCATIONS[name]} for name, each in zip(names, regions, strict=True)],
    }


def _source(store: Store, storage: Json, location: str, definition: Json) -> Source:
    """Y5: exactly one source. On a blob there is what the definition says."""
    whole = [dig(storage, f"source.{name}") for name in ("id", "virtualMachineId", "communityGalleryImageId")]
    disk = dig(storage, "osDiskImage.source") or {}
    given = [each for each in (*whole, disk.get("id"), disk.get("uri") or disk.get("storageAccountId")) if each]
    if len(given) != 1:
        raise bad_request(
            "InvalidParameter",
            "The gallery artifact version source can only be specified either directly under storageProfile or within individual OS or data disks. "
            f"One source is expected, {len(given)} are given.",
            "storageProfile",
        )
    if not (disk.get("uri") or disk.get("storageAccountId")):
        return named(store, str(given[0]), location)
    if not (disk.get("uri") and disk.get("storageAccountId")):
        missing = "uri" if disk.get("storageAccountId") else "storageAccountId"
        target = f"storageProfile.osDiskImage.source.{missing}"
        raise bad_request("InvalidParameter", f"Required parameter '{target}' is missing (null).", target)
    of = definition["properties"]
    content = Content(of["osType"], of["hyperVGeneration"], of["osState"] == "Generalized", architecture=of["architecture"])
    return blob(store, disk["uri"], content, "storageProfile.osDiskImage.source.uri")


def _with_disk(storage: Json) -> Json:
    disk = {"hostCaching": "ReadWrite", **(storage.get("osDiskImage") or {}), "sizeInGB": 30}
    return {**storage, "osDiskImage": disk}


def _stated(storage: Json) -> Json:
    """The source as it was written: what the service adds is no change."""
    return {"source": storage.get("source"), "disk": dig(storage, "osDiskImage.source")}


def _refused_change(name: str) -> Exception:
    target = f"galleryImageVersion.properties.{name}"
    return conflict("PropertyChangeNotAllowed", f"Changing property '{target}' is not allowed.", target)


def _keep_replicas(store: Store, version_id: str, regions: list[str]) -> None:
    store.put_document("replicas", version_id, "regions", {"regions": regions})


def _arrive(store: Store, body: Json, data: Json) -> None:
    regions = [tenant.region(each["name"]) for each in body["properties"]["publishingProfile"]["targetRegions"]]
    _keep_replicas(store, body["id"], regions)
    store.log("versionReplicated", body["id"], regions=regions)
    definition = body["id"].rpartition("/versions/")[0].lower()
    publishing.offer(store, lambda reference: str(reference.get("id")).lower() == definition)


def _get(context: Context, body: Json) -> Json:
    """`$expand=ReplicationStatus` tells how far each region is."""
    if context.request.query.get("$expand", "").lower() != "replicationstatus":
        return body
    arrived = gallery.replicas(context.store, body["id"])
    done = {True: {"state": "Completed", "progress": 100, "details": ""}, False: {"state": "Replicating", "progress": 0, "details": ""}}
    regions = body["properties"]["publishingProfile"]["targetRegions"]
    summary = [{"region": each["name"], **done[tenant.region(each["name"]) in arrived]} for each in regions]
    complete = all(each["state"] == "Completed" for each in summary)
    status = {"aggregatedState": "Completed" if complete else "InProgress", "summary": summary}
    return {**body, "properties": {**body["properties"], "replicationStatus": status}}


def _delete(context: Context, old: Json) -> None:
    """A version that sets refer to is deleted without a word (G13): they can't make or reimage instances any more."""
    properties = old["properties"]
    end = dig(properties, "publishingProfile.endOfLifeDate")
    if dig(properties, "safetyProfile.blockDeletionBeforeEndOfLife") and end and end > context.store.now().isoformat():
        raise conflict(
            "OperationNotAllowed",
            f"The gallery image version '{context.id.name}' can't be deleted before its end of life date '{end}': 'blockDeletionBeforeEndOfLife' is set.",
            "safetyProfile.blockDeletionBeforeEndOfLife",
        )


provisioning.ENDS[VERSION.lower()] = _arrive
register(
    ResourceType(
        VERSION,
        models.GalleryImageVersion,
        on_put=_put,
        on_get=_get,
        on_delete=_delete,
        patch_model=models.GalleryImageVersionUpdate,
    )
)
