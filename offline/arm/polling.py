"""The GETs by which a client waits: each moves the virtual clock, and each answer says how soon to come again."""

from __future__ import annotations

import re

from offline.arm.agenda import RETRY_AFTER
from offline.arm.store import Store

_POLLED = re.compile(
    r"/providers/[^/]+/locations/[^/]+/operations/[^/]+$"
    r"|/providers/Microsoft\.Compute/virtualMachines(/[^/]+)?(/instanceView)?$"
    r"|/virtualMachineScaleSets/[^/]+/(virtualMachines(/[^/]+)?(/instanceView)?|instanceView|rollingUpgrades/latest)$",
    re.IGNORECASE,
)


def is_poll(path: str) -> bool:
    """Whether a GET of this path looks how far something is: an operation, instances, the instance view of a set, its last rolling upgrade."""
    return _POLLED.search(path.rstrip("/")) is not None


def is_unfinished(store: Store, path: str) -> bool:
    """Whether the path is the id of a resource that is being made or changed, or of a deployment or an image build that goes on: a GET of it waits, too."""
    properties = (store.get(path.rstrip("/")) or {}).get("properties") or {}
    run = (properties.get("lastRunStatus") or {}).get("runState")
    will_run = (properties.get("autoRun") or {}).get("state") == "Enabled" and run is None and properties["provisioningState"] != "Failed"
    return (
        will_run
        or properties.get("provisioningState") in ("Creating", "Updating", "Accepted", "Running")
        or run in ("Running", "Canceling")
    )


def headers(path: str) -> dict[str, str]:
    """`Retry-After` for the answer to a poll; nothing for other answers."""
    return {"Retry-After": RETRY_AFTER} if is_poll(path) else {}
