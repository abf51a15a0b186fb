"""The gallery and the image definition that a version is made in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_azure_native import compute

from azure_scaleset.errors import ArgumentError
from azure_scaleset.images.arguments import ImageDefinition, ImageDestination
from azure_scaleset.images.definition import definition_properties
from azure_scaleset.images.ids import DEFINITION_ID, GALLERY_ID
from azure_scaleset.images.machine import Machine
from azure_scaleset.images.versions import moment, wanted_problem
from azure_scaleset.payload.digest import digest, short
from azure_scaleset.review import checked
from azure_scaleset.review_rounds import follow, judged
from azure_scaleset.rules import check_gallery_image
from azure_scaleset.rules.gallery import plain
from azure_scaleset.secrecy import as_text
from azure_scaleset.shape import camel
from azure_scaleset.subscription import subscription_id

DEFAULT_VERSION = "1.0"


def find_problems(destination: ImageDestination, location: object, *, source_tells: bool) -> list[str]:
    """What is wrong with the arguments. *source_tells*: whether the source (anything but a VHD) tells what the image is."""
    problems = []
    for key, pattern, form in (
        ("gallery_id", GALLERY_ID, "…/galleries/NAME"),
        ("definition_id", DEFINITION_ID, "…/galleries/NAME/images/NAME"),
    ):
        value = destination.get(key)
        if isinstance(value, str) and not pattern.fullmatch(value):
            problems.append(f"{camel(key)} is {value!r}. Expected {form}.")
    excluded = [key for key in ("gallery_id", "gallery_name", "definition") if key in destination]
    if "definition_id" in destination and excluded:
        problems.append(f"definitionId and {camel(excluded[0])} are given: the definition is in its own gallery. Remove one of the two.")
    if "gallery_id" in destination and "gallery_name" in destination:
        problems.append("galleryId and galleryName are given: the gallery exists, or is made. Remove one of the two.")
    if "definition_id" not in destination and not source_tells and "os" not in destination.get("definition", {}):
        problems.append("definition.os is missing. Expected Linux or Windows: a VHD doesn't tell it. Add it, or definitionId.")
    version = wanted_problem(destination.get("version", DEFAULT_VERSION))
    if version:
        problems.append(f"version is {version}")
    if "end_of_life_date" in destination:
        try:
            moment(destination["end_of_life_date"])
        except ValueError:
            problems.append(
                f"endOfLifeDate is {destination['end_of_life_date']!r}. Expected a date or time of ISO 8601, as 2027-06-30T00:00:00Z."
            )
    names = [region["name"] for region in destination.get("regions", [])]
    if names and isinstance(location, str) and plain(location) not in {plain(name) for name in names}:
        problems.append(f"regions is {', '.join(names)}. Expected {location}, the version's own region, among them (Y6). Add it.")
    return [f"destination.{problem}" for problem in problems]


@dataclass(frozen=True)
class Destination:
    """An image definition that is there, or is made here."""

    definition_id: pulumi.Output[str]
    """Its id: known before it is made, so that a preview can look for versions."""
    made: list[pulumi.Resource]
    """What must be there first."""


def destination(
    subject: str,
    name: str,
    args: ImageDestination,
    common: Mapping[str, Any],
    machine: "pulumi.Output[Machine | None]",
    parent: pulumi.Resource,
    ignored: list[str],
) -> Destination:
    """Makes what of it isn't given. *subject*: type and name of the component, for messages. *common*: `resource_group_name`, `location`, `tags`. *machine*: what the source tells; None for a VHD."""
    if "definition_id" in args:
        return Destination(pulumi.Output.from_input(args["definition_id"]), [])
    # Kept when the stack goes: Azure deletes no gallery with versions in it, and they may be used elsewhere.
    keep = pulumi.ResourceOptions(parent=parent, retain_on_delete=True)
    made: list[pulumi.Resource] = []
    if "gallery_id" in args:
        gallery_id = pulumi.Output.from_input(args["gallery_id"])
    else:
        gallery_name = args.get("gallery_name", re.sub(r"[^A-Za-z0-9._]", "_", name))
        made.append(compute.Gallery(f"{name}-gallery", gallery_name=gallery_name, **common, opts=keep))
        gallery_id = pulumi.Output.concat(
            "/subscriptions/", subscription_id(parent), "/resourceGroups/", common["resource_group_name"],
            "/providers/Microsoft.Compute/galleries/", gallery_name,
        )  # fmt: skip  # an id reads best on two lines
    definition = args.get("definition", {})
    properties: pulumi.Output[dict[str, Any]] = judged(subject, machine, lambda found: _described(subject, definition, found), parent)
    given = definition.get("identifier")
    image_name: pulumi.Output[str] = properties.apply(
        lambda known: definition.get("name") or f"{name}-{short(digest(as_text({**known, 'identifier': given} if given else known)), 6)}"
    )
    identifier = given or {"publisher": "azure-scaleset", "offer": name, "sku": image_name}
    inputs: dict[str, Any] = {
        "gallery_image_name": image_name,
        "gallery_name": gallery_id.apply(lambda known: known.rpartition("/")[2]),
        "resource_group_name": gallery_id.apply(lambda known: known.split("/")[4]),
        "location": common["location"],
        "tags": common["tags"],
        "os_type": properties.apply(lambda known: known["osType"]),
        "os_state": compute.OperatingSystemStateTypes.GENERALIZED,
        "hyper_v_generation": properties.apply(lambda known: known["hyperVGeneration"]),
        "architecture": properties.apply(lambda known: known["architecture"]),
        "features": properties.apply(lambda known: known["features"]),
        "purchase_plan": properties.apply(lambda known: known.get("purchasePlan")),
        "identifier": identifier,
        "recommended": _recommended(definition),
        "description": definition.get("description"),
    }
    review = checked(f"GalleryImage '{name}-image'", check_gallery_image, inputs, parent, ignored)
    image = compute.GalleryImage(
        f"{name}-image",
        **inputs,
        opts=pulumi.ResourceOptions.merge(keep, pulumi.ResourceOptions(depends_on=list(made), hooks=review, delete_before_replace=False)),
    )
    follow(image)
    made.append(image)
    return Destination(pulumi.Output.concat(gallery_id, "/images/", image_name), made)


