"""GalleryImage: a version of an image in a gallery, made of a VM, a managed image, a snapshot or a VHD."""

from typing import NotRequired, TypedDict

import pulumi

from azure_scaleset.aliases import FAST
from azure_scaleset.errors import ArgumentError
from azure_scaleset.images.arguments import ImageDestination
from azure_scaleset.images.destination import find_problems
from azure_scaleset.images.publication import publish
from azure_scaleset.images.source import ImageSource, id_problems, vhd_problem
from azure_scaleset.shape import fields, legible, read_fields


class GalleryImageArgs(TypedDict):
    """Arguments of `GalleryImage`."""

    resource_group_name: pulumi.Input[str]
    """Required. Of the gallery that is made."""

    location: pulumi.Input[str]
    """Required. Azure region in which the source is, and the version is made."""

    source: ImageSource
    """Required. What the version is made of. Another source makes another version."""

    destination: NotRequired[ImageDestination]
    """Conditional: required where the source is a VHD, of which nobody can tell what it is. The gallery, the definition and the version. Default: all of them are made."""

    ignore_rules: NotRequired[list[str]]
    """Optional. Ids of rules (docs/rules.md) that are wrong about this image: what they find is sent all the same. Default: none."""

    tags: NotRequired[dict[str, pulumi.Input[str]]]
    """Optional. Tags of all resources. Default: none."""


class GalleryImage(pulumi.ComponentResource):
    """A version of an image definition in a compute gallery. Gallery and definition are made unless they are given. Children: `<name>-gallery`,
    `<name>-image` (the definition), `<name>-version` (a stash)."""

    image_id: pulumi.Output[str]
    """Id of the version: goes into `ScaleSet`'s `image`. Known in the preview once the gallery exists; in `up` when the version can be used."""

    definition_id: pulumi.Output[str]
    """Id of the image definition: as `image` of a scale set it means the newest version. Known when `imageId` is."""

    def __init__(self, name: str, args: GalleryImageArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("azure-scaleset:index:GalleryImage", name, None, pulumi.ResourceOptions.merge(opts, FAST))
        subject = f"GalleryImage '{name}'"
        problems: list[str] = []
        args = read_fields(args, fields(GalleryImageArgs), "", problems)  # type: ignore[assignment]  # it gives what its table says
        if legible(problems):
            problems += find_gallery_image_problems(args)
        if problems:
            raise ArgumentError(subject, problems)

        common = {"resource_group_name": args["resource_group_name"], "location": args["location"], "tags": args.get("tags")}
        self.image_id, self.definition_id = publish(
            subject, name, args.get("destination", {}), args["source"], common, self, args.get("ignore_rules", [])
        )
        self.register_outputs({"imageId": self.image_id, "definitionId": self.definition_id})


def find_gallery_image_problems(args: GalleryImageArgs) -> list[str]:
    """All that is wrong with arguments of the right shape."""
    source = args["source"]
    uri = source["vhd"]["uri"] if "vhd" in source else None
    refused = vhd_problem(uri) if isinstance(uri, str) else None
    return [
        *([refused] if refused else []),
        *(f"source.{problem}" for problem in id_problems(source)),
        *find_problems(args.get("destination", {}), args["location"], source_tells="vhd" not in source),
    ]
