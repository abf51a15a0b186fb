"""BuiltImage: an image that Azure Image Builder makes of a base and of steps in local files, as a version in a gallery."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pulumi
from pulumi_azure_native import virtualmachineimages

from azure_scaleset.aliases import FAST
from azure_scaleset.errors import ArgumentError
from azure_scaleset.images import base, builder_rights, chosen, recipe, superseded
from azure_scaleset.images.arguments import ImageDestination
from azure_scaleset.images.azure import GALLERY_API_VERSION, TEMPLATE_API_VERSION, asked, get_or_none
from azure_scaleset.images.base import Base
from azure_scaleset.images.build import auto_run, build, foreseen
from azure_scaleset.images.build_arguments import BuildStep, BuiltImageArgs
from azure_scaleset.images.chosen import CONTENT_TAG, Chosen
from azure_scaleset.images.definition import definition_properties
from azure_scaleset.images.destination import DEFAULT_VERSION, destination, find_problems, publishing_profile
from azure_scaleset.images.gate import after, gate
from azure_scaleset.images.reference import ImageKind, parse
from azure_scaleset.images.submission import prepared
from azure_scaleset.images.versions import constraint_problem
from azure_scaleset.owner import owner
from azure_scaleset.payload.digest import digest, short
from azure_scaleset.payload_store import Delivery
from azure_scaleset.review_rounds import judged
from azure_scaleset.shape import fields, read_fields
from azure_scaleset.subscription import subscription_id

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
        if problems:
            raise ArgumentError(subject, problems)
        local, checks = _read_local(args, Path.cwd(), problems)
        if problems:
            raise ArgumentError(subject, problems)

        location, tags, ignored = args["location"], args.get("tags", {}), args.get("ignore_rules", [])
        common = {"resource_group_name": args["resource_group_name"], "location": location, "tags": tags}
        constraint = args.get("base_constraint", "*")
        found: pulumi.Output[Base] = judged(
            subject,
            pulumi.Output.all(args["base"], location),
            lambda known: base.find(subject, known[0], known[1], constraint, args["os"], self),
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
        inputs = _template(args, local, checks, found, delivery)
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
        rights = self._identity(name, args, inputs, delivery, target.definition_id, common, target.made)
        # A template can't be changed (B11): anything else in it makes another one, in place of the old one.
        template_tags = {**tags, superseded.OWNER_TAG: owner()}
        whole = pulumi.Output.json_dumps({**inputs, "autoRun": args.get("auto_run", False), "tags": template_tags}, sort_keys=True)
        template_name: pulumi.Output[str] = whole.apply(lambda text: f"{name}-{short(digest(text), 8)}")
        template_id = pulumi.Output.concat(
            "/subscriptions/", subscription_id(self), "/resourceGroups/", args["resource_group_name"],
            "/providers/Microsoft.VirtualMachineImages/imageTemplates/", template_name,
        )  # fmt: skip  # an id reads best on two lines
        if args.get("auto_run"):
            inputs["auto_run"] = pulumi.Output.all(template_id, version).apply(
                lambda known: asked(self, lambda arm: auto_run(get_or_none(arm, known[0], TEMPLATE_API_VERSION), known[1]))
            )
        # Before the engine deletes the old template.
        free: pulumi.Output[str] = template_id.apply(lambda known: superseded.out_of_the_way(known, name, owner(), self))
        template = virtualmachineimages.VirtualMachineImageTemplate(
            f"{name}-template",
            image_template_name=free,
            **{**common, "tags": template_tags},
            **inputs,
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=[*target.made, *delivery.ready, *rights],
                # The new one may be refused. An old one that waits for its deletion meanwhile would be in the way when the recipe goes back to it. Nothing is of a
                # template but its stash, which waits for it and has `template_id`, of names: `template.id` in its input would have it replaced, too.
                delete_before_replace=True,
                hooks=prepared(template_id, rights, self),
            ),
        )
        marked: pulumi.Output[dict[str, Any]] = pulumi.Output.all(version, tags).apply(lambda known: known[0].tags(known[1]))
        self.image_id = gate(
            subject,
            f"{name}-version",
            {
                "id": version_id,
                "template": template_id,
                "base": found.apply(lambda known: known.image),
                "body": {"location": location, "tags": marked, "properties": {"publishingProfile": profile}},
            },
            build,
            lambda arm, wanted: foreseen(arm, subject, wanted, ignored),
            self,
            [template],
        )
        # A scale set of the definition needs a version in it, so it waits for the gate, too.
        self.definition_id = after(self.image_id, target.definition_id)
        self.register_outputs({"imageId": self.image_id, "definitionId": self.definition_id})

    def _identity(
        self,
        name: str,
        args: BuiltImageArgs,
        inputs: dict[str, Any],
        delivery: Delivery,
        definition_id: pulumi.Output[str],
        common: dict[str, Any],
        made: list[pulumi.Resource],
    ) -> list[pulumi.Resource]:
        """Adds the identity to the template's *inputs*, and gives it its rights where it is made here; gives what must be there first."""
        brought = args.get("identity_id") or args.get("payload_store", {}).get("identity_id")
        if brought is not None:
            inputs["identity"] = _user_assigned(brought)
            return []
        # The identity that reads the files is the one that builds.
        if delivery.used and delivery.made_principal_id is not None:
            builder = builder_rights.Builder(pulumi.Output.from_input(delivery.identity_id), delivery.made_principal_id)
        else:
            builder = builder_rights.make(name, common, self)
        inputs["identity"] = _user_assigned(builder.identity_id)
        gallery = definition_id.apply(lambda known: known.rpartition("/images/")[0])
        rights: list[pulumi.Resource] = [
            *delivery.rights,
            builder_rights.assign(name, "gallery", builder_rights.GALLERY_PUBLISHER, gallery, builder, self, made),
        ]
        if not isinstance(args["base"], str) or parse(args["base"]).kind is not ImageKind.PLATFORM:
            read = pulumi.Output.all(args["base"], gallery).apply(lambda known: builder_rights.of_base(known[0], known[1]))
            # The scope of a platform image is the gallery, which must be there.
            rights.append(builder_rights.assign(name, "base", read[0], read[1], builder, self, made))
        if "network" in args:
            network = pulumi.Output.from_input(args["network"]["subnet_id"]).apply(lambda known: known.partition("/subnets/")[0])
            rights.append(builder_rights.assign(name, "network", builder_rights.VIRTUAL_MACHINE_CONTRIBUTOR, network, builder, self, []))
        return rights


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


