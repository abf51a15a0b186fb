"""CapturedImage: an image of a VM that was customised by hand, then generalized (row 1 of the document)."""

from typing import NotRequired, TypedDict

import pulumi

from azure_scaleset.aliases import FAST
from azure_scaleset.errors import ArgumentError
from azure_scaleset.images import managed_image
from azure_scaleset.images.arguments import ImageDestination
from azure_scaleset.images.destination import find_problems
from azure_scaleset.images.managed_image import ManagedImage
from azure_scaleset.images.publication import publish
from azure_scaleset.images.source import ImageSource, id_problems
from azure_scaleset.shape import fields, legible, read_fields


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
    """An image of a generalized VM: a version in a gallery, with the VM's system, generation and security type; or a managed image, where that is asked for.

    Children: as `GalleryImage`'s; for a managed image `<name>-managed-image` (a stash)."""

    image_id: pulumi.Output[str]
    """Id of the image: goes into `ScaleSet`'s `image`. In `up` known when the image can be used."""

    def __init__(self, name: str, args: CapturedImageArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("azure-scaleset:index:CapturedImage", name, None, pulumi.ResourceOptions.merge(opts, FAST))
        subject = f"CapturedImage '{name}'"
        problems: list[str] = []
        args = read_fields(args, fields(CapturedImageArgs), "", problems)  # type: ignore[assignment]  # it gives what its table says
        if legible(problems):
            problems += find_captured_image_problems(args)
        if problems:
            raise ArgumentError(subject, problems)

        common = {"resource_group_name": args["resource_group_name"], "location": args["location"], "tags": args.get("tags")}
        if "managed_image" in args:
            self.image_id = managed_image.publish(subject, name, args["managed_image"], args["virtual_machine_id"], common, self)
        else:
            source: ImageSource = {"virtual_machine_id": args["virtual_machine_id"]}
            self.image_id, _ = publish(subject, name, args.get("destination", {}), source, common, self, args.get("ignore_rules", []))
        self.register_outputs({"imageId": self.image_id})


def find_captured_image_problems(args: CapturedImageArgs) -> list[str]:
    """All that is wrong with arguments of the right shape."""
    problems = id_problems(args)
    if "managed_image" not in args:
        return problems + find_problems(args.get("destination", {}), args["location"], source_tells=True)
    if "destination" in args:
        problems.append("managedImage and destination are given: a managed image is in no gallery. Remove one of the two.")
    return problems
