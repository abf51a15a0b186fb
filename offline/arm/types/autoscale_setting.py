"""Autoscale settings: a range of capacity for a scale set, and when to move in it."""

from __future__ import annotations

from azure.mgmt.monitor import models

from offline.arm import ids, writing
from offline.arm.errors import bad_request, conflict
from offline.arm.http import Json, Request
from offline.arm.registry import Context, ResourceType, register

_NAME = "Microsoft.Insights/autoscaleSettings"


def _put(context: Context, new: Json, old: Json | None) -> Json:
    properties = {"enabled": False, "name": context.id.name, **new["properties"]}
    target = properties.get("targetResourceUri")
    if not target:
        raise bad_request(
            "InvalidParameter", "Required parameter 'properties.targetResourceUri' is missing (null).", "properties.targetResourceUri"
        )
    _check_profiles(properties["profiles"])
    for other in context.store.resources(resource_type=_NAME):
        if other["id"].lower() != context.id.key and other["properties"]["targetResourceUri"].lower() == target.lower():
            raise conflict(
                "ConflictingAutoscaleSetting",
                f"The resource '{target}' has an autoscale setting already: '{other['id']}'. A resource can have one.",
                "properties.targetResourceUri",
            )
    if properties["enabled"]:
        _move_into_range(context, target, properties["profiles"][0])
    return {**new, "properties": properties}


def _check_profiles(profiles: list[Json]) -> None:
    """A1 and A2."""
    if not 1 <= len(profiles) <= 20:
        raise bad_request("BadRequest", f"An autoscale setting has 1-20 profiles, this one has {len(profiles)}.", "properties.profiles")
    names = [profile["name"] for profile in profiles]
    for number, profile in enumerate(profiles):
        path = f"properties.profiles[{number}]"
        if names.index(profile["name"]) != number:
            raise bad_request("BadRequest", f"Two profiles have the name '{profile['name']}'.", f"{path}.name")
        if len(profile["rules"]) > 10:
            raise bad_request("BadRequest", f"Profile '{profile['name']}' has {len(profile['rules'])} rules: at most 10.", f"{path}.rules")
        low, default, high = (_capacity(profile, bound, path) for bound in ("minimum", "default", "maximum"))
        if low > default or default > high:
            wrong, than = (("minimum", low), "greater") if low > default else (("maximum", high), "less")
            raise bad_request(
                "BadRequest",
                f"The {wrong[0]} capacity value '{wrong[1]}' that you specified in the autoscale setting is {than} than the default capacity of '{default}'.",
                f"{path}.capacity.{wrong[0]}",
            )


def _capacity(profile: Json, bound: str, path: str) -> int:
    text = str(profile["capacity"][bound])
    if not text.isdigit() or int(text) > 1000:
        raise bad_request("BadRequest", f"The {bound} capacity '{text}' is no number in 0-1000.", f"{path}.capacity.{bound}")
    return int(text)


def capacity_in_range(capacity: int, profile: Json) -> int:
    """The capacity that a profile leaves: moved to its minimum or maximum where it is outside."""
    return max(int(profile["capacity"]["minimum"]), min(int(profile["capacity"]["maximum"]), capacity))


def _move_into_range(context: Context, target: str, profile: Json) -> None:
    scale_set = context.store.get(target)
    current = ((scale_set or {}).get("sku") or {}).get("capacity")
    if current is None or capacity_in_range(current, profile) == current:
        return
    change = {"sku": {"capacity": capacity_in_range(current, profile)}}
    context.store.log("autoscale", target, before=current, after=change["sku"]["capacity"])
    writing.patch(
        Context(context.store, ids.parse(target), Request("PATCH", target, context.request.query, change, context.request.headers))
    )


register(ResourceType(_NAME, models.AutoscaleSettingResource, on_put=_put, patch_model=models.AutoscaleSettingResourcePatch))
