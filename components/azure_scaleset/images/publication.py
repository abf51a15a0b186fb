"""A version of an image definition, made of a source: which number it has, and the gate that makes it."""

from collections.abc import Mapping
from typing import Any

import pulumi

from azure_scaleset.errors import ArgumentError
from azure_scaleset.images import chosen, foresight, live_source
from azure_scaleset.images.arguments import ImageDestination
from azure_scaleset.images.artifact import Artifact, ensure
from azure_scaleset.images.azure import asked
from azure_scaleset.images.chosen import Chosen
from azure_scaleset.images.destination import DEFAULT_VERSION, destination, publishing_profile
from azure_scaleset.images.gate import after, gate
from azure_scaleset.images.machine import LiveSource, Machine
from azure_scaleset.images.source import ImageSource, content, source_id, storage_profile, vhd_problem
from azure_scaleset.review_rounds import judged


def publish(
    subject: str,
    name: str,
    args: ImageDestination,
    source: ImageSource,
    common: Mapping[str, Any],
    parent: pulumi.Resource,
    ignored: list[str],
) -> tuple[pulumi.Output[str], pulumi.Output[str]]:
    """Makes the version; gives its id and the definition's. *common*: `resource_group_name`, `location`, `tags`."""
    place = source_id(source)
    live = live_source.found(subject, place, common["location"], parent)
    machine: pulumi.Output[Machine | None] = judged(
        subject,
        pulumi.Output.all(place, live),
        lambda known: _machine(subject, args, known[0], known[1]) if known[0] is not None else None,
        parent,
    )
    target = destination(subject, name, args, common, machine, parent, ignored)

    def checked_uri(uri: str) -> str:
        refused = vhd_problem(uri)
        if refused:
            raise ArgumentError(subject, [refused])
        return uri

    origin = (
        pulumi.Output.from_input(place)
        if place is not None
        else judged(subject, pulumi.Output.from_input(source["vhd"]["uri"]), checked_uri, parent)
    )
    made_of: pulumi.Output[str] = pulumi.Output.all(origin, live).apply(
        lambda known: content(known[0], known[1].unique_id if known[1] is not None else "")
    )
    version: pulumi.Output[Chosen] = judged(
        subject,
        pulumi.Output.all(target.definition_id, made_of),
        lambda known: asked(parent, lambda arm: chosen.version(arm, subject, known[0], args.get("version", DEFAULT_VERSION), known[1])),
        parent,
    )
    body = {
        "location": common["location"],
        "tags": pulumi.Output.all(version, common["tags"] or {}).apply(lambda known: known[0].tags(known[1])),
        "properties": {
            "storageProfile": storage_profile(source),
            "publishingProfile": pulumi.Output.from_input(common["location"]).apply(lambda location: publishing_profile(args, location)),
        },
    }
    image_id = gate(
        subject,
        f"{name}-version",
        {"id": version.apply(lambda known: known.id), "body": body},
        lambda arm, wanted, report, stop: ensure(arm, Artifact(wanted["id"], wanted["body"]), report, stop),
        lambda arm, wanted: foresight.of_publication(arm, subject, wanted, ignored),
        parent,
        target.made,
    )
    # A scale set of the definition needs a version in it, so it waits for the gate, too.
    return image_id, after(image_id, target.definition_id)


def _machine(subject: str, args: ImageDestination, place: str, live: LiveSource | None) -> Machine | None:
    """What the source tells; None where it is gone and nothing of it is needed."""
    given = args.get("definition", {}).keys()
    if live is not None:
        if not live.tells.os and "definition_id" not in args and "os" not in given:
            problem = f"Azure doesn't tell the system of {live.words}, and the definition needs it. Give destination.definition.os: Linux or Windows."
            raise ArgumentError(subject, [problem])
        return live.tells
    if "definition_id" in args or {"os", "generation", "security"} <= given:
        return None
    raise ArgumentError(
        subject,
        [
            f"{place} does not exist (any more), and the definition needs what it tells. Give the id of a source that is there; or, in destination.definition, os, generation, "
            "security, and where they are others than x64 and none, architecture and purchasePlan, as the source had them; or take the image that was made of it by its id."
        ],
    )
