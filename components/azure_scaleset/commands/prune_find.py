"""What there is of a stack's images and payloads, and what uses them."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from azure_scaleset.commands.failure import CommandError
from azure_scaleset.commands.prune_plan import Item, Kind, mentioned
from azure_scaleset.images.azure import GALLERY_API_VERSION, listed
from azure_scaleset.images.blobs import Container
from azure_scaleset.images.chosen import CONTENT_TAG, MADE_TAG, made_at
from azure_scaleset.images.ids import MANAGED_IMAGE_ID
from azure_scaleset.images.versions import latest_somewhere
from azure_scaleset.rollout.arm import API_VERSION, Arm, ArmError

_BLOB = "azure-native:storage:Blob"
_CONTAINER = "azure-native:storage:BlobContainer"
_DEFINITION = "azure-native:compute:GalleryImage"
_SCALE_SET = "azure-native:compute:VirtualMachineScaleSet"
_IMAGES = ("azure-scaleset:index:BuiltImage", "azure-scaleset:index:CapturedImage", "azure-scaleset:index:GalleryImage")


@dataclass(frozen=True)
class Stacks:
    """The states of all stacks of the backend: one is pruned, the others may use what it has made."""

    stack: str
    states: Mapping[str, Mapping[str, Any]]
    """Name -> exported state."""

    @classmethod
    def read(cls, stack: str, run: Callable[..., str], export: Callable[[str], dict[str, Any]]) -> "Stacks":
        """Reads them by *run* (a pulumi command's output) and *export*. Raises `CommandError`."""
        listed = json.loads(run("stack", "ls", "--all", "--json"))
        # Short names are of the folder's own project.
        names = {str(each["name"]) for each in listed if each.get("resourceCount") != 0}
        states = {name: export(name) for name in sorted(names)}
        own = next((name for name in states if name == stack or name.rpartition("/")[2] == stack), None)
        return cls(own or stack, states if own else {**states, stack: export(stack)})

    def resources(self, stack: str | None = None) -> list[Mapping[str, Any]]:
        """The resources in the state of one stack, or of all."""
        chosen = [self.states[stack]] if stack is not None else self.states.values()
        return [each for state in chosen for each in (state.get("deployment") or {}).get("resources") or ()]

    @property
    def containers(self) -> set[str]:
        """Resource ids of the containers in which the stack has payloads."""
        return {str(each["id"]).rpartition("/blobs/")[0] for each in self.resources(self.stack) if each["type"] == _BLOB and each.get("id")}

    @property
    def own_containers(self) -> set[str]:
        """Those of them that the stack has made, in small letters: all in them is its own."""
        return {str(each["id"]).casefold() for each in self.resources(self.stack) if each["type"] == _CONTAINER and each.get("id")}

    @property
    def owner(self) -> str:
        """How payloads in other containers say that they are the stack's: `PROJECT/STACK`, as its resources are named."""
        urn = next((str(each["urn"]) for each in self.resources(self.stack) if each.get("urn")), "")
        _, _, named = urn.partition("urn:pulumi:")
        stack, project = [*named.split("::"), ""][:2]
        return f"{project}/{stack}"

    @property
    def definitions(self) -> set[str]:
        """Resource ids of the image definitions in which the stack has versions."""
        own = self.resources(self.stack)
        made = {str(each["id"]) for each in own if each["type"] == _DEFINITION and each.get("id")}
        given = {image.partition("/versions/")[0] for image in self._images if "/versions/" in image}
        folded = {each.casefold() for each in made}
        return made | {each for each in given if each.casefold() not in folded}

    @property
    def managed_images(self) -> set[str]:
        """How the ids of the stack's managed images begin: the digest of what each was made of comes after that."""
        return {image.rpartition("-")[0] for image in self._images if MANAGED_IMAGE_ID.fullmatch(image)}

    @property
    def _images(self) -> list[str]:
        """The ids that the stack's image components give."""
        return [str((each.get("outputs") or {}).get("imageId") or "") for each in self.resources(self.stack) if each["type"] in _IMAGES]

    @property
    def scale_set_subscriptions(self) -> set[str]:
        """Ids of the subscriptions in which the stacks have scale sets: a gallery serves those of others, too."""
        return {str(each["id"]).split("/")[2] for each in self.resources() if each["type"] == _SCALE_SET and each.get("id")}

    def scale_sets_reading(self, container: str) -> set[str]:
        """Resource ids of the scale sets of the stacks that have payloads in a container."""
        return {
            str(each["id"])
            for name in self.states
            if any(str(each.get("id", "")).casefold().startswith(f"{container.casefold()}/blobs/") for each in self.resources(name))
            for each in self.resources(name)
            if each["type"] == _SCALE_SET and each.get("id")
        }


def find(arm: Arm, stacks: Stacks) -> tuple[list[Item], dict[str, str]]:
    """What there is, and what is used: id in small letters -> why it stays. Raises `ArmError`, `CommandError`."""
    images = [item for definition in sorted(stacks.definitions) for item in _versions(arm, definition)]
    images += [item for beginning in sorted(stacks.managed_images) for item in _managed_images(arm, beginning)]
    payloads = [
        item
        for container in sorted(stacks.containers)
        for item in _payloads(arm, container, None if container.casefold() in stacks.own_containers else stacks.owner)
    ]
    items = [*images, *payloads]
    used: dict[str, str] = {}
    for name, state in stacks.states.items():
        for item in mentioned(items, json.dumps(state)):
            used.setdefault(item.id.casefold(), f"used by the state of stack {name}")
    for container in sorted(stacks.containers):
        outdated = _outdated(arm, stacks.scale_sets_reading(container))
        if outdated:
            for item in payloads:
                if item.of == container:
                    used.setdefault(item.id.casefold(), f"may be needed by {outdated}")
    if images:
        for subscription in sorted({item.id.split("/")[2] for item in images} | stacks.scale_set_subscriptions):
            for by, reference in _seen(arm, subscription):
                for item in _meant(images, reference):
                    used.setdefault(item.id.casefold(), f"used by {by}")
    return items, used


def _versions(arm: Arm, definition: str) -> Iterator[Item]:
    """The versions of a definition that were made by this library."""
    try:
        bodies = list(arm.values(f"{definition}/versions", GALLERY_API_VERSION))
        latest = latest_somewhere(bodies)
        for body in bodies:
            # Others publish in a definition that was brought, too: what isn't ours is counted above, and never removed.
            if CONTENT_TAG not in (body.get("tags") or {}):
                continue
            published = ((body.get("properties") or {}).get("publishingProfile") or {}).get("publishedDate")
            # One that is being made, or has failed, has no date yet: it is the newest.
            made = datetime.fromisoformat(published) if published else arm.now
            yield Item(Kind.VERSION, f"{definition}/versions/{body['name']}", definition, made, latest=body["name"] in latest)
    except ArmError as error:
        if error.status != 404:
            raise


def _managed_images(arm: Arm, beginning: str) -> Iterator[Item]:
    """The managed images of one component. One without a mark tells no date: it is taken for new, and stays."""
    folder, _, name = beginning.rpartition("/")
    form = re.compile(rf"{re.escape(name)}-[0-9a-f]{{8}}", re.IGNORECASE)
    for body in listed(arm, folder, API_VERSION):
        tags = body.get("tags") or {}
        if CONTENT_TAG in tags and form.fullmatch(str(body["name"])):
            yield Item(Kind.MANAGED_IMAGE, f"{folder}/{body['name']}", beginning, made_at(str(tags.get(MADE_TAG, ""))) or arm.now)


def _payloads(arm: Arm, container: str, owner: str | None) -> Iterator[Item]:
    """The payloads in a container: all blobs, or where it was brought those of *owner*."""
    account, _, name = container.partition("/blobServices/default/containers/")
    try:
        opened = Container(arm, account, name, "l")
        for blob in opened.list():
            if owner is not None and blob.owner != owner:
                continue
            yield Item(Kind.PAYLOAD, f"{opened.address}/{blob.name}", container, blob.modified, f"{container}/blobs/{blob.name}")
    except ArmError as error:
        if error.status != 404:
            raise
    except OSError as error:
        raise CommandError(
            f"The payloads in {name} of the storage account {account.rpartition('/')[2]} can't be listed: {error}. Next: look whether its firewall lets you in, and "
            "whether shared keys are allowed."
        ) from None


def _outdated(arm: Arm, scale_sets: set[str]) -> str:
    """Which scale set has an instance that isn't at its model; empty where there is none. What such an instance reads, Azure doesn't tell."""
    for scale_set in sorted(scale_sets):
        try:
            behind = [
                each
                for each in arm.values(f"{scale_set}/virtualMachines")
                if (each.get("properties") or {}).get("latestModelApplied") is False
            ]
        except ArmError as error:
            if error.status != 404:
                raise
            continue
        if behind:
            return f"instances of {scale_set.rpartition('/')[2]} that are not at its model ({len(behind)})"
    return ""


def _seen(arm: Arm, subscription: str) -> list[tuple[str, Mapping[str, Any]]]:
    """The references of a subscription. Raises `CommandError` where they can't be read: Azure answers the same for one that is gone and for one of others."""
    try:
        return list(_references(arm, subscription))
    except ArmError as error:
        raise CommandError(
            f"What uses images in the subscription {subscription} can't be read: {error}. A gallery or a scale set in the states of the backend's stacks is there. Next: sign in "
            "with an account that may read it (role Reader); where the subscription is gone, remove the stack that had its scale sets there: pulumi stack rm --force STACK"
        ) from None


def _references(arm: Arm, subscription: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each image reference of the scale sets and virtual machines of a subscription, with who has it."""
    compute = f"/subscriptions/{subscription}/providers/Microsoft.Compute"
    for scale_set in arm.values(f"{compute}/virtualMachineScaleSets"):
        name, properties = str(scale_set["name"]), scale_set.get("properties") or {}
        profile = properties.get("virtualMachineProfile") or {}
        yield f"the model of scale set {name}", (profile.get("storageProfile") or {}).get("imageReference") or {}
        # Those of Flexible sets are virtual machines of their own, and come below.
        if properties.get("orchestrationMode") != "Flexible":
            yield from _of_machines(f"an instance of scale set {name}", arm.values(f"{scale_set['id']}/virtualMachines"))
    for machine in arm.values(f"{compute}/virtualMachines"):
        yield from _of_machines(f"virtual machine {machine['name']}", [machine])


def _of_machines(by: str, machines: Sequence[Mapping[str, Any]] | Iterator[Mapping[str, Any]]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for machine in machines:
        yield by, ((machine.get("properties") or {}).get("storageProfile") or {}).get("imageReference") or {}


def _meant(images: Sequence[Item], reference: Mapping[str, Any]) -> list[Item]:
    """The images that an image reference means. A definition without version means its exact version on a machine, and in a model the latest one
    of each region. Pure."""
    named = str(reference.get("id") or "").casefold()
    if not named:
        return []
    exact = [each for each in images if each.id.casefold() == named]
    of = [each for each in images if each.of.casefold() == named]
    if exact or not of:
        return exact
    stated = str(reference.get("exactVersion") or "")
    on_disk = [each for each in of if each.id.rpartition("/")[2] == stated]
    return on_disk or [each for each in of if each.latest]
