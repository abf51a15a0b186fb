"""What the demo of linux-image begins with: a virtual machine that somebody has customised, captured as the image that the stack names."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from offline import workspace
from offline.arm.app import Azure
from offline.arm.http import Request
from offline.arm.store import Store
from tools.errors import SetupError

STACK = "linux-image"
"""The stack that needs it."""
SCRIPT = "apps/linux-image/prerequisites.sh"
"""What is run on the machine."""

_GROUP = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/golden"
_NETWORK = f"{_GROUP}/providers/Microsoft.Network"
MACHINE = f"{_GROUP}/providers/Microsoft.Compute/virtualMachines/workshop"
"""The machine."""
_IMAGE = {"publisher": "Canonical", "offer": "ubuntu-24_04-lts", "sku": "server", "version": "latest"}


def capture(home: Path, environment: dict[str, str]) -> None:
    """Makes the machine and captures it into the gallery image `golden/web`. *environment*: of the server that runs. Raises SetupError."""
    script = (workspace.CHECKOUT / SCRIPT).read_text()
    print(f"A virtual machine is made, {SCRIPT} is run on it, and it is captured.", flush=True)
    make_machine(Store(workspace.azure_file(home)), script)
    capture_machine(environment)


def capture_machine(environment: dict[str, str]) -> None:
    """Captures the machine that was made. Raises SetupError."""
    command = [str(Path(sys.executable).with_name("scaleset")), "capture", MACHINE, "--gallery", "golden", "--definition", "web", "--yes"]
    if subprocess.run(command, env=environment).returncode != 0:
        raise SetupError(f"`{' '.join(command)}` failed.")


def make_machine(store: Store, script: str, security: str = "TrustedLaunch") -> None:
    """A machine of that security type on a network of its own, on which *script* has run."""
    azure = Azure(store)

    def call(method: str, path: str, body: Any) -> None:
        answer = azure.handle(Request(method, path, {"api-version": "2024-11-01"}, body))
        if answer.status >= 400:
            raise SetupError(f"{method} {path}: {answer.status} {answer.body}")
        url = answer.headers.get("Azure-AsyncOperation")
        while url is not None:
            state = azure.handle(Request.to("GET", url)).body or {}
            if state.get("status") == "Failed":
                raise SetupError(f"{method} {path}: {state['error']}")
            url = url if state.get("status") == "InProgress" else None

    call("PUT", _GROUP, {"location": "westeurope"})
    prefix = "10.9.0.0/24"
    call(
        "PUT",
        f"{_NETWORK}/virtualNetworks/workshop",
        {
            "location": "westeurope",
            "properties": {
                "addressSpace": {"addressPrefixes": [prefix]},
                "subnets": [{"name": "machines", "properties": {"addressPrefix": prefix}}],
            },
        },
    )
    subnet = {"id": f"{_NETWORK}/virtualNetworks/workshop/subnets/machines"}
    address = {"name": "ip", "properties": {"subnet": subnet}}
    call("PUT", f"{_NETWORK}/networkInterfaces/workshop", {"location": "westeurope", "properties": {"ipConfigurations": [address]}})
    call(
        "PUT",
        MACHINE,
        {
            "location": "westeurope",
            "properties": {
                "hardwareProfile": {"vmSize": "Standard_D2s_v5"},
                "storageProfile": {"imageReference": _IMAGE, "osDisk": {"createOption": "FromImage"}},
                "osProfile": {"computerName": "workshop", "adminUsername": "azureuser", "adminPassword": "Only-for-1-demo"},
                "securityProfile": {"securityType": security},
                "networkProfile": {"networkInterfaces": [{"id": f"{_NETWORK}/networkInterfaces/workshop"}]},
            },
        },
    )
    call("POST", f"{MACHINE}/runCommand", {"commandId": "RunShellScript", "script": script.splitlines()})
    store.close()
