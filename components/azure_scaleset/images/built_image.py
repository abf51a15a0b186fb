"""BuiltImage: an image that Azure Image Builder makes of a base and of steps in local files, as a version in a gallery."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pulumi

from azure_scaleset.aliases import FAST
from azure_scaleset.errors import ArgumentError
from azure_scaleset.images import base, builder_rights, chosen, recipe, template
from azure_scaleset.images.arguments import ImageDestination
from azure_scaleset.images.azure import GALLERY_API_VERSION, asked, get_or_none
from azure_scaleset.images.base import Base
from azure_scaleset.images.build import build, foreseen
from azure_scaleset.images.build_arguments import BuildStep, BuiltImageArgs
from azure_scaleset.images.chosen import CONTENT_TAG, Chosen
from azure_scaleset.images.definition import definition_properties
from azure_scaleset.images.destination import DEFAULT_VERSION, destination, find_problems, publishing_profile
from azure_scaleset.images.gate import after, gate
from azure_scaleset.images.versions import constraint_problem
from azure_scaleset.payload_store import Delivery
from azure_scaleset.review_rounds import judged
from azure_scaleset.shape import fields, legible, read_fields

if TYPE_CHECKING:
    from azure_scaleset.rollout.arm import Arm


class BuiltImage(pulumi.ComponentResource):
    """An image as code: an edited step, or a newer base, is another recipe, of which a new version is built; a recipe that was built before gets its version back.

    Children: `<name>-gallery`, `<name>-image` (the definition), `<name>-template`, `<name>-builder` (its identity) with its rights `<name>-builder-gallery`, `-base` and
    `-network`, `<name>-version` (a stash)."""

    image_id: pulumi.Output[str]
    """Id of the version: goes into `ScaleSet`'s `image`. In `up` known when it is built."""

    definition_id: pulumi.Output[str]
    """Id of the image definition. Known when `imageId` is."""

    def __init__(self, name: str, args: BuiltImageArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("azure-scaleset:index:BuiltImage", name, None, pulumi.ResourceOptions.merge(opts, FAST))
        subject = f"BuiltImage '{name}'"
        problems: list[str] = []
        args = read_fields(args, fields(BuiltImageArgs), "", problems)  # type: ignore[assignment]  # it gives what its table says
        if not legible(problems):
            raise ArgumentError(subject, problems)
        local, checks = _read_local(args, Path.cwd(), problems)
        if problems:
            raise ArgumentError(subject, problems)

        location, tags, ignored = args["location"], args.get("tags", {}), args.get("ignore_rules", [])
        common = {"resource_group_name": args["resource_group_name"], "location": location, "tags": tags}
        constraint = args.get("base_constraint", "*")
        made_here = not isinstance(args["base"], str)
        found: pulumi.Output[Base] = judged(
            subject,
            pulumi.Output.all(args["base"], location),
            lambda known: base.find(subject, known[0], known[1], constraint, args["os"], self, made_here=made_here),
            self,
        )
        target = destination(subject, name, args.get("destination", {}), common, found.apply(lambda known: known.tells), self, ignored)
        made_of: pulumi.Output[str] = found.apply(lambda known: recipe.recipe_digest(known.image, args["os"], local, checks, args))
        version: pulumi.Output[Chosen] = judged(
            subject,
            pulumi.Output.all(found, target.definition_id, made_of),
            lambda known: asked(self, lambda arm: _choose(arm, subject, args.get("destination", {}), *known)),
            self,
        )
        version_id = version.apply(lambda known: known.id)
        profile = pulumi.Output.from_input(location).apply(lambda known: publishing_profile(args.get("destination", {}), known))
        delivery = Delivery(name, args["resource_group_name"], location, tags, self, args.get("payload_store"))
        inputs = template.inputs(args, local, checks, found, delivery)
        inputs["distribute"] = [
            {
                "type": "SharedImage",
                "galleryImageId": version_id,
                "runOutputName": "image",
                "artifactTags": {**tags, CONTENT_TAG: made_of},
                "targetRegions": profile.apply(recipe.target_regions),
                "excludeFromLatest": args.get("destination", {}).get("exclude_from_latest", False),
            }
        ]
        identity_id, rights = builder_rights.identity(name, args, delivery, target.definition_id, common, target.made, self)
        inputs["identity"] = {"type": "UserAssigned", "userAssignedIdentities": [identity_id]}
        needed = [*target.made, *delivery.ready, *rights]
        submitted = template.submit(name, inputs, common, version, needed, rights, self, by_itself=args.get("auto_run", False))
        marked: pulumi.Output[dict[str, Any]] = pulumi.Output.all(version, tags).apply(lambda known: known[0].tags(known[1]))
        self.image_id = gate(
            subject,
            f"{name}-version",
            {
                "id": version_id,
                "template": submitted.id,
                "base": found.apply(lambda known: known.image),
                "body": {"location": location, "tags": marked, "properties": {"publishingProfile": profile}},
            },
            build,
            lambda arm, wanted: foreseen(arm, subject, wanted, ignored),
            self,
            [submitted.resource],
        )
        # A scale set of the definition needs a version in it, so it waits for the gate, too.
        self.definition_id = after(self.image_id, target.definition_id)
        self.register_outputs({"imageId": self.image_id, "definitionId": self.definition_id})


def _read_local(args: BuiltImageArgs, folder: Path, problems: list[str]) -> tuple[list[recipe.Step], list[recipe.Step]]:
    """The steps and the validation with their files; what is wrong with them and the other arguments is added to *problems*."""
    problems += recipe.find_problems(args)
    constraint = constraint_problem(args.get("base_constraint", "*"))
    if constraint:
        problems.append(f"baseConstraint is {constraint}")
    problems += find_problems(args.get("destination", {}), args["location"], source_tells=True)
    system = args.get("destination", {}).get("definition", {}).get("os", args["os"])
    if system is not args["os"]:
        problems.append(
            f"destination.definition.os is {system.value}, but os is {args['os'].value}. Change one of the two, or remove the first."
        )
    steps: Sequence[BuildStep] = args.get("validation", {}).get("steps", [])
    local = recipe.read(args["steps"], args["os"], folder, "steps", problems)
    return local, recipe.read(steps, args["os"], folder, "validation.steps", problems, validation=True)


def find_built_image_problems(args: BuiltImageArgs) -> list[str]:
    """All that is wrong with arguments of the right shape: by themselves, and with the local files that they name."""
    problems: list[str] = []
    _read_local(args, Path.cwd(), problems)
    return problems


def _choose(arm: "Arm", subject: str, args: ImageDestination, found: Base, definition_id: str, made_of: str) -> Chosen:
    """The version of this recipe. Raises `ArgumentError`, also where its definition doesn't fit the base."""
    if "definition_id" in args:
        definition = get_or_none(arm, definition_id, GALLERY_API_VERSION)
    else:
        definition = {
            "name": definition_id.rpartition("/")[2],
            "properties": definition_properties(args.get("definition", {}), found.tells),
        }
    # One that isn't there may be made in the same update.
    problems = base.unfit(found, definition) if definition is not None else []
    if problems:
        raise ArgumentError(subject, problems)
    return chosen.version(arm, subject, definition_id, args.get("version", DEFAULT_VERSION), made_of)
