"""Instances as the tests of the commands begin with."""

from typing import Any

from azure_scaleset.rollout.instance import ExtensionStatus, Instance

CURRENT = Instance(
    id="0",
    name="web_0",
    zone="1",
    fault_domain=0,
    latest_model=True,
    provisioning="Succeeded",
    power="running",
    health=None,
    protected=False,
    os_disk=None,
    image_version="1.0",
)
"""An instance with the model that serves."""
FAILED_RUN = ExtensionStatus("app", True, "ProvisioningState/failed/1", "line 1\nline 2", "2026-01-01T00:00:05+00:00")
GOOD_RUN = ExtensionStatus("agent", False, "ProvisioningState/succeeded", "ok", "2026-01-01T00:00:09+00:00")


def instance(number: int, **changes: Any) -> Instance:
    """The instance of a number, in zones 1 and 2 by turns, with what is given instead."""
    own = {"id": str(number), "name": f"web_{number}", "zone": str(number % 2 + 1)}
    return Instance(**{**vars(CURRENT), **own, **changes})
