"""Short ways to call the offline Azure, and the bodies that tests begin with."""

from typing import Any

from offline.arm.app import Azure
from offline.arm.http import Request, Response
from offline.arm.store import Store

SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000001"
GROUP = f"{SUBSCRIPTION}/resourceGroups/group"
NETWORK = "Microsoft.Network"
BALANCER = f"{GROUP}/providers/{NETWORK}/loadBalancers/balancer"
PUBLIC_IP = {"location": "westeurope", "sku": {"name": "Standard"}, "properties": {"publicIPAllocationMethod": "Static"}}


class Arm:
    """Calls by paths below the test's resource group (`Microsoft.Network/virtualNetworks/net`) or by whole ids."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._azure = Azure(store)

    def call(self, method: str, path: str, body: Any = None, query: str = "api-version=2024-05-01") -> Response:
        """The answer, whatever it is."""
        return self.sent(Request.to(method, f"{resource_id(path)}?{query}", body))

    def sent(self, request: Request) -> Response:
        """The answer to a request as it is."""
        return self._azure.handle(request)

    def made(self, path: str, body: Any) -> Any:
        """The body of a PUT that must be accepted."""
        answer = self.call("PUT", path, body)
        assert answer.status in (200, 201), answer.body
        return answer.body

    def read(self, path: str) -> Any:
        """The body of a GET that must be answered."""
        answer = self.call("GET", path)
        assert answer.status == 200, answer.body
        return answer.body

    def refused(self, method: str, path: str, body: Any = None) -> tuple[int, str, str | None]:
        """Status, code and target of a refusal."""
        answer = self.call(method, path, body)
        assert answer.status >= 400, answer.body
        error = (answer.body or {})["error"]
        return answer.status, error["code"], error.get("target")


def resource_id(path: str) -> str:
    """The id of a path below the test's resource group."""
    if path.startswith("/"):
        return path
    return f"{GROUP}/providers/{path}" if path else GROUP


def virtual_network(*subnets: tuple[str, str]) -> Any:
    """A virtual network 10.0.0.0/16 with subnets of these names and ranges."""
    listed = [{"name": name, "properties": {"addressPrefix": prefix}} for name, prefix in subnets]
    return {"location": "westeurope", "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": listed}}


def balancer(frontend: Any, **properties: Any) -> Any:
    """A Standard load balancer with frontend `front`, pool `pool`, probe `probe`, and what is given besides or instead."""
    own = {
        "frontendIPConfigurations": [{"name": "front", "properties": frontend}],
        "backendAddressPools": [{"name": "pool"}],
        "probes": [{"name": "probe", "properties": {"protocol": "Tcp", "port": 80}}],
    }
    return {"location": "westeurope", "sku": {"name": "Standard"}, "properties": {**own, **properties}}


def rule(name: str, frontend_port: int, backend_port: int, pool: str = "pool", **more: Any) -> Any:
    """A rule of that balancer."""
    parts = {
        "frontendIPConfiguration": "frontendIPConfigurations/front",
        "backendAddressPool": f"backendAddressPools/{pool}",
        "probe": "probes/probe",
    }
    references = {key: {"id": f"{BALANCER}/{tail}"} for key, tail in parts.items()}
    return {
        "name": name,
        "properties": {**references, "protocol": "Tcp", "frontendPort": frontend_port, "backendPort": backend_port, **more},
    }


def scale_set(subnet: str, **more: Any) -> Any:
    """A scale set of one instance in a subnet; `pools` and `probe` are ids, `identities` user-assigned identities, other keys are properties."""
    pools = [{"id": each} for each in more.pop("pools", [])]
    probe = {"healthProbe": {"id": more.pop("probe")}} if "probe" in more else {}
    identities = more.pop("identities", [])
    address = {"name": "ip", "properties": {"subnet": {"id": subnet}, "loadBalancerBackendAddressPools": pools}}
    image = {"publisher": "Canonical", "offer": "ubuntu-24_04-lts", "sku": "server", "version": "latest"}
    profile = {
        "storageProfile": {"imageReference": image},
        "osProfile": {"computerNamePrefix": "web", "adminUsername": "azureuser", "adminPassword": "Long-Enough-1"},
        "networkProfile": {
            **probe,
            "networkInterfaceConfigurations": [{"name": "nic", "properties": {"primary": True, "ipConfigurations": [address]}}],
        },
    }
    body = {
        "location": "westeurope",
        "sku": {"name": "Standard_D2s_v5", "capacity": 1},
        "properties": {"upgradePolicy": {"mode": "Manual"}, "overprovision": False, "virtualMachineProfile": profile, **more},
    }
    return body | (
        {"identity": {"type": "UserAssigned", "userAssignedIdentities": {each: {} for each in identities}}} if identities else {}
    )
