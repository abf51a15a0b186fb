"""CapturedImage: an image of a VM that was customised by hand, then generalized (row 1 of the document)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict

import pulumi

from azure_scaleset.aliases import FAST
from azure_scaleset.errors import ArgumentError
from azure_scaleset.images.arguments import ImageDestination
from azure_scaleset.images.artifact import CONTENT_TAG, Artifact, ensure
from azure_scaleset.images.azure import asked, get_or_none
from azure_scaleset.images.destination import find_problems
from azure_scaleset.images.gate import gate
from azure_scaleset.images.publication import found_source, live_source, publish
from azure_scaleset.images.source import ImageSource, content
from azure_scaleset.payload.digest import digest, short
from azure_scaleset.shape import fields, read_fields
from azure_scaleset.subscription import subscription_id

if TYPE_CHECKING:
    from azure_scaleset.rollout.arm import Arm

_API_VERSION = "2024-11-01"


class ManagedImage(TypedDict):
    """A managed image: no versions, one region, no trusted launch (T25), at most 600 instances in a scale set (S5) and 20 deployments at a time (G7)."""

    name: NotRequired[str]
    """Optional. Beginning of its name, to which a digest of the VM is added. Default: the component's name."""

    zone_resilient: NotRequired[bool]
    """Optional. Kept in zone-redundant storage. Default: false."""


class CapturedImageArgs(TypedDict):
    """Arguments of `CapturedImage`."""

    resource_group_name: pulumi.Input[str]
    """Required. Of the gallery or the managed image that is made."""

    location: pulumi.Input[str]
    """Required. Azure region of the VM."""

    virtual_machine_id: pulumi.Input[str]
    """Required. Id of a generalized VM: `scaleset capture` prepares one. The VM may be deleted afterwards when `destination.definition` says what it was, or
    `destination.definitionId` is given."""

    destination: NotRequired[ImageDestination]
    """Optional. The gallery, the definition and the version. Default: all of them are made, as the VM is."""

    managed_image: NotRequired[ManagedImage]
    """Optional. Makes a managed image in place of a version. Excludes `destination`. Default: none."""

    ignore_rules: NotRequired[list[str]]
    """Optional. Ids of rules (docs/rules.md) that are wrong about this image: what they find is sent all the same. Default: none."""

    tags: NotRequired[dict[str, pulumi.Input[str]]]
    """Optional. Tags of all resources. Default: none."""


class CapturedImage(pulumi.ComponentResource):
    """An image of a generalized VM: a version in a gallery, with the VM's system, generation and security type; or a managed image, where that is asked for."""

    image_id: pulumi.Output[str]
    """Id of the image: goes into `ScaleSet`'s `image`. In `up` known when the image can be used."""

    def __init__(self, name: str, args: CapturedImageArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("azure-scaleset:index:CapturedImage", name, None, pulumi.ResourceOptions.merge(opts, FAST))
        subject = f"CapturedImage '{name}'"
        problems: list[str] = []
        args = read_fields(args, fields(CapturedImageArgs), "", problems)  # type: ignore[assignment]  # it gives what its table says
        if not problems:
            problems = find_captured_image_problems(args)
        if problems:
            raise ArgumentError(subject, problems)

        common = {"resource_group_name": args["resource_group_name"], "location": args["location"], "tags": args.get("tags")}
        if "managed_image" in args:
            self.image_id = _managed_image(subject, name, args["managed_image"], args["virtual_machine_id"], common, self)
        else:
            source: ImageSource = {"virtual_machine_id": args["virtual_machine_id"]}
            self.image_id, _ = publish(subject, name, args.get("destination", {}), source, common, self, args.get("ignore_rules", []))
        self.register_outputs({"imageId": self.image_id})


def find_captured_image_problems(args: CapturedImageArgs) -> list[str]:
    """All that is wrong with arguments of the right shape."""
    if "managed_image" not in args:
        return find_problems(args.get("destination", {}), args["location"], source_tells=True)
    if "destination" in args:
        return ["managedImage and destination are given: a managed image is in no gallery. Remove one of the two."]
    return []


def _managed_image(
    subject: str, name: str, args: ManagedImage, vm_id: pulumi.Input[str], common: Mapping[str, Any], parent: pulumi.Resource
) -> pulumi.Output[str]:
    """The gate of a managed image. Its name tells which VM it is of, so another VM gives another image beside it, and going back finds the old one."""
    live = found_source(subject, vm_id, common["location"], parent, managed=True)
    group = pulumi.Output.concat("/subscriptions/", subscription_id(parent), "/resourceGroups/", common["resource_group_name"])

    async def what(given: list[Any]) -> str:
        known, machine, place = given
        if machine is not None:
            return content(known, machine.unique_id)
        return await asked(parent, lambda arm: made_before(arm, content(known), place))

    made_of: pulumi.Output[str] = pulumi.Output.all(vm_id, live, group).apply(what)
    generation = live.apply(lambda known: known.tells.generation if known is not None else "V2")
    image_name: pulumi.Output[str] = made_of.apply(lambda known: f"{args.get('name', name)}-{short(digest(known), 8)}")
    image_id = pulumi.Output.concat(group, "/providers/Microsoft.Compute/images/", image_name)
    body = {
        "location": common["location"],
        "tags": {**(common["tags"] or {}), CONTENT_TAG: made_of},
        "properties": {
            "sourceVirtualMachine": {"id": vm_id},
            "hyperVGeneration": generation,
            **({"storageProfile": {"zoneResilient": True}} if args.get("zone_resilient") else {}),
        },
    }
    return gate(
        f"{name}-managed-image",
        {"id": image_id, "body": body},
        lambda arm, wanted, report, stop: ensure(arm, Artifact(wanted["id"], wanted["body"]), report, stop),
        lambda arm, wanted: _foreseen(arm, subject, wanted),
        parent,
        [],
    )


def made_before(arm: "Arm", made_of: str, group: str) -> str:
    """The content's full name, of a VM that is gone: that of an image in the group that was made of it."""
    for body in arm.values(f"{group}/providers/Microsoft.Compute/images"):
        tag = str((body.get("tags") or {}).get(CONTENT_TAG, ""))
        if tag.startswith(f"{made_of}-"):
            return tag
    return made_of


def _foreseen(arm: "Arm", subject: str, wanted: Mapping[str, Any]) -> str:
    """What `up` does about a managed image. Raises ValueError with all that hinders it."""
    artifact = Artifact(wanted["id"], wanted["body"])
    if get_or_none(arm, artifact.id, _API_VERSION) is not None:
        return f"{artifact.name} is there already: it is used again"
    vm_id = wanted["body"]["properties"]["sourceVirtualMachine"]["id"]
    machine = live_source(arm, vm_id)
    if machine is None:
        raise ValueError(f"{subject}: the VM {vm_id} does not exist, and no image was made of it. Give the id of a VM that is there.")
    return f"{artifact.name} will be made of {machine.name}"
