"""A version of an image definition, made of a source: which number it has, what would hinder it, and the gate that makes it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pulumi

from azure_scaleset.errors import ArgumentError
from azure_scaleset.images.arguments import ImageDestination
from azure_scaleset.images.artifact import CONTENT_TAG, Artifact, ensure, with_publishing
from azure_scaleset.images.azure import GALLERY_API_VERSION, asked, get_or_none
from azure_scaleset.images.definition import refusals
from azure_scaleset.images.destination import DEFAULT_VERSION, destination, publishing_profile
from azure_scaleset.images.gate import after, gate
from azure_scaleset.images.machine import LiveSource, Machine, is_snapshot, is_vm, read
from azure_scaleset.images.source import ImageSource, content, source_id, storage_profile, vhd_problem
from azure_scaleset.images.versions import Version, chosen_number, number
from azure_scaleset.review_text import error_text
from azure_scaleset.rules import Severity, check_gallery_image_version

if TYPE_CHECKING:
    from azure_scaleset.rollout.arm import Arm


def publish(
    subject: str,
    name: str,
    args: ImageDestination,
    source: ImageSource,
    common: Mapping[str, Any],
    parent: pulumi.Resource,
    ignored: list[str],
) -> tuple[pulumi.Output[str], pulumi.Output[str]]:
    """Makes the version; gives its id and the definition's. *common*: `resource_group_name`, `location`, `tags`."""
    place = source_id(source)
    live = found_source(subject, place, common["location"], parent)
    machine: pulumi.Output[Machine | None] = pulumi.Output.all(place, live).apply(
        lambda known: _machine(subject, args, known[0], known[1]) if known[0] is not None else None
    )
    target = destination(name, args, common, machine, parent, ignored)

    def checked_uri(uri: str) -> str:
        refused = vhd_problem(uri)
        if refused:
            raise ArgumentError(subject, [refused])
        return uri

    origin = pulumi.Output.from_input(place) if place is not None else pulumi.Output.from_input(source["vhd"]["uri"]).apply(checked_uri)
    made_of: pulumi.Output[str] = pulumi.Output.all(origin, live).apply(
        lambda known: content(known[0], known[1].unique_id if known[1] is not None else "")
    )
    wanted_version = args.get("version", DEFAULT_VERSION)

    async def choose(given: list[Any]) -> dict[str, str]:
        from azure_scaleset.images.listing import of_definition

        definition_id, wanted = given
        present = await asked(parent, lambda arm: of_definition(arm, definition_id))
        known_as = made_before(present, wanted)
        try:
            chosen = chosen_number(present, wanted_version, CONTENT_TAG, known_as)
        except ValueError as error:
            raise ArgumentError(subject, [str(error)]) from None
        return {"id": f"{definition_id}/versions/{chosen}", "content": known_as}

    chosen: pulumi.Output[dict[str, str]] = pulumi.Output.all(target.definition_id, made_of).apply(choose)
    body = {
        "location": common["location"],
        "tags": {**(common["tags"] or {}), CONTENT_TAG: chosen["content"]},
        "properties": {
            "storageProfile": storage_profile(source),
            "publishingProfile": pulumi.Output.from_input(common["location"]).apply(lambda location: publishing_profile(args, location)),
        },
    }
    image_id = gate(
        subject,
        f"{name}-version",
        {"id": chosen["id"], "body": body},
        lambda arm, wanted, report, stop: ensure(arm, Artifact(wanted["id"], wanted["body"]), report, stop),
        lambda arm, wanted: foreseen(arm, subject, wanted, ignored),
        parent,
        target.made,
    )
    # A scale set of the definition needs a version in it, so it waits for the gate, too.
    return image_id, after(image_id, target.definition_id)


def found_source(
    subject: str, place: pulumi.Input[str] | None, location: pulumi.Input[str], parent: pulumi.Resource, *, managed: bool = False
) -> "pulumi.Output[LiveSource | None]":
    """The source as Azure has it; None of a VHD, and where it isn't there (any more). Raises `ArgumentError` when no image can be made of it, in the first preview
    already. *managed*: a managed image."""

    async def look(given: list[Any]) -> LiveSource | None:
        known, region = given
        if known is None:
            return None
        live = await asked(parent, lambda arm: live_source(arm, known))
        hindered = refusals(live, region, None, managed=managed) if live is not None else []
        if hindered:
            raise ArgumentError(subject, hindered)
        return live

    result: pulumi.Output[LiveSource | None] = pulumi.Output.all(place, location).apply(look)
    return result


