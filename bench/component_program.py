"""The component's side of the benchmark: as many scale sets as `count.txt` says, each with its network."""

from pathlib import Path

import pulumi
from pulumi_azure_native import resources

from azure_scaleset import Network, ScaleSet

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPf7ZrWOSGv2pW6PFv1uyVPMT0SmOne3hL1s1uY7mFmr bench"

group = resources.ResourceGroup("group", resource_group_name="bench", location="westeurope")
for number in range(int(Path("count.txt").read_text())):
    network = Network(
        f"network{number}",
        {
            "resource_group_name": group.name,
            "location": "westeurope",
            "load_balancer": {"rules": [{"port": 80, "backend_port": 8080}], "probe": {"port": 8080, "path": "/health"}},
        },
    )
    ScaleSet(
        f"web{number}",
        {
            "resource_group_name": group.name,
            "location": "westeurope",
            "os": "Linux",  # type: ignore[typeddict-item]  # texts are read as their enum
            "image": "Ubuntu2204",
            "size": "Standard_D2s_v5",
            "admin": {"ssh_public_keys": [KEY]},
            "extensions": [{"custom_script": {"command_to_execute": "true"}}],
            "network": {"subnet_id": network.subnet_id, "backend_pool_ids": [network.backend_pool_id], "health_probe_id": network.probe_id},
        },
    )
pulumi.export("count", int(Path("count.txt").read_text()))
