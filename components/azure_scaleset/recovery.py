"""After a kill: what was being created is found in Azure and taken into the stack's state, so that nothing is lost and nothing is made twice.

The engine notes a creation before it starts. When it is killed in between, the note stays (a pending operation), the resource may or may not exist,
and its name, the same at each run, tells its id. When the plugin alone is killed there is no note: `recovery_preview` makes one.
"""

import json
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from azure_scaleset.commands import pulumi_command
from azure_scaleset.recovery_preview import as_in_azure, may_have_failed, with_previewed

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


@dataclass(frozen=True)
class Pending:
    """A creation that was begun."""

    urn: str
    id: str | None
    """Where it is in Azure, if it is there; None where the type or the inputs don't tell it."""
    is_replacement: bool = False
    """Whether it was to take the place of a resource of the state, under that one's URN: then it can't be taken in beside it."""

    def __str__(self) -> str:
        """A line for a person."""
        name = self.urn.rsplit("::", 1)[-1]
        if self.id is None:
            return f"{name}, which this command does not know: if it is a resource of a cloud, look there, and use `pulumi refresh` for it"
        if self.is_replacement:
            return f"{name} as a replacement, which is not taken in: if `pulumi up` says that it exists, delete {self.id}"
        return f"{name}, {self.id}"


def pending(deployment: Mapping[str, Any], subscription: str) -> list[Pending]:
    """The creations that a stack's exported state says were begun. *subscription*: that of the default provider."""
    state = deployment.get("deployment", deployment)
    subscriptions = {
        f"{resource['urn']}::{resource['id']}": resource.get("inputs", {}).get("subscriptionId", subscription)
        for resource in state.get("resources", [])
        if resource["type"] == "pulumi:providers:azure-native"
    }
    in_state = {resource["urn"] for resource in state.get("resources", [])}
    begun = [operation["resource"] for operation in state.get("pending_operations", []) if operation["type"] == "creating"]
    return [
        Pending(each["urn"], _id(each, subscriptions.get(each.get("provider", ""), subscription)), each["urn"] in in_state)
        for each in begun
    ]


def adopt(deployment: dict[str, Any], begun: Sequence[Pending]) -> dict[str, Any]:
    """The exported state with what was begun as resources of it, for a refresh to read, and without the notes."""
    state = deployment["deployment"]
    ids = {each.urn: each.id for each in begun if each.id and not each.is_replacement}
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
    in_state = {resource["urn"] for resource in before["deployment"].get("resources", [])}
    noted = {
        operation["resource"]["urn"]: operation["resource"].get("inputs", {})
        for operation in before["deployment"].get("pending_operations", [])
        if operation["type"] == "creating" and operation["resource"]["urn"] not in in_state
    }
    state = refreshed["deployment"]
    resources = [
        {**each, "inputs": as_in_azure(noted[each["urn"]], each.get("inputs", {}))} if each["urn"] in noted else each
        for each in state.get("resources", [])
    ]
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

    *words*: further arguments of `pulumi refresh`, and of the preview that finds what a failed update may have left. Gives the refresh's exit code, or 1
    when that preview failed. Raises `CommandError` when the state can't be read or written.
    """
    cancelled = subprocess.run(["pulumi", "cancel", "--yes", "--stack", stack], check=False, capture_output=True, text=True)
    print((cancelled.stdout + cancelled.stderr).strip(), flush=True)  # it fails where there is no lock: then there is nothing to lift
    for file in broken_metadata(json.loads(pulumi_command.run("whoami", "--json"))["url"]):
        file.unlink()
        print(f"removed: {file}, which was half written: Pulumi could not read the state beside it", flush=True)
    deployment: dict[str, Any] = json.loads(pulumi_command.run("stack", "export", "--stack", stack))
    previewed = True
    if may_have_failed(json.loads(pulumi_command.run("stack", "history", "--json", "--stack", stack))):
        preview = _preview(stack, words)
        previewed = preview is not None
        deployment = with_previewed(deployment, preview or {"steps": []}, _PATHS)
    begun = pending(deployment, subscription)
    for each in begun:
        print(f"begun: {each}", flush=True)
    if begun:
        pulumi_command.run("stack", "import", "--stack", stack, given=json.dumps(adopt(deployment, begun)))
    code = subprocess.run(["pulumi", "refresh", "--yes", "--skip-preview", "--stack", stack, *words], check=False).returncode
    if code == 0 and begun:
        refreshed = json.loads(pulumi_command.run("stack", "export", "--stack", stack))
        pulumi_command.run("stack", "import", "--stack", stack, given=json.dumps(with_noted_inputs(refreshed, deployment)))
    if code != 0:
        print("The refresh failed: see above, mend it, and run this again.")
    elif not previewed:
        print("The preview failed, so what the failed update may have made was not looked for: see above, mend it, and run this again.")
    else:
        print(f"Next: pulumi up --stack {stack}")
    return code or int(not previewed)


def _preview(stack: str, words: Sequence[str]) -> dict[str, Any] | None:
    """What the next update would do, with secrets in plain, for a state that pulumi encrypts again; None, and pulumi's reason on the terminal, when it fails."""
    command = ["pulumi", "preview", "--json", "--show-secrets", "--non-interactive", "--stack", stack, *words]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        print(f"`pulumi preview` failed:\n{done.stderr or _diagnostics(done.stdout)}", flush=True)
        return None
    preview: dict[str, Any] = json.loads(done.stdout)
    return preview


def _diagnostics(output: str) -> str:
    """The messages in what a failed `pulumi preview --json` prints: nothing else of it, because secrets are in plain there."""
    try:
        return "\n".join(str(each.get("message", "")) for each in json.loads(output).get("diagnostics", []))
    except ValueError:
        return "it printed nothing that can be read"


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
