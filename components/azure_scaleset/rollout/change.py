"""What marks each change of a model, so that a rollout, and its repetition, know what instances must have.

Two marks are kept in the stack's state and as tags of the scale set: one that is new with every change of what instances get, a revert included (a digest
would be the old one again, and nothing would bring the instances back), and the time of the last change that only a new OS disk takes (T12).
"""

import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any

import pulumi

from azure_scaleset.payload.digest import digest, short
from azure_scaleset.rollout.plan import CHANGE_TAG, OS_TAG
from azure_scaleset.rollout.provider_cloud import time_of
from azure_scaleset.rules.value import get


class Change:
    """The marks of one scale set."""

    def __init__(
        self,
        name: str,
        inputs: dict[str, Any],
        parent: pulumi.Resource,
        ready: Sequence[pulumi.Resource],
        is_written: Callable[[], Awaitable[bool]] | None = None,
    ) -> None:
        """*inputs*: of the scale set. *ready*: what is made before its model is written. *is_written*: tells whether this package has written the scale set, which had
        its custom data before; None where it makes the scale set."""
        profile = inputs["virtualMachineProfile"]
        self.digest = digest_of({"profile": profile, "size": inputs["sku"]["name"], "identity": inputs.get("identity")})
        """Of what instances get, as this program wants it."""
        self.model = changing(f"{name}-model", self.digest, parent)
        """Replaced with every change."""
        self.mark: pulumi.Output[str] = self.model.id.apply(mark)
        """New with every change."""
        self.tags: dict[str, pulumi.Input[str]] = {CHANGE_TAG: self.mark}
        """The tags of the scale set."""
        custom_data = (profile.get("osProfile") or {}).get("customData")
        if custom_data is not None:
            # Asked when the model is about to be written, not before: an instance that autoscale makes in between has the old document.
            now: pulumi.Output[str] = pulumi.Output.all(self.model.id, *(made(each) for each in ready)).apply(
                partial(_azure_time, parent, is_written)
            )
            since = _since(name, parent, now, custom_data)
            # The time of a secret's change is none.
            self.tags[OS_TAG] = pulumi.Output.unsecret(since)

    @property
    def marks(self) -> dict[str, pulumi.Input[str]]:
        """What the gate keeps."""
        return {"change": self.mark, **({"osSince": self.tags[OS_TAG]} if OS_TAG in self.tags else {})}


def made(resource: pulumi.Resource) -> "pulumi.Output[str]":
    """Known when the resource is there."""
    return resource.id if isinstance(resource, pulumi.CustomResource) else resource.urn


def changing(name: str, kept: "pulumi.Output[str]", parent: pulumi.Resource) -> pulumi.Stash:
    """A stash that is replaced with every change of *kept*, a digest: its id is the mark of the change."""
    # Not `replacement_trigger`: the engine doesn't see a change of a secret one, and a digest of secrets is one.
    return pulumi.Stash(name, input=kept, opts=pulumi.ResourceOptions(parent=parent, replace_on_changes=["input"]))


def _since(name: str, parent: pulumi.Resource, now: "pulumi.Output[str]", custom_data: pulumi.Input[str]) -> "pulumi.Output[str]":
    """Since when the document is wanted. The stash has a digest of the document in its name, so another document makes another one, with the time of then. (A replaced
    one would keep its ignored input.)"""
    # A name is shown to everybody, and a plain digest lets one try what a secret document may hold. One that is no secret has such a name too: it may become one.
    salt = _first(f"{name}-os", pulumi.Output.secret(secrets.token_hex(16)), parent)

    def kept(known: Sequence[str]) -> "pulumi.Output[str]":
        salt_text, _, document = known
        time: pulumi.Output[str] = _first(f"{name}-os-{short(digest(salt_text, document), 6)}", now, parent).output
        return time

    # Not before the salt is there, which its id tells: a preview shows no name that `up` would not make.
    since: pulumi.Output[str] = pulumi.Output.all(salt.output, salt.id, custom_data).apply(kept)
    return since


def _first(name: str, value: "pulumi.Output[str]", parent: pulumi.Resource) -> pulumi.Stash:
    """A stash that keeps the value that it was made with."""
    return pulumi.Stash(name, input=value, opts=pulumi.ResourceOptions(parent=parent, ignore_changes=["input"]))


def unmarked(inputs: Any) -> Any:
    """*inputs* of a scale set without the marks of a change, which say nothing of the model."""
    tags = get(inputs, "tags")
    if not isinstance(tags, Mapping):
        return inputs
    return {**inputs, "tags": {key: value for key, value in tags.items() if key not in (CHANGE_TAG, OS_TAG)}}


def mark(stash_id: str) -> str:
    """The text that marks a change, from the id of its stash."""
    return short(digest(stash_id), 12)


def digest_of(value: Any) -> "pulumi.Output[str]":
    """A digest of *value*, whose outputs may be anywhere in it."""
    return pulumi.Output.json_dumps(value, sort_keys=True).apply(lambda text: short(digest(text), 24))


async def _azure_time(parent: pulumi.Resource, is_written: Callable[[], Awaitable[bool]] | None, _: Any) -> str:
    """Azure's time: the disks' times, with which it is compared, are Azure's too. A preview doesn't ask. Empty where no disk is too old: all were made with the
    custom data that an adopted scale set had."""
    if pulumi.runtime.is_dry_run() or (is_written is not None and not await is_written()):
        return ""
    return (await time_of(parent)).isoformat()
