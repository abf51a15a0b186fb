"""The GETs by which a client waits: each moves the virtual clock, and each answer says how soon to come again."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from offline.arm.agenda import RETRY_AFTER
from offline.arm.store import Store

_POLLED = re.compile(
    r"/providers/[^/]+/locations/[^/]+/operations/[^/]+$"
    r"|/providers/Microsoft\.Compute/virtualMachines(/[^/]+)?(/instanceView)?$"
    r"|/virtualMachineScaleSets/[^/]+/(virtualMachines(/[^/]+)?(/instanceView)?|instanceView|rollingUpgrades/latest)$",
    re.IGNORECASE,
)


ARRIVAL = timedelta(minutes=5)
"""How long a role assignment takes to be known everywhere."""


def is_poll(path: str) -> bool:
    """Whether a GET of this path looks how far something is: an operation, instances, the instance view of a set, its last rolling upgrade."""
    return _POLLED.search(path.rstrip("/")) is not None


def is_unfinished(store: Store, path: str) -> bool:
    """Whether the path is the id of something that a GET of it waits for: a resource that is being made or changed, a deployment or an image build that goes on, a
    role assignment that has not arrived everywhere yet."""
    properties = (store.get(path.rstrip("/")) or {}).get("properties") or {}
    run = (properties.get("lastRunStatus") or {}).get("runState")
    will_run = (properties.get("autoRun") or {}).get("state") == "Enabled" and run is None and properties["provisioningState"] != "Failed"
    return (
        will_run
        or properties.get("provisioningState") in ("Creating", "Updating", "Accepted", "Running")
        or run in ("Running", "Canceling")
        or ("roleDefinitionId" in properties and datetime.fromisoformat(properties["createdOn"]) > store.now() - ARRIVAL)
    )


def headers(path: str, unfinished: bool = False) -> dict[str, str]:
    """`Retry-After` for the answer to a poll, and for what is unfinished; nothing for other answers."""
    return {"Retry-After": RETRY_AFTER} if unfinished or is_poll(path) else {}
