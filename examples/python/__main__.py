"""A scale set with a network and a script, from Python."""

import pulumi
from pulumi_azure_native import resources

from azure_scaleset import Network, ScaleSet

group = resources.ResourceGroup("group", resource_group_name=pulumi.get_project(), location="westeurope")
network = Network(
    "network",
    {
        "resource_group_name": group.name,
        "location": group.location,
        "load_balancer": {"rules": [{"port": 80, "backend_port": 8080}], "probe": {"port": 8080, "path": "/"}},
    },
)
web = ScaleSet(
    "web",
    {
        "resource_group_name": group.name,
        "location": group.location,
        "os": "Linux",
        "image": "Ubuntu2404",
        "size": "Standard_D2s_v5",
        "capacity": 3,
        "admin": {"ssh_public_keys": [pulumi.Config().require("sshPublicKey")]},
        "extensions": [{"custom_script": {"script": "../install.sh"}}],
        "network": {"subnet_id": network.subnet_id, "backend_pool_ids": [network.backend_pool_id], "health_probe_id": network.probe_id},
    },
)
pulumi.export("resourceGroupName", group.name)
pulumi.export("subnetId", network.subnet_id)
pulumi.export("address", network.address)
pulumi.export("scaleSetId", web.scale_set_id)
