"""What must be so before Image Builder is given a template: it looks at its rights at that moment (T23), and a template that it has refused can't be written again."""

import threading
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pulumi

from azure_scaleset.hooks import hook
from azure_scaleset.images.artifact import ImageError, finish, settled, wait
from azure_scaleset.images.azure import TEMPLATE_API_VERSION, Report, asked, done_at_length, get_or_none

if TYPE_CHECKING:
    from azure_scaleset.rollout.arm import Arm

ARRIVAL = timedelta(minutes=5)
"""How long Azure takes until a new assignment is known everywhere."""
_ROLES_API_VERSION = "2022-04-01"


def prepared(template_id: pulumi.Output[str], rights: Sequence[pulumi.Resource], parent: pulumi.Resource) -> pulumi.ResourceHookBinding:
    """Hooks of the template. *rights*: the role assignments that it needs; nothing tells when one has arrived but its age.

    A template that was refused is in the state all the same, and the next `up` writes it once more, without a difference: so the refused one is deleted before
    an update, too.
    """

    async def prepare(_: pulumi.ResourceHookArgs) -> None:
        known = await template_id.future(with_unknowns=False)
        if pulumi.runtime.is_dry_run():
            refused = None if known is None else await asked(parent, lambda arm: refusal(get_or_none(arm, known, TEMPLATE_API_VERSION)))
            if refused is not None:
                pulumi.log.info(
                    f"the template {_name(str(known))} was refused ({refused}): it will be deleted and submitted once more", parent
                )
            return
        assignments = [str(await each.id.future(with_unknowns=False)) for each in rights if isinstance(each, pulumi.CustomResource)]
        await done_at_length(parent, lambda arm, report, stop: make_way(arm, str(known), assignments, report, stop))

    preparing = hook("template", prepare, on_dry_run=True)
    return pulumi.ResourceHookBinding(before_create=[preparing], before_update=[preparing])


def make_way(arm: "Arm", template_id: str, assignments: Sequence[str], report: Report, stop: threading.Event) -> None:
    """Deletes the template when Image Builder has refused it, and waits until the assignments (ids) are known everywhere."""
    name = _name(template_id)
    refused = refusal(settled(arm, template_id, TEMPLATE_API_VERSION, report, stop))
    if refused is not None:
        report(f"the template {name} was refused ({refused}): it is deleted, and submitted once more")
        finish(arm, arm.delete(template_id, TEMPLATE_API_VERSION), template_id, report, stop)
    for each in assignments:
        while made_at(arm.get(each, _ROLES_API_VERSION)) > arm.now - ARRIVAL:
            report(
                f"the template {name} waits until Azure knows its roles everywhere, {ARRIVAL.total_seconds() / 60:.0f} minutes from their assignment"
            )
            wait(arm, stop)


def accepted(arm: "Arm", template_id: str, report: Report, stop: threading.Event) -> dict[str, Any]:
    """The template, from which can be built. Raises `ImageError` where there is none; one that was refused is deleted: a refresh after the failed `up` has hidden
    from Pulumi that it failed."""
    name = _name(template_id)
    template = settled(arm, template_id, TEMPLATE_API_VERSION, report, stop)
    refused = refusal(template)
    if refused is not None:
        finish(arm, arm.delete(template_id, TEMPLATE_API_VERSION), template_id, report, stop)
        raise ImageError(
            f"Image Builder has refused the template {name}: {refused}. It is deleted. Next: mend that, then `pulumi refresh` and `pulumi up`, which makes it again."
        )
    if template is None:
        raise ImageError(
            f"the template {name} is gone, and nothing can be built. Next: `pulumi refresh` and `pulumi up`, which makes it again."
        )
    return template


def refusal(template: Mapping[str, Any] | None) -> str | None:
    """Why Image Builder has refused a template (ARM's body); None where it hasn't, or there is none. Pure."""
    properties = (template or {}).get("properties") or {}
    if properties.get("provisioningState") != "Failed":
        return None
    error = properties.get("provisioningError") or {}
    return str(error.get("message") or error.get("provisioningErrorCode") or "it gives no reason").rstrip(".")


def made_at(assignment: Mapping[str, Any]) -> datetime:
    """When an assignment was made. Pure."""
    return datetime.fromisoformat(str(assignment["properties"]["createdOn"]))


def _name(template_id: str) -> str:
    return template_id.rpartition("/")[2]
