"""After a kill: what was being created is found in Azure and taken into the stack's state, so that nothing is lost and nothing is made twice.

The engine notes a creation before it starts. When it is killed in between, the note stays (a pending operation), the resource may or may not exist,
and its name, the same at each run, tells its id.
"""

import json
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

_GROUP = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}"
_PATHS: dict[str, str] = {
    "azure-native:resources:ResourceGroup": _GROUP,
    "azure-native:network:VirtualNetwork": _GROUP + "/providers/Microsoft.Network/virtualNetworks/{virtualNetworkName}",
    "azure-native:network:NetworkSecurityGroup": _GROUP + "/providers/Microsoft.Network/networkSecurityGroups/{networkSecurityGroupName}",
    "azure-native:network:PublicIPAddress": _GROUP + "/providers/Microsoft.Network/publicIPAddresses/{publicIpAddressName}",
    "azure-native:network:NatGateway": _GROUP + "/providers/Microsoft.Network/natGateways/{natGatewayName}",
    "azure-native:network:LoadBalancer": _GROUP + "/providers/Microsoft.Network/loadBalancers/{loadBalancerName}",
    "azure-native:compute:VirtualMachineScaleSet": _GROUP + "/providers/Microsoft.Compute/virtualMachineScaleSets/{vmScaleSetName}",
    "azure-native:storage:StorageAccount": _GROUP + "/providers/Microsoft.Storage/storageAccounts/{accountName}",
    "azure-native:storage:BlobContainer": _GROUP
    + "/providers/Microsoft.Storage/storageAccounts/{accountName}/blobServices/default/containers/{containerName}",
    "azure-native:storage:Blob": _GROUP
    + "/providers/Microsoft.Storage/storageAccounts/{accountName}/blobServices/default/containers/{containerName}/blobs/{blobName}",
    "azure-native:managedidentity:UserAssignedIdentity": _GROUP
    + "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}",
    "azure-native:authorization:RoleAssignment": "{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
    "azure-native:monitor:AutoscaleSetting": _GROUP + "/providers/Microsoft.Insights/autoscaleSettings/{autoscaleSettingName}",
}
"""Where the resources of this package are in Azure, by their inputs."""


UNKNOWN = "which this command does not know: if it is a resource of a cloud, look there, and use `pulumi refresh` for it"


@dataclass(frozen=True)
class Pending:
    """A creation that was begun. `id` is None where the type or the inputs don't tell it."""

    urn: str
    id: str | None


def pending(deployment: Mapping[str, Any], subscription: str) -> list[Pending]:
    """The creations that a stack's exported state says were begun. *subscription*: that of the default provider."""
    state = deployment.get("deployment", deployment)
    subscriptions = {
        f"{resource['urn']}::{resource['id']}": resource.get("inputs", {}).get("subscriptionId", subscription)
        for resource in state.get("resources", [])
        if resource["type"] == "pulumi:providers:azure-native"
    }
    begun = [operation["resource"] for operation in state.get("pending_operations", []) if operation["type"] == "creating"]
    return [Pending(resource["urn"], _id(resource, subscriptions.get(resource.get("provider", ""), subscription))) for resource in begun]


def adopt(deployment: dict[str, Any], begun: Sequence[Pending]) -> dict[str, Any]:
    """The exported state with what was begun as resources of it, for a refresh to read, and without the notes."""
    state = deployment["deployment"]
    ids = {each.urn: each.id for each in begun if each.id}
    adopted = [
        {**operation["resource"], "id": ids[operation["resource"]["urn"]], "outputs": operation["resource"].get("inputs", {})}
        for operation in state.get("pending_operations", [])
        if operation["type"] == "creating" and operation["resource"]["urn"] in ids
    ]
    others = [operation for operation in state.get("pending_operations", []) if not _is_settled(operation, ids)]
    return {**deployment, "deployment": {**state, "resources": [*state.get("resources", []), *adopted], "pending_operations": others}}


