"""An offline Azure with a network, and short ways to make machines, disks, galleries and images in it."""

from __future__ import annotations

import copy
from typing import Any

from offline.arm.http import Request, Response
from tests.unit.offline.arm import GROUP, Arm, scale_set, virtual_network

SUBNET = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/net/subnets/web"
MACHINE = "Microsoft.Compute/virtualMachines/build"
GALLERY = "Microsoft.Compute/galleries/gallery"
DEFINITION = f"{GALLERY}/images/web"
VERSION = f"{DEFINITION}/versions/1.0.0"
IMAGE = "Microsoft.Compute/images/image"
SET = "Microsoft.Compute/virtualMachineScaleSets/web"
DEPROVISION = "systemd-run --on-active=20 sh -c 'waagent -deprovision+user -force && poweroff'"
SCRIPT = {
    "publisher": "Microsoft.Azure.Extensions",
    "type": "CustomScript",
    "typeHandlerVersion": "2.1",
    "settings": {"commandToExecute": "echo"},
}
GENERATION_1 = {"publisher": "Canonical", "offer": "ubuntu-24_04-lts", "sku": "server-gen1", "version": "latest"}
GENERATION_2 = {"publisher": "Canonical", "offer": "ubuntu-24_04-lts", "sku": "server", "version": "latest"}
ARM64 = {"publisher": "Canonical", "offer": "ubuntu-24_04-lts", "sku": "server-arm64", "version": "latest"}
PLAN = {"name": "stable-gen2", "publisher": "kinvolk", "product": "flatcar-container-linux-free"}
FLATCAR = {"publisher": PLAN["publisher"], "offer": PLAN["product"], "sku": PLAN["name"], "version": "latest"}
WINDOWS = {"publisher": "MicrosoftWindowsServer", "offer": "WindowsServer", "sku": "2022-datacenter-g2", "version": "latest"}


def changed(body: Any, path: str, value: Any) -> Any:
    """A copy of a body with another value at a dotted path; None removes."""
    copied = copy.deepcopy(body)
    *way, last = path.split(".")
    here = copied
    for key in way:
        here = here.setdefault(key, {})
    if value is None:
        here.pop(last, None)
    else:
        here[last] = value
    return copied


