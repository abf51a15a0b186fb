"""Arguments of a staged scale set for tests."""

from typing import Any

from azure_scaleset.shape import fields, read_fields
from azure_scaleset.staged_arguments import StagedScaleSetArgs

SHARED: dict[str, Any] = {
    "resourceGroupName": "group",
    "os": "Linux",
    "image": "Ubuntu2404",
    "size": "Standard_D2s_v5",
    "capacity": 3,
    "admin": {"sshPublicKeys": ["ssh-ed25519 AAAA"]},
    "network": {"subnetId": "subnet", "backendPoolIds": ["own"]},
    "tags": {"team": "a", "tier": "web"},
}
"""What both slots have."""
BALANCER: dict[str, Any] = {"rules": [{"port": 80, "backendPort": 8080}], "probe": {"port": 8080, "path": "/health"}}
"""A public production balancer."""


def read(**given: Any) -> StagedScaleSetArgs:
    """Arguments as the component reads them; *given* replace the defaults, None removes one."""
    found: list[str] = []
    whole = {"active": "blue", "scaleSet": SHARED, "loadBalancer": BALANCER, **given}
    result: Any = read_fields({key: value for key, value in whole.items() if value is not None}, fields(StagedScaleSetArgs), "", found)
    assert found == []
    return result  # type: ignore[no-any-return]  # read_fields gives what its table says