def with_noted_inputs(refreshed: dict[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """The refreshed state with the inputs that what was begun was begun with: a refresh adds Azure's defaults to them and drops what Azure
    doesn't give back (a blob's source), and the next update would replace the resource for it."""
    noted = {
        operation["resource"]["urn"]: operation["resource"].get("inputs", {})
        for operation in before["deployment"].get("pending_operations", [])
        if operation["type"] == "creating"
    }
    state = refreshed["deployment"]
    resources = [{**each, "inputs": noted[each["urn"]]} if each["urn"] in noted else each for each in state.get("resources", [])]
    return {**refreshed, "deployment": {**state, "resources": resources}}


def broken_metadata(backend: str) -> list[Path]:
    """Files of a `file://` backend that hold metadata of a state file and were not written whole. Pulumi needs none of them, but fails on a broken
    one (`failed to load checkpoint: EOF`); the state files themselves are written whole or not at all."""
    parts = urlsplit(backend)
    if parts.scheme != "file":
        return []
    stacks = Path(unquote(parts.netloc + parts.path)).expanduser() / ".pulumi" / "stacks"
    return sorted(file for file in stacks.rglob("*.attrs") if not _is_json(file))


def recover(stack: str, subscription: str, words: Sequence[str] = ()) -> int:
    """Lifts the lock, takes what was begun into the state, and refreshes it: what doesn't exist in Azure is dropped again.

    *words*: further arguments of `pulumi refresh`. Gives its exit code.
    """
    cancelled = subprocess.run(["pulumi", "cancel", "--yes", "--stack", stack], check=False, capture_output=True, text=True)
    print((cancelled.stdout + cancelled.stderr).strip(), flush=True)  # it fails where there is no lock: then there is nothing to lift
    whoami = subprocess.run(["pulumi", "whoami", "--json"], check=True, capture_output=True, text=True)
    for file in broken_metadata(json.loads(whoami.stdout)["url"]):
        file.unlink()
        print(f"removed: {file}, which was half written: Pulumi could not read the state beside it", flush=True)
    export = subprocess.run(["pulumi", "stack", "export", "--stack", stack], check=True, capture_output=True, text=True)
    deployment = json.loads(export.stdout)
    begun = pending(deployment, subscription)
    for each in begun:
        print(f"begun: {each.urn.rsplit('::', 1)[-1]}, {each.id or UNKNOWN}", flush=True)
    if begun:
        text = json.dumps(adopt(deployment, begun))
        subprocess.run(["pulumi", "stack", "import", "--stack", stack], input=text, check=True, capture_output=True, text=True)
    code = subprocess.run(["pulumi", "refresh", "--yes", "--skip-preview", "--stack", stack, *words], check=False).returncode
    if code == 0 and begun:
        export = subprocess.run(["pulumi", "stack", "export", "--stack", stack], check=True, capture_output=True, text=True)
        text = json.dumps(with_noted_inputs(json.loads(export.stdout), deployment))
        subprocess.run(["pulumi", "stack", "import", "--stack", stack], input=text, check=True, capture_output=True, text=True)
    print(f"Next: pulumi up --stack {stack}" if code == 0 else "The refresh failed: see above, mend it, and run this again.")
    return code


def _is_json(file: Path) -> bool:
    try:
        json.loads(file.read_text())
    except ValueError:
        return False
    return True


def _is_settled(operation: Mapping[str, Any], ids: Mapping[str, str]) -> bool:
    resource = operation["resource"]
    return operation["type"] == "creating" and (resource["urn"] in ids or resource["type"].startswith("pulumi:"))


def _id(resource: Mapping[str, Any], subscription: str) -> str | None:
    path = _PATHS.get(resource["type"])
    if path is None:
        return None
    inputs = {"subscriptionId": subscription, **resource.get("inputs", {})}
    missing = [name for name in re.findall(r"{(\w+)}", path) if not isinstance(inputs.get(name), str)]
    return None if missing else path.format(**inputs)
