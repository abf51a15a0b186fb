"""The program itself, without an engine: what it hands from the stack file to the components."""

import json
import runpy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pulumi
import pulumi_azure_native
import pytest

import azure_scaleset

PROGRAM = Path(__file__).parents[3] / "__main__.py"
STACK = {
    "location": "westeurope",
    "os": "Linux",
    "image": "Ubuntu2404",
    "size": "Standard_D2s_v5",
    "admin": {"sshPublicKeys": ["ssh-ed25519 AAAA"]},
}
BALANCER = {"rules": [{"port": 80}], "probe": {"port": 80}}
OWN = {"backendPoolIds": ["/own/pool"], "networkSecurityGroupId": "/own/nsg", "acceleratedNetworking": True}


@pytest.mark.parametrize(
    ("network", "attachment"),
    [
        ({}, {"subnet_id": "/made/subnet"}),
        ({"loadBalancer": BALANCER}, {"subnet_id": "/made/subnet", "backend_pool_ids": ["/made/pool"], "health_probe_id": "/made/probe"}),
        (
            {"loadBalancer": BALANCER, **OWN},
            {
                "subnet_id": "/made/subnet",
                "backend_pool_ids": ["/own/pool", "/made/pool"],
                "health_probe_id": "/made/probe",
                "network_security_group_id": "/own/nsg",
                "accelerated_networking": True,
            },
        ),
        (
            {"loadBalancer": BALANCER, "healthProbeId": "/own/probe"},
            {"subnet_id": "/made/subnet", "backend_pool_ids": ["/made/pool"], "health_probe_id": "/own/probe"},
        ),
    ],
    ids=["a subnet alone", "a balancer", "a balancer and own attachments", "an own probe"],
)
def test_what_the_scale_set_is_attached_to(monkeypatch: pytest.MonkeyPatch, network: dict[str, Any], attachment: dict[str, Any]) -> None:
    """What Network made, and what the stack file gives beside it."""
    made: dict[str, Any] = {}

    def network_component(_: str, __: Any) -> SimpleNamespace:
        return SimpleNamespace(subnet_id="/made/subnet", backend_pool_id="/made/pool", probe_id="/made/probe", address="")

    def scale_set_component(_: str, args: Any) -> SimpleNamespace:
        made.update(args)
        return SimpleNamespace(scale_set_id="", scale_set_name="")

    given = {
        f"azure-scaleset:{key}": value if isinstance(value, str) else json.dumps(value)
        for key, value in {**STACK, "network": network}.items()
    }
    monkeypatch.setenv("PULUMI_CONFIG", json.dumps(given))
    monkeypatch.setattr(pulumi, "Config", lambda: SimpleNamespace(name="azure-scaleset"))
    monkeypatch.setattr(pulumi, "get_stack", lambda: "dev")
    monkeypatch.setattr(pulumi, "get_project", lambda: "azure-scaleset")
    monkeypatch.setattr(pulumi, "export", lambda *_: None)
    monkeypatch.setattr(
        pulumi_azure_native.resources, "ResourceGroup", lambda *_, **__: SimpleNamespace(name="group", location="westeurope")
    )
    monkeypatch.setattr(azure_scaleset, "Network", network_component)
    monkeypatch.setattr(azure_scaleset, "ScaleSet", scale_set_component)

    runpy.run_path(str(PROGRAM))

    assert made["network"] == attachment
