"""Builds of templates whose place another one takes: Azure deletes no template while its build goes on, so that is cancelled before."""

import re
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pulumi

from azure_scaleset.images.artifact import ImageError, finish, wait
from azure_scaleset.images.azure import TEMPLATE_API_VERSION, Report, asked, done_at_length, get_or_none, listed
from azure_scaleset.images.build import last_run

if TYPE_CHECKING:
    from azure_scaleset.rollout.arm import Arm

OWNER_TAG = "azure-scaleset-stack"
"""Tag of a template: whose it is, as `PROJECT/STACK`."""


async def out_of_the_way(template_id: str, image: str, stack: str, parent: pulumi.Resource) -> str:
    """The name of a template that is to be made, when no older one of its *image* (the component's name) in the *stack* builds any more; a preview only says which do."""
    name = template_id.rpartition("/")[2]
    if pulumi.runtime.is_dry_run():
        for each in await asked(parent, lambda arm: building(arm, template_id, image, stack)):
            pulumi.log.info(f"the template {each['name']} builds another recipe: that will be cancelled, as {name} takes its place", parent)
    else:
        await done_at_length(parent, lambda arm, report, stop: cancel(arm, template_id, image, stack, report, stop))
    return name


def building(arm: "Arm", template_id: str, image: str, stack: str) -> list[dict[str, Any]]:
    """The older templates (ARM's bodies) whose build goes on."""
    folder, _, name = template_id.rpartition("/")
    form = re.compile(rf"{re.escape(image)}-[0-9a-f]{{8}}", re.IGNORECASE)
    return [
        each
        for each in listed(arm, folder, TEMPLATE_API_VERSION)
        if form.fullmatch(str(each["name"]))
        and str(each["name"]).casefold() != name.casefold()
        and _owner(each) == stack
        and last_run(each).goes_on
    ]


def cancel(arm: "Arm", template_id: str, image: str, stack: str, report: Report, stop: threading.Event) -> None:
    """Cancels the builds of older templates, and waits until they are over. Raises `ImageError`."""
    for each in building(arm, template_id, image, stack):
        _cancel(arm, str(each["id"]), report, stop)


def _cancel(arm: "Arm", template_id: str, report: Report, stop: threading.Event) -> None:
    from azure_scaleset.rollout.arm import ArmError

    report(f"the build {template_id.rpartition('/')[2]}, of another recipe, is cancelled")
    try:
        finish(arm, arm.post(f"{template_id}/cancel", None, TEMPLATE_API_VERSION), template_id, report, stop)
    except (ArmError, ImageError):
        # It may have come to its end meanwhile, or somebody else may have cancelled it.
        if _state(arm, template_id) == "Running":
            raise
    while _state(arm, template_id) in ("Running", "Canceling"):
        wait(arm, stop)


def _state(arm: "Arm", template_id: str) -> str:
    return last_run(get_or_none(arm, template_id, TEMPLATE_API_VERSION) or {}).state


def _owner(template: Mapping[str, Any]) -> str:
    return str((template.get("tags") or {}).get(OWNER_TAG, ""))
