"""Microsoft.Compute/galleries: what image definitions are in, and with whom it is shared."""

from __future__ import annotations

import re
import uuid

from azure.mgmt.compute import models

from offline.arm import provisioning
from offline.arm.compute.durations import GALLERY_SECONDS
from offline.arm.compute.images.gallery import GALLERY
from offline.arm.errors import ArmError, bad_request
from offline.arm.http import Json
from offline.arm.registry import Context, ResourceType, register

_NAME = re.compile(r"^(?=.{1,80}$)[A-Za-z0-9](?:[A-Za-z0-9._]*[A-Za-z0-9])?$")
_COMMUNITY = ("publisherUri", "publisherContact", "eula", "publicNamePrefix")


def _put(context: Context, new: Json, old: Json | None) -> Json:
    name = context.id.name
    if not _NAME.match(name):
        raise bad_request(
            "InvalidParameter",
            f"The entity name 'galleryName' is invalid according to its validation rule: '{name}'. A gallery's name has 1-80 letters, digits, dots and "
            "underscores, and begins and ends with a letter or a digit.",
            "galleryName",
        )
    before = (old or {}).get("properties") or {}
    properties = dict(new.get("properties") or {})
    properties["identifier"] = {"uniqueName": f"{context.id.subscription.lower()}-{name.upper()}"}
    if properties.get("sharingProfile"):
        properties["sharingProfile"] = _sharing(context, properties["sharingProfile"], before.get("sharingProfile") or {})
    return provisioning.begin(context, {**new, "properties": properties}, old, GALLERY_SECONDS)


def _sharing(context: Context, profile: Json, before: Json) -> Json:
    """With community sharing, what Azure needs of its publisher; who the gallery is shared with stays as the action `share` left it."""
    kept = {name: before[name] for name in ("groups",) if name in before}
    if profile.get("permissions") != "Community":
        return {**profile, **kept}
    info = profile.get("communityGalleryInfo") or {}
    for part in _COMMUNITY:
        if not info.get(part):
            target = f"sharingProfile.communityGalleryInfo.{part}"
            raise bad_request("InvalidParameter", f"Required parameter '{target}' is missing (null).", target)
    shown = {
        name: value
        for name, value in (before.get("communityGalleryInfo") or {}).items()
        if name in ("communityGalleryEnabled", "publicNames")
    }
    return {**profile, **kept, "communityGalleryInfo": {**info, "communityGalleryEnabled": False, **shown}}


def _share(context: Context, body: Json) -> Json:
    """`share`: `Add` and `Remove` of subscriptions and tenants, `EnableCommunity`, `Reset`."""
    wanted = context.request.body or {}
    profile = dict(body["properties"].get("sharingProfile") or {})
    match wanted.get("operationType"):
        case "EnableCommunity":
            if profile.get("permissions") != "Community":
                raise _sharing_refused("The gallery is not created with the sharing permission 'Community'.")
            info = profile["communityGalleryInfo"]
            guid = uuid.uuid5(uuid.NAMESPACE_URL, f"{context.id.key} community")
            profile["communityGalleryInfo"] = {
                **info,
                "communityGalleryEnabled": True,
                "publicNames": [f"{info['publicNamePrefix']}-{guid}"],
            }
        case "Add" | "Remove" as change:
            if profile.get("permissions") != "Groups":
                raise _sharing_refused("The gallery is not created with the sharing permission 'Groups'.")
            profile["groups"] = _groups(profile.get("groups") or [], wanted.get("groups") or [], add=change == "Add")
        case "Reset":
            profile = {"permissions": "Private"}
        case other:
            raise bad_request("InvalidParameter", f"The value '{other}' of parameter operationType is invalid.", "operationType")
    context.store.put(body["id"], GALLERY, {**body, "properties": {**body["properties"], "sharingProfile": profile}})
    return {**wanted, "operationType": wanted["operationType"]}


def _sharing_refused(message: str) -> ArmError:
    return ArmError(409, "OperationNotAllowed", message, "sharingProfile.permissions")


def _groups(before: list[Json], changed: list[Json], add: bool) -> list[Json]:
    found = {each["type"]: set(each["ids"]) for each in before}
    for each in changed:
        kept = found.setdefault(each["type"], set())
        found[each["type"]] = kept | set(each.get("ids") or []) if add else kept - set(each.get("ids") or [])
    return [{"type": kind, "ids": sorted(members)} for kind, members in found.items() if members]


def _get(context: Context, body: Json) -> Json:
    """With `$select=Permissions` the sharing profile tells with whom it is shared; without, only how."""
    profile = body["properties"].get("sharingProfile")
    if profile is None or context.request.query.get("$select", "").lower() == "permissions":
        return body
    shown = {name: value for name, value in profile.items() if name != "groups"}
    return {**body, "properties": {**body["properties"], "sharingProfile": shown}}


register(
    ResourceType(
        GALLERY,
        models.Gallery,
        on_put=_put,
        on_get=_get,
        actions={"share": _share},
        patch_model=models.GalleryUpdate,
        nested_first=True,
    )
)
