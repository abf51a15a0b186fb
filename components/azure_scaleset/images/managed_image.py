"""A managed image of a VM, and the gate that makes it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict

import pulumi

from azure_scaleset.images.artifact import CONTENT_TAG, Artifact, ensure
from azure_scaleset.images.azure import asked, get_or_none
from azure_scaleset.images.gate import gate
from azure_scaleset.images.publication import found_source, live_source
from azure_scaleset.images.source import content
from azure_scaleset.payload.digest import digest, short
from azure_scaleset.subscription import subscription_id

if TYPE_CHECKING:
    from azure_scaleset.rollout.arm import Arm


class ManagedImage(TypedDict):
    """A managed image: no versions, one region, no trusted launch (T25), at most 600 instances in a scale set (S5) and 20 deployments at a time (G7)."""

    name: NotRequired[str]
    """Optional. Beginning of its name, to which a digest of the VM is added. Default: the component's name."""

    zone_resilient: NotRequired[bool]
    """Optional. Kept in zone-redundant storage. Default: false."""


def publish(
    subject: str, name: str, args: ManagedImage, vm_id: pulumi.Input[str], common: Mapping[str, Any], parent: pulumi.Resource
) -> pulumi.Output[str]:
    """The gate of a managed image. Its name tells which VM it is of, so another VM gives another image beside it, and going back finds the old one."""
    live = found_source(subject, vm_id, common["location"], parent, managed=True)
    group = pulumi.Output.concat("/subscriptions/", subscription_id(parent), "/resourceGroups/", common["resource_group_name"])

    async def what(given: list[Any]) -> tuple[str, str]:
        known, live_vm, place = given
        if live_vm is not None:
            return content(known, live_vm.unique_id), live_vm.tells.generation
        return await asked(parent, lambda arm: made_before(arm, content(known), place))

    found: pulumi.Output[tuple[str, str]] = pulumi.Output.all(vm_id, live, group).apply(what)
    made_of, generation = found.apply(lambda known: known[0]), found.apply(lambda known: known[1])
    image_name: pulumi.Output[str] = made_of.apply(lambda known: f"{args.get('name', name)}-{short(digest(known), 8)}")
    image_id = pulumi.Output.concat(group, "/providers/Microsoft.Compute/images/", image_name)
    body = {
        "location": common["location"],
        "tags": {**(common["tags"] or {}), CONTENT_TAG: made_of},
        "properties": {
            **image_properties(vm_id, generation),
            **({"storageProfile": {"zoneResilient": True}} if args.get("zone_resilient") else {}),
        },
    }
    return gate(
        subject,
        f"{name}-managed-image",
        {"id": image_id, "body": body},
        lambda arm, wanted, report, stop: ensure(arm, Artifact(wanted["id"], wanted["body"]), report, stop),
        lambda arm, wanted: _foreseen(arm, subject, wanted),
        parent,
        [],
    )


def image_properties(vm_id: pulumi.Input[str], generation: pulumi.Input[str]) -> dict[str, Any]:
    """The properties of a managed image of a VM, in ARM's shape. A wrong generation makes machines that don't boot (V4)."""
    return {"sourceVirtualMachine": {"id": vm_id}, "hyperVGeneration": generation}


def made_before(arm: "Arm", made_of: str, group: str) -> tuple[str, str]:
    """The content's full name and its generation, of a VM that is gone: those of an image in the group that was made of it."""
    for body in arm.values(f"{group}/providers/Microsoft.Compute/images"):
        tag = str((body.get("tags") or {}).get(CONTENT_TAG, ""))
        if tag.startswith(f"{made_of}-"):
            return tag, str((body.get("properties") or {}).get("hyperVGeneration") or "V1")
    return made_of, "V1"


def _foreseen(arm: "Arm", subject: str, wanted: Mapping[str, Any]) -> str:
    """What `up` does about a managed image. Raises ValueError with all that hinders it."""
    artifact = Artifact(wanted["id"], wanted["body"])
    if get_or_none(arm, artifact.id, artifact.api_version) is not None:
        return f"{artifact.name} is there already: it is used again"
    vm_id = wanted["body"]["properties"]["sourceVirtualMachine"]["id"]
    machine = live_source(arm, vm_id)
    if machine is None:
        raise ValueError(f"{subject}: the VM {vm_id} does not exist, and no image was made of it. Give the id of a VM that is there.")
    return f"{artifact.name} will be made of {machine.words}"