def live_source(arm: "Arm", place: str) -> LiveSource | None:
    """The source as Azure has it; None where it isn't there."""
    from azure_scaleset.rollout.arm import API_VERSION, DISK_API_VERSION

    view = {"$expand": "instanceView"} if is_vm(place) else {}
    body = get_or_none(arm, place, DISK_API_VERSION if is_snapshot(place) else API_VERSION, **view)
    return None if body is None else read(body, os_disk(arm, body) if is_vm(place) else None)


def os_disk(arm: "Arm", vm: Mapping[str, Any]) -> dict[str, Any] | None:
    """The managed OS disk of a VM, from Azure's answer about that; None where it has none."""
    from azure_scaleset.rollout.arm import DISK_API_VERSION

    disk_id = ((((vm.get("properties") or {}).get("storageProfile") or {}).get("osDisk") or {}).get("managedDisk") or {}).get("id")
    return get_or_none(arm, disk_id, DISK_API_VERSION) if disk_id else None


def made_before(present: Sequence[Version], made_of: str) -> str:
    """The content's full name: of a source that is gone, the newest that was made of it. Pure."""
    if "-" in made_of:
        return made_of
    named = {each: each.tags.get(CONTENT_TAG, "") for each in present}
    same = [each for each, tag in named.items() if tag.startswith(f"{made_of}-")]
    return named[max(same, key=lambda each: number(each.name))] if same else made_of


def foreseen(arm: "Arm", subject: str, wanted: Mapping[str, Any], ignored: Sequence[str]) -> str:
    """What `up` does about a version. Raises ValueError with all that hinders it."""
    artifact = Artifact(wanted["id"], wanted["body"])
    body = wanted["body"]
    present = get_or_none(arm, artifact.id, GALLERY_API_VERSION)
    if present is not None and present["properties"].get("provisioningState") != "Failed":
        if with_publishing(present, body) is None:
            return f"{artifact.name} is there already: it is used again"
        return f"{artifact.name} is there already: where it is published changes"
    _check_rules(subject, artifact, ignored)
    place = _place(body["properties"]["storageProfile"])
    if place is None:
        return f"{artifact.name} will be made of the VHD"
    source = live_source(arm, place)
    if source is None:
        raise ValueError(f"{subject}: {place} does not exist, and no version was made of it. Give the id of a source that is there.")
    found = refusals(source, str(body["location"]), get_or_none(arm, artifact.id.rpartition("/versions/")[0], GALLERY_API_VERSION))
    if found:
        raise ValueError(f"{subject}: {artifact.name} can't be made:\n" + "\n".join(f"  - {each}" for each in found))
    return f"{artifact.name} will be made of {source.words}"


def _check_rules(subject: str, artifact: Artifact, ignored: Sequence[str]) -> None:
    """The rules of a version, on azure-native's flat shape."""
    parts = artifact.id.split("/")
    body = artifact.body
    inputs = {
        **body["properties"],
        "location": body["location"],
        "galleryName": parts[8],
        "galleryImageName": parts[10],
        "galleryImageVersionName": parts[12],
    }
    errors = [each for each in check_gallery_image_version(inputs) if each.severity is Severity.ERROR and each.rule not in ignored]
    if errors:
        raise ValueError(error_text(subject, errors, []))


def _place(profile: Mapping[str, Any]) -> str | None:
    found = profile.get("source") or {}
    disk = (profile.get("osDiskImage") or {}).get("source") or {}
    return found.get("virtualMachineId") or found.get("id") or disk.get("id")


def _machine(subject: str, args: ImageDestination, place: str, live: LiveSource | None) -> Machine | None:
    """What the source tells; None where it is gone and nothing of it is needed."""
    given = args.get("definition", {}).keys()
    if live is not None:
        if not live.tells.os and "definition_id" not in args and "os" not in given:
            problem = f"Azure doesn't tell the system of {live.words}, and the definition needs it. Give destination.definition.os: Linux or Windows."
            raise ArgumentError(subject, [problem])
        return live.tells
    if "definition_id" in args or {"os", "generation", "security"} <= given:
        return None
    raise ArgumentError(
        subject,
        [
            f"{place} does not exist (any more), and the definition needs what it tells. Give the id of a source that is there; or, in destination.definition, os, generation, "
            "security, and where they are others than x64 and none, architecture and purchasePlan, as the source had them; or take the image that was made of it by its id."
        ],
    )
