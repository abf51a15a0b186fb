"""A managed image of a VM, and the gate that makes it."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict

import pulumi

from azure_scaleset.images import live_source
from azure_scaleset.images.artifact import Artifact, ensure
from azure_scaleset.images.azure import asked, get_or_none, listed
from azure_scaleset.images.chosen import CONTENT_TAG, MADE_TAG, Chosen, fresh_mark
from azure_scaleset.images.gate import gate
from azure_scaleset.images.machine import LiveSource
from azure_scaleset.images.source import content
from azure_scaleset.images.versions import is_lost
from azure_scaleset.payload.digest import digest, short
from azure_scaleset.subscription import subscription_id

if TYPE_CHECKING:
    from azure_scaleset.rollout.arm import Arm


class ManagedImage(TypedDict):
    """A managed image: no versions, one region, no trusted launch (T25), at most 600 instances in a scale set (S5) and 20 deployments at a time (G7)."""

    name: NotRequired[str]
    """Optional. Beginning of its name, to which a digest of the VM and of `zoneResilient` is added. Default: the component's name."""

    zone_resilient: NotRequired[bool]
    """Optional. Kept in zone-redundant storage. Can't be changed: another value makes another image beside it, and needs the VM. Default: false."""


def publish(
    subject: str, name: str, args: ManagedImage, vm_id: pulumi.Input[str], common: Mapping[str, Any], parent: pulumi.Resource
) -> pulumi.Output[str]:
    """The gate of a managed image. Its name tells which VM it is of, so another VM gives another image beside it, and going back finds the old one."""
    live = live_source.found(subject, vm_id, common["location"], parent, managed=True)
    folder = pulumi.Output.concat(
        "/subscriptions/", subscription_id(parent), "/resourceGroups/", common["resource_group_name"], "/providers/Microsoft.Compute/images"
    )
    zoned = args.get("zone_resilient", False)

    async def choose(given: list[Any]) -> tuple[Chosen, str]:
        vm, found, place = given
        return await asked(parent, lambda arm: chosen_image(arm, vm, found, f"{place}/{args.get('name', name)}", zoned=zoned))

    image: pulumi.Output[tuple[Chosen, str]] = pulumi.Output.all(vm_id, live, folder).apply(choose)
    body = {
        "location": common["location"],
        "tags": pulumi.Output.all(image, common["tags"] or {}).apply(lambda known: known[0][0].tags(known[1])),
        "properties": {
            **managed_image_properties(vm_id, image.apply(lambda known: known[1])),
            **({"storageProfile": {"zoneResilient": True}} if zoned else {}),
        },
    }
    return gate(
        subject,
        f"{name}-managed-image",
        {"id": image.apply(lambda known: known[0].id), "body": body},
        lambda arm, wanted, report, stop: ensure(arm, Artifact(wanted["id"], wanted["body"]), report, stop),
        lambda arm, wanted: foreseen(arm, subject, wanted),
        parent,
        [],
    )


def managed_image_properties(vm_id: pulumi.Input[str], generation: pulumi.Input[str]) -> dict[str, Any]:
    """The properties of a managed image of a VM, in ARM's shape. A wrong generation makes machines that don't boot (V4)."""
    return {"sourceVirtualMachine": {"id": vm_id}, "hyperVGeneration": generation}


def chosen_image(arm: "Arm", vm_id: str, live: LiveSource | None, beginning: str, *, zoned: bool) -> tuple[Chosen, str]:
    """The image of a VM, and its generation. *live*: None where the VM is gone. *beginning*: of the image's id."""
    if live is None:
        return _made_before(listed(arm, beginning.rpartition("/")[0]), content(vm_id), beginning, zoned=zoned)
    made_of = content(vm_id, live.unique_id)
    image_id = _image_id(beginning, made_of, zoned=zoned)
    present = get_or_none(arm, image_id, Artifact(image_id, {}).api_version)
    if present is None or is_lost(present):
        return Chosen(image_id, made_of, fresh_mark(arm.now), there=False), live.tells.generation
    return Chosen(image_id, made_of, _tag(present, MADE_TAG), there=True), live.tells.generation


def _made_before(images: Iterable[Mapping[str, Any]], place: str, beginning: str, *, zoned: bool) -> tuple[Chosen, str]:
    """The newest image that was made, under its name, of a VM that is gone; one that isn't there, where there is none."""
    found = [
        each
        for each in images
        if (tag := _tag(each, CONTENT_TAG)).startswith(f"{place}-")
        and str(each["id"]).casefold() == _image_id(beginning, tag, zoned=zoned).casefold()
        and not is_lost(each)
    ]
    if not found:
        return Chosen(_image_id(beginning, place, zoned=zoned), place, "", there=False), "V1"
    newest = max(found, key=lambda each: _tag(each, MADE_TAG))
    made_of = _tag(newest, CONTENT_TAG)
    # Azure may list ids in another case, which would be another image.
    image = Chosen(_image_id(beginning, made_of, zoned=zoned), made_of, _tag(newest, MADE_TAG), there=True)
    return image, str((newest.get("properties") or {}).get("hyperVGeneration") or "V1")


def _image_id(beginning: str, made_of: str, *, zoned: bool) -> str:
    return f"{beginning}-{short(digest(made_of, *(['zoneResilient'] if zoned else [])), 8)}"


def _tag(body: Mapping[str, Any], name: str) -> str:
    return str((body.get("tags") or {}).get(name, ""))


def foreseen(arm: "Arm", subject: str, wanted: Mapping[str, Any]) -> str:
    """What `up` does about a managed image. Raises ValueError with all that hinders it."""
    artifact = Artifact(wanted["id"], wanted["body"])
    if not is_lost(get_or_none(arm, artifact.id, artifact.api_version)):
        return f"{artifact.name} is there already: it is used again"
    vm_id = wanted["body"]["properties"]["sourceVirtualMachine"]["id"]
    machine = live_source.live_source(arm, vm_id)
    if machine is None:
        raise ValueError(
            f"{subject}: the VM {vm_id} does not exist (any more), and neither does an image {artifact.name} that was made of it. Give the id of a VM that is there."
        )
    return f"{artifact.name} will be made of {machine.words}"
