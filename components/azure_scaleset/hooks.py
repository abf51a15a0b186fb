"""Hooks of resources, with which components ask Azure before something is written."""

import uuid
from collections.abc import Awaitable, Callable

import pulumi

from azure_scaleset.threads import make_room


def hook(what: str, function: Callable[[pulumi.ResourceHookArgs], Awaitable[None]], *, on_dry_run: bool) -> "pulumi.ResourceHook":
    """A hook that may call the engine. *what*: for the messages of the engine. *on_dry_run*: runs in a preview, too."""
    make_room()
    # Names of hooks are global (E7); a new one at each run is no change.
    return pulumi.ResourceHook(f"{what} {uuid.uuid4().hex[:8]}", function, pulumi.ResourceHookOptions(on_dry_run=on_dry_run))