class Workshop:
    """The Azure and what tests do in it. Every call waits for its operation."""

    def __init__(self, arm: Arm) -> None:
        self.arm = arm
        arm.made("Microsoft.Network/virtualNetworks/net", virtual_network(("web", "10.0.0.0/24")))

    def done(self, method: str, path: str, body: Any = None, query: str = "api-version=2024-11-01") -> Any:
        """The body of a call that must end well."""
        answer = self.arm.call(method, path, body, query)
        assert answer.status < 300, answer.body
        assert self.outcome(answer) is None
        return answer.body

    def outcome(self, answer: Response) -> Any:
        """Waits for the operation of an answer; gives its error, or None."""
        url = answer.headers.get("Azure-AsyncOperation")
        while url is not None:
            body = self.arm.sent(Request.to("GET", url)).body or {}
            if body["status"] != "InProgress":
                return body.get("error")
        return None

    def refused(self, path: str, body: Any, method: str = "PUT") -> tuple[int, str]:
        """Status and code of a refusal, at once or when its operation ends (status 0)."""
        answer = self.arm.call(method, path, body, "api-version=2024-11-01")
        if answer.status >= 400:
            return answer.status, (answer.body or {})["error"]["code"]
        error = self.outcome(answer)
        assert error is not None, f"accepted: {answer.body}"
        return 0, error["code"]

    def interface(self, name: str = "nic") -> str:
        """A network interface; gives its id."""
        address = {"name": "ip", "properties": {"subnet": {"id": SUBNET}}}
        body = {"location": "westeurope", "properties": {"ipConfigurations": [address]}}
        return str(self.arm.made(f"Microsoft.Network/networkInterfaces/{name}", body)["id"])

    def machine_body(self, image: Any = GENERATION_2, name: str = "nic") -> Any:
        """A machine that Azure accepts, on an interface of its own."""
        return {
            "location": "westeurope",
            "properties": {
                "hardwareProfile": {"vmSize": "Standard_D2s_v5"},
                "storageProfile": {"imageReference": image, "osDisk": {"createOption": "FromImage"}},
                "osProfile": {"adminUsername": "azureuser", "adminPassword": "Long-Enough-1"},
                "networkProfile": {"networkInterfaces": [{"id": self.interface(name)}]},
            },
        }

    def machine(self, image: Any = GENERATION_2, path: str = MACHINE) -> str:
        """A machine that runs; gives its id."""
        self.done("PUT", path, self.machine_body(image, path.rpartition("/")[2]))
        return f"{GROUP}/providers/{path}"

    def run(self, *script: str, command: str = "RunShellScript", path: str = MACHINE) -> Any:
        """What a script by run-command answers."""
        answer = self.arm.call("POST", f"{path}/runCommand", {"commandId": command, "script": list(script)})
        assert answer.status == 202, answer.body
        assert self.outcome(answer) is None
        return self.arm.sent(Request.to("GET", answer.headers["Location"])).body

    def states(self, path: str = MACHINE) -> list[str]:
        """The codes of a machine's statuses; a look makes time go by."""
        return [each["code"] for each in self.arm.read(f"{path}/instanceView")["statuses"]]

    def generalized(self, image: Any = GENERATION_2, path: str = MACHINE) -> str:
        """A machine that was deprovisioned, deallocated and marked; gives its id."""
        made = self.machine(image, path)
        self.run(DEPROVISION, path=path)
        while "PowerState/stopped" not in self.states(path):
            pass
        self.done("POST", f"{path}/deallocate")
        self.done("POST", f"{path}/generalize")
        return made

    def scripted(self) -> str:
        """A generalized machine of generation 1 on which a script has run, whose handler was not removed; gives its id."""
        made = self.machine(GENERATION_1)
        self.done("PUT", f"{MACHINE}/extensions/script", {"location": "westeurope", "properties": SCRIPT})
        self.run(DEPROVISION)
        while "PowerState/stopped" not in self.states():
            pass
        self.done("POST", f"{MACHINE}/generalize")
        return made

    def definition(self, path: str = DEFINITION, **properties: Any) -> str:
        """A gallery with a definition for generalized Linux of generation 2 with Trusted Launch, or what is said; gives its id."""
        self.done("PUT", path.partition("/images/")[0], {"location": "westeurope"})
        self.done("PUT", path, definition_body(path, **properties))
        return f"{GROUP}/providers/{path}"

    def version(self, path: str = VERSION, source: str | None = None, **profile: Any) -> str:
        """A version from a machine that was captured; gives its id."""
        self.done("PUT", path, version(source or f"{GROUP}/providers/{MACHINE}", **profile))
        return f"{GROUP}/providers/{path}"

    def put_set(self, image: Any, path: str = SET, **profile: Any) -> Response:
        """PUT of a scale set of one instance of an image; other keys are of its profile."""
        body = scale_set(SUBNET)
        body["properties"]["virtualMachineProfile"]["storageProfile"]["imageReference"] = image
        body["properties"]["virtualMachineProfile"] |= profile
        for name in [name for name, value in profile.items() if value is None]:
            del body["properties"]["virtualMachineProfile"][name]
        return self.arm.call("PUT", path, body, "api-version=2024-11-01")

    def instance(self, path: str = SET) -> Any:
        """The first instance of a set."""
        return self.arm.read(f"{path}/virtualMachines")["value"][0]


def definition_body(path: str, **properties: Any) -> Any:
    """A definition, at a path, for generalized Linux of generation 2 with Trusted Launch, or what is said."""
    own = {
        "osType": "Linux",
        "osState": "Generalized",
        "hyperVGeneration": "V2",
        "features": [{"name": "SecurityType", "value": "TrustedLaunch"}],
        "identifier": {"publisher": "contoso", "offer": "web", "sku": path.rpartition("/")[2]},
    }
    return {"location": "westeurope", "properties": {**own, **properties}}


def version(source: str, **profile: Any) -> Any:
    """A version from a machine or another resource, in West Europe, or with another publishing profile."""
    key = "virtualMachineId" if "/virtualMachines/" in source else "id"
    return {
        "location": "westeurope",
        "properties": {
            "storageProfile": {"source": {key: source}},
            "publishingProfile": {"targetRegions": [{"name": "westeurope"}], **profile},
        },
    }


def code_of(answer: Response) -> tuple[int, str]:
    """Status and code of an answer that refuses."""
    return answer.status, ((answer.body or {}).get("error") or {}).get("code", "")
