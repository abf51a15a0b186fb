"""The arguments of an adopted scale set."""

from typing import NotRequired, TypedDict


class Adopt(TypedDict):
    """A scale set that exists already, made by the portal, the Azure CLI, Terraform or Bicep: it is imported instead of created, and keeps its name. The command
    `scaleset adopt` writes this."""

    scale_set_id: str
    """Required. Resource id of the scale set."""

    as_found: NotRequired[bool]
    """Optional. The scale set is taken into the stack's state as it is: nothing is written to it, a change of it is refused, `pulumi destroy` spares it. Needed for
    the update that imports it; taken away when its changes shall be made here. Default: false."""

    unread: NotRequired[list[str]]
    """Optional. What Azure never shows and the scale set may have: `admin.password`, `customData`, `extensions.NAME.protectedSettings`. Each must have its value in the
    arguments before `asFound` is taken away; one that the scale set doesn't have is taken off this list. Default: none."""
