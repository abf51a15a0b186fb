"""The template of a build: what Image Builder is told, and when it is submitted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_azure_native import virtualmachineimages

from azure_scaleset.images import recipe, superseded
from azure_scaleset.images.azure import TEMPLATE_API_VERSION, asked, get_or_none
from azure_scaleset.images.base import Base
from azure_scaleset.images.build import auto_run
from azure_scaleset.images.build_arguments import BuiltImageArgs
from azure_scaleset.images.chosen import Chosen
from azure_scaleset.images.submission import prepared
from azure_scaleset.owner import owner
from azure_scaleset.payload.digest import digest, short
from azure_scaleset.payload_store import Delivery
from azure_scaleset.subscription import subscription_id


def inputs(
    args: BuiltImageArgs, local: list[recipe.Step], checks: list[recipe.Step], found: "pulumi.Output[Base]", delivery: Delivery
) -> dict[str, Any]:
    """A template's inputs but its name, identity and distribution; local files are uploaded."""
    made: dict[str, Any] = {
        "source": found.apply(lambda known: recipe.source(known.image, known.tells.plan)),
        "customize": recipe.customizers(local, delivery.upload),
        "build_timeout_in_minutes": args.get("build_timeout", 240),
    }
    if checks:
        made["validate"] = {
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
        made["vm_profile"] = profile
    return made


@dataclass(frozen=True)
class Submitted:
    """A template that is given to Image Builder."""

    id: pulumi.Output[str]
    """Of names: known before it is there."""
    resource: pulumi.Resource


def submit(
    name: str,
    given: Mapping[str, Any],
    common: Mapping[str, Any],
    version: "pulumi.Output[Chosen]",
    needed: Sequence[pulumi.Resource],
    rights: Sequence[pulumi.Resource],
    parent: pulumi.Resource,
    *,
    by_itself: bool,
) -> Submitted:
    """Makes the template `<name>-template`, in place of the one before. *given*: all of its inputs but what is made here. *common*: `resource_group_name`, `location`, `tags`.
    *needed*: what must be there first, *rights* among it. *by_itself*: whether Azure begins the build."""
    tags = {**common["tags"], superseded.OWNER_TAG: owner()}
    # A template can't be changed (B11): anything else in it makes another one, in place of the old one.
    whole = pulumi.Output.json_dumps({**given, "autoRun": by_itself, "tags": tags}, sort_keys=True)
    template_id = pulumi.Output.concat(
        "/subscriptions/", subscription_id(parent), "/resourceGroups/", common["resource_group_name"],
        "/providers/Microsoft.VirtualMachineImages/imageTemplates/", whole.apply(lambda text: f"{name}-{short(digest(text), 8)}"),
    )  # fmt: skip  # an id reads best on two lines
    # Before the engine deletes the one before.
    free: pulumi.Output[str] = template_id.apply(lambda known: superseded.out_of_the_way(known, name, owner(), parent))
    begins: pulumi.Output[dict[str, Any] | None] | None = None
    if by_itself:
        begins = pulumi.Output.all(template_id, version).apply(
            lambda known: asked(parent, lambda arm: auto_run(get_or_none(arm, known[0], TEMPLATE_API_VERSION), known[1]))
        )
    resource = virtualmachineimages.VirtualMachineImageTemplate(
        f"{name}-template",
        image_template_name=free,
        **{**common, "tags": tags},
        **given,
        auto_run=begins,
        opts=pulumi.ResourceOptions(
            parent=parent,
            depends_on=list(needed),
            # The new one may be refused. An old one that waits for its deletion meanwhile would be in the way when the recipe goes back to it. Nothing is of a
            # template but its stash, which waits for it and has `template_id`, of names: the resource's id in its input would have it replaced, too.
            delete_before_replace=True,
            hooks=prepared(template_id, rights, parent),
        ),
    )
    return Submitted(template_id, resource)
