"""Arguments for scale sets that exist: of every model that Azure is known to accept."""

import asyncio
from pathlib import Path
from typing import Any, cast

import pytest
import yaml
from azure.mgmt.compute import models

from azure_scaleset import model
from azure_scaleset.adoption import unread
from azure_scaleset.adoption.mapping import NotAdoptable, adopt
from azure_scaleset.arguments import ScaleSetArgs
from azure_scaleset.extensions import definitions
from azure_scaleset.extensions.context import Context, PayloadDelivery
from azure_scaleset.secrecy import known
from azure_scaleset.shape import camel, fields, read_fields
from offline.arm.shapes import nest

FILES = sorted((Path(__file__).parents[2] / "fixtures" / "models").glob("*.yaml"))
WITHOUT_MODEL = {"terraform-flexible-empty-regional", "terraform-flexible-empty-two-zones", "terraform-flexible-empty-zonal"}


def read(stem: str) -> dict[str, Any]:
    """The inputs of a fixture."""
    file = next(file for file in FILES if file.stem == stem)
    inputs: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))["inputs"]
    return inputs


def body_of(inputs: dict[str, Any]) -> dict[str, Any]:
    """Resource Manager's answer for a scale set with these inputs, without what it never shows."""
    own = {key: value for key, value in inputs.items() if key not in ("resourceGroupName", "vmScaleSetName")}
    body: dict[str, Any] = nest(unread.left_out(own), models.VirtualMachineScaleSet)
    group = f"/subscriptions/s/resourceGroups/{inputs['resourceGroupName']}"
    body["id"] = f"{group}/providers/Microsoft.Compute/virtualMachineScaleSets/{inputs['vmScaleSetName']}"
    return body


def sent(adopted: Any, stem: str) -> dict[str, Any]:
    """What `ScaleSet` sends for the arguments, put together as it does that."""
    found: list[str] = []
    inputs = read(stem)
    given = {**adopted.arguments, "location": adopted.location, "tags": adopted.tags, "resourceGroupName": inputs["resourceGroupName"]}
    args: ScaleSetArgs = read_fields(given, fields(ScaleSetArgs), "", found)  # type: ignore[assignment]  # it gives what its table says

    async def build() -> dict[str, Any]:
        base = Path.cwd()
        context = Context("set", args["os"], base, False, cast(PayloadDelivery, None))
        extensions = definitions.read(args.get("extensions", []), args["os"], base, found, cloud_init=False)
        defined = [definitions.define(each, context) for each in extensions]
        own = {
            "location": args["location"],
            "tags": args.get("tags", {}),
            "identity": {camel(key): value for key, value in (model.identity(args.get("identity", {}), []) or {}).items()} or None,
        }
        result = model.inputs(adopted.name, args, args["image"], inputs["sku"]["capacity"], None, defined)
        whole = {key: value for key, value in {**own, **result}.items() if value is not None}
        resolved: dict[str, Any] = await known(model.merge(whole, args.get("overrides", {})))
        return resolved

    result = asyncio.run(build())
    assert found == []
    return result


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.stem))
def test_the_model_is_the_live_one(file: Path) -> None:
    """What the component sends for the arguments is what Azure shows; or the refusal says why it can't."""
    inputs = read(file.stem)
    body = body_of(inputs)
    if file.stem in WITHOUT_MODEL:
        with pytest.raises(NotAdoptable, match=r"^The scale set has no model \(virtualMachineProfile\)"):
            adopt(body)
        return

    expected = unread.left_out({key: value for key, value in inputs.items() if key not in ("resourceGroupName", "vmScaleSetName")})
    assert sent(adopt(body), file.stem) == expected


def test_what_the_arguments_say_is_not_overridden() -> None:
    """Size, image, disk, network, extension and mode of a Windows set are arguments: a later edit of them has its effect."""
    adopted = adopt(body_of(read("bicep-windows-max")))

    assert {key: value for key, value in adopted.arguments.items() if key not in ("overrides", "extensions", "adopt")} == {
        "os": "Windows",
        "image": "MicrosoftWindowsServer:WindowsServer:2022-datacenter-azure-edition:latest",
        "size": "Standard_B12ms",
        "zones": ["1", "2", "3"],
        "admin": {"username": "localAdminUser"},
        "computerNamePrefix": "vmsswinvm",
        "upgrade": {"mode": "Manual"},
        "network": {
            "subnetId": "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example/providers/Microsoft.Network/virtualNetworks/"
            "example/subnets/example",
            "publicIpPerInstance": True,
            "acceleratedNetworking": True,
        },
        "identity": {
            "userAssigned": [
                "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example/providers/Microsoft.ManagedIdentity/"
                "userAssignedIdentities/example"
            ]
        },
        "security": {"type": "Standard"},
        "osDisk": {"storageAccountType": "Premium_LRS", "sizeGb": 128},
        "bootDiagnostics": {"enabled": False},
    }
    assert adopted.unread == [
        "admin.password",
        "customData",
        *(
            f"extensions.{name}.protectedSettings"
            for name in (
                *("MicrosoftAntiMalware", "AzureMonitorAgent", "DependencyAgent", "NetworkWatcherAgent", "DesiredStateConfiguration"),
                *("CustomScriptExtension", "AzureDiskEncryption"),
            )
        ),
    ]


def test_an_image_that_is_a_blob_is_refused() -> None:
    """Unmanaged disks: the message names the property."""
    body = body_of(read("rest-password"))
    del body["properties"]["virtualMachineProfile"]["storageProfile"]["imageReference"]

    with pytest.raises(NotAdoptable, match=r"names no image \(storageProfile.imageReference\)"):
        adopt(body)


@pytest.mark.parametrize(
    ("encoded", "said"),
    [
        ("dGV4dA==", {"userData": "text"}),
        ("//79", {"overrides": "//79"}),
    ],
    ids=["a text", "bytes"],
)
def test_user_data_that_azure_was_asked_for(encoded: str, said: dict[str, str]) -> None:
    """An argument where it is a text, else azure-native's input."""
    body = body_of(read("rest-password"))
    body["properties"]["virtualMachineProfile"]["userData"] = encoded

    arguments = adopt(body).arguments

    overridden = arguments["overrides"]["virtualMachineProfile"].get("userData")
    found = {"userData": arguments.get("userData"), "overrides": overridden}
    assert {key: value for key, value in found.items() if value is not None} == said


def test_a_signature_that_everybody_reads_does_not_get_into_a_stack_file() -> None:
    """It is refused by its place, and not shown."""
    inputs = read("quickstart-custom-script-linux-storage-key")
    extension = inputs["virtualMachineProfile"]["extensionProfile"]["extensions"][0]
    extension["settings"] = {"fileUris": [f"https://example.blob.core.windows.net/scripts/hello.sh?sig={'a' * 43}%3D"]}

    with pytest.raises(NotAdoptable) as caught:
        adopt(body_of(inputs))

    assert str(caught.value).startswith("extensions[0].custom.settings.fileUris[0] holds a signature or a key.")
    assert "sig=" not in str(caught.value)