def _template(
    args: BuiltImageArgs, local: list[recipe.Step], checks: list[recipe.Step], found: "pulumi.Output[Base]", delivery: Delivery
) -> dict[str, Any]:
    """The template's inputs but its name, identity and distribution; local files are uploaded."""
    inputs: dict[str, Any] = {
        "source": found.apply(lambda known: recipe.source(known.image, known.tells.plan)),
        "customize": recipe.customizers(local, delivery.upload),
        "build_timeout_in_minutes": args.get("build_timeout", 240),
    }
    if checks:
        inputs["validate"] = {
            "continueDistributeOnFailure": args["validation"].get("continue_on_failure", False),
            "inVMValidations": recipe.customizers(checks, lambda name, data, suffix: delivery.upload(f"check-{name}", data, suffix)),
        }
    profile: dict[str, Any] = {}
    for key, name in (("size", "vmSize"), ("os_disk_size_gb", "osDiskSizeGB")):
        if key in args:
            profile[name] = args[key]  # type: ignore[literal-required]  # mypy doesn't follow the tuple
    if "network" in args:
        names = {"subnet_id": "subnetId", "container_instance_subnet_id": "containerInstanceSubnetId", "proxy_size": "proxyVmSize"}
        profile["vnetConfig"] = {names[key]: value for key, value in args["network"].items()}
    if profile:
        inputs["vm_profile"] = profile
    return inputs


def _user_assigned(identity_id: pulumi.Input[str]) -> dict[str, Any]:
    return {"type": "UserAssigned", "userAssignedIdentities": [identity_id]}