def _described(subject: str, definition: ImageDefinition, machine: Machine | None) -> dict[str, Any]:
    try:
        return definition_properties(definition, machine)
    except ValueError as error:
        raise ArgumentError(subject, [str(error)]) from None


def _recommended(definition: ImageDefinition) -> dict[str, Any] | None:
    sizes = definition.get("recommended")
    if sizes is None:
        return None
    cpus = {"min": sizes.get("minimum_cpus"), "max": sizes.get("maximum_cpus")}
    memory = {"min": sizes.get("minimum_memory_gb"), "max": sizes.get("maximum_memory_gb")}
    return {
        key: {name: value for name, value in limits.items() if value is not None}
        for key, limits in (("v_cpus", cpus), ("memory", memory))
        if any(value is not None for value in limits.values())
    }


def publishing_profile(args: ImageDestination, location: str) -> dict[str, Any]:
    """The version's `publishingProfile` in ARM's shape."""
    profile: dict[str, Any] = {
        "targetRegions": [
            {
                "name": region["name"],
                "regionalReplicaCount": region.get("replicas", 1),
                **({"excludeFromLatest": True} if region.get("exclude_from_latest") else {}),
            }
            for region in args.get("regions", [{"name": location}])
        ],
        "excludeFromLatest": args.get("exclude_from_latest", False),
    }
    for key, name in (("storage_account_type", "storageAccountType"), ("end_of_life_date", "endOfLifeDate")):
        if key in args:
            profile[name] = args[key]  # type: ignore[literal-required]  # mypy doesn't follow the tuple
    return profile
