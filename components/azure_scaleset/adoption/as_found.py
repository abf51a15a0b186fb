"""An adopted scale set while it is taken as it was found: imported, and never written."""

from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_azure_native import compute

from azure_scaleset import model, review_rounds
from azure_scaleset.adoption import unread
from azure_scaleset.arguments import ScaleSetArgs
from azure_scaleset.review import binding, live_scale_set
from azure_scaleset.rollout.plan import CHANGE_TAG
from azure_scaleset.rules.value import get


def scale_set(
    name: str, args: ScaleSetArgs, group: pulumi.Input[str], physical_name: str, inputs: dict[str, Any], parent: pulumi.Resource
) -> compute.VirtualMachineScaleSet:
    """The scale set in the stack. Where *inputs* differ from what Azure has the engine updates it behind the import: the hook refuses that, and each later update."""
    subject = f"ScaleSet '{name}'"
    command = "pulumi config rm --path azure-scaleset:adopt.asFound"

    async def refuse(hook: pulumi.ResourceHookArgs) -> str | None:
        if hook.old_inputs is None:  # the import by itself
            return None
        steps = [*unread.missing(args).values(), command]
        return "\n".join(
            [
                f"{subject} is adopted as it was found (adopt.asFound), so the change above is not made: what Azure doesn't show could be lost. To change the scale set:",
                *(f"  - {step}" for step in steps),
                *(["What it doesn't have is taken off adopt.unread instead."] if len(steps) > 1 else []),
            ]
        )

    # No rollout and no marks of a change: there is none.
    scale_set = compute.VirtualMachineScaleSet(
        name,
        resource_group_name=group,
        vm_scale_set_name=physical_name,
        **model.snake_top(model.with_secrets(unread.left_out(inputs))),
        opts=pulumi.ResourceOptions(
            parent=parent,
            import_=args["adopt"]["scale_set_id"],
            protect=True,
            # Whoever scales it: that is no change of this program's.
            ignore_changes=["sku.capacity"],
            hooks=binding(subject, refuse, parent),
        ),
    )
    review_rounds.follow(scale_set)
    return scale_set


def must_be_first(subject: str, parent: pulumi.Resource) -> pulumi.ResourceHookBinding:
    """Refuses to import a scale set and to change it in one update: the engine would fail, and not say how to go on."""

    async def refuse(hook: pulumi.ResourceHookArgs) -> str | None:
        if hook.old_inputs is not None:
            return None
        return (
            f"{subject} is to be adopted (adopt.scaleSetId) and is not in this stack yet. Next: set adopt.asFound to true, `pulumi up`, which only takes it into the "
            "state, and take asFound away then."
        )

    return binding(subject, refuse, parent)


@dataclass(frozen=True)
class Written:
    """Tells whether this package has written an adopted scale set: its marks are on it then."""

    group: pulumi.Input[str]
    name: str
    parent: pulumi.Resource

    async def __call__(self) -> bool:
        """Asks Azure."""
        names = {"resourceGroupName": await pulumi.Output.from_input(self.group).future(), "vmScaleSetName": self.name}
        found = await live_scale_set(names, self.parent)
        return get(found, f"tags.{CHANGE_TAG}") is not None
