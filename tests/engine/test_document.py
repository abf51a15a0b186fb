"""The examples of the 2017 document: their exact settings come out in Azure when a stack asks for them."""

import base64
from collections.abc import Callable
from typing import Any

import pytest

from tests.engine.project import Project

IIS = "https://raw.githubusercontent.com/MicrosoftDocs/azure-cloud-services-files/temp/install-iis.ps1"
BOTTLE = "https://raw.githubusercontent.com/Azure/azure-quickstart-templates/master/201-vmss-bottle-autoscale/"

CUSTOM_SCRIPT_WINDOWS: dict[str, Any] = {
    "fileUris": [IIS],
    "commandToExecute": 'PowerShell -ExecutionPolicy Unrestricted .\\install-iis.ps1 >> "%TEMP%\\StartupLog.txt" 2>&1',
}
CUSTOM_SCRIPT_LINUX: dict[str, Any] = {
    "fileUris": [f"{BOTTLE}installserver.sh", f"{BOTTLE}workserver.py"],
    "commandToExecute": "bash installserver.sh",
}
DSC_URL = "https://github.com/MicrosoftDocs/azure-cloud-services-files/raw/temp/dsc.zip"


@pytest.mark.parametrize(
    ("stack", "extension", "expected"),
    [
        (
            "windows-script",
            {"name": "customscript1", "customScript": {**CUSTOM_SCRIPT_WINDOWS, "version": "1.8"}},
            {
                "name": "customscript1",
                "properties": {
                    "publisher": "Microsoft.Compute",
                    "type": "CustomScriptExtension",
                    "typeHandlerVersion": "1.8",
                    "autoUpgradeMinorVersion": True,
                    "settings": CUSTOM_SCRIPT_WINDOWS,
                },
            },
        ),
        (
            "windows-dsc",
            {"name": "dsc1", "dsc": {"url": DSC_URL, "script": "configure-http.ps1", "function": "WebsiteTest", "version": "2.24"}},
            {
                "name": "dsc1",
                "properties": {
                    "publisher": "Microsoft.Powershell",
                    "type": "DSC",
                    "typeHandlerVersion": "2.24",
                    "autoUpgradeMinorVersion": True,
                    "settings": {
                        "wmfVersion": "latest",
                        "configuration": {"url": DSC_URL, "script": "configure-http.ps1", "function": "WebsiteTest"},
                    },
                },
            },
        ),
        (
            "linux-script",
            {"customScript": {**CUSTOM_SCRIPT_LINUX, "version": "2.0"}},
            {
                "name": "CustomScript",
                "properties": {
                    "publisher": "Microsoft.Azure.Extensions",
                    "type": "CustomScript",
                    "typeHandlerVersion": "2.0",
                    "autoUpgradeMinorVersion": True,
                    "settings": CUSTOM_SCRIPT_LINUX,
                },
            },
        ),
    ],
    ids=["windows-custom-script", "windows-dsc", "linux-custom-script"],
)
def test_the_extension_is_the_documents_own(
    make_project: Callable[[str], Project], stack: str, extension: dict[str, Any], expected: dict[str, Any]
) -> None:
    """Publisher, type, version and settings of the document are what Azure stores."""
    project = make_project(stack)
    project.configure(extensions=[extension])

    project.up()

    assert project.scale_set()["properties"]["virtualMachineProfile"]["extensionProfile"]["extensions"] == [expected]


def test_the_cloud_init_example(make_project: Callable[[str], Project]) -> None:
    """The document's `az vmss create`: its image, its upgrade mode, custom data, its administrator with a key."""
    project = make_project("linux-cloud-init")
    project.configure(image="Canonical:UbuntuServer:14.04.4-LTS:latest", upgrade={"mode": "Automatic"})

    project.up()

    model = project.scale_set()["properties"]
    profile = model["virtualMachineProfile"]
    assert model["upgradePolicy"]["mode"] == "Automatic"
    assert profile["storageProfile"]["imageReference"] == {
        "publisher": "Canonical",
        "offer": "UbuntuServer",
        "sku": "14.04.4-LTS",
        "version": "latest",
    }
    assert profile["osProfile"]["adminUsername"] == "azureuser"
    assert base64.b64decode(profile["osProfile"]["customData"]).startswith(b"#cloud-config\n")
    assert len(profile["osProfile"]["linuxConfiguration"]["ssh"]["publicKeys"]) == 1
    assert {instance["properties"]["provisioningState"] for instance in project.instances()} == {"Succeeded"}
