"""A production balancer that isn't the program's. `python -m tests.engine.own_balancer` leads its rule to $POOL_ID: a switch command."""

import os
from pathlib import Path

from tests.engine.project import Project

_GROUP = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/shared"
BALANCER = f"{_GROUP}/providers/Microsoft.Network/loadBalancers/shared"
POOLS = {slot: f"{BALANCER}/backendAddressPools/{slot}" for slot in ("blue", "green")}


def lead(project: Project, pool_id: str) -> None:
    """Writes the balancer, whose rule leads to a pool."""
    address = f"{_GROUP}/providers/Microsoft.Network/publicIPAddresses/shared"
    front_end = f"{BALANCER}/frontendIPConfigurations/front"
    rule = {"frontendIPConfiguration": {"id": front_end}, "backendAddressPool": {"id": pool_id}, "protocol": "Tcp", "frontendPort": 80}
    standard = {"location": "westeurope", "sku": {"name": "Standard"}}
    project.arm("PUT", _GROUP, {"location": "westeurope"})
    project.arm("PUT", address, {**standard, "properties": {"publicIPAllocationMethod": "Static"}})
    properties = {
        "frontendIPConfigurations": [{"name": "front", "properties": {"publicIPAddress": {"id": address}}}],
        "backendAddressPools": [{"name": slot} for slot in POOLS],
        "loadBalancingRules": [{"name": "http", "properties": {**rule, "backendPort": 8080}}],
    }
    project.arm("PUT", BALANCER, {**standard, "properties": properties})


def keys(project: Project) -> dict[str, object]:
    """The keys of a stack file whose slots join this balancer's pools."""
    health = {"applicationHealth": {"protocol": "http", "port": 8080, "requestPath": "/health"}}
    extensions = [*project.settings()["config"]["azure-scaleset:extensions"], health]
    return {"network": {}, "productionPoolIds": POOLS, "extensions": extensions}


if __name__ == "__main__":
    lead(Project(Path.cwd(), "staged", dict(os.environ)), os.environ["POOL_ID"])
