"""The demo's last table."""

from typing import Any

from tools import demo_table

SET = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachineScaleSets/app"


def _status(message: str) -> dict[str, Any]:
    return {"code": "ProvisioningState/succeeded", "displayStatus": "Provisioning succeeded", "message": message}


def _instance(number: str, latest: bool, *extensions: dict[str, Any]) -> dict[str, Any]:
    return {"instanceId": number, "properties": {"latestModelApplied": latest, "instanceView": {"extensions": list(extensions)}}}


def test_table() -> None:
    """Scale set, image, extensions, and one row for each extension of each instance."""
    answers: dict[str, Any] = {
        SET: {
            "name": "app",
            "location": "westeurope",
            "sku": {"name": "Standard_D2s_v5", "capacity": 2},
            "properties": {
                "virtualMachineProfile": {
                    "storageProfile": {
                        "imageReference": {"publisher": "Canonical", "offer": "ubuntu", "sku": "22_04", "version": "latest"}
                    },
                    "extensionProfile": {
                        "extensions": [
                            {
                                "name": "script",
                                "properties": {
                                    "publisher": "Microsoft.Azure.Extensions",
                                    "type": "CustomScript",
                                    "typeHandlerVersion": "2.1",
                                },
                            }
                        ]
                    },
                }
            },
        },
        f"{SET}/virtualMachines?$expand=instanceView": {
            "value": [
                _instance("0", True, {"name": "script", "statuses": [_status("Enable succeeded:\n[stdout]\nhello")]}),
                _instance("10", False),
            ]
        },
    }

    assert demo_table.table(answers.__getitem__, SET).splitlines() == [
        "Scale set   app: 2 instances of Standard_D2s_v5 in westeurope",
        "Image       Canonical:ubuntu:22_04:latest",
        "Extension   script: Microsoft.Azure.Extensions.CustomScript 2.1",
        "",
        "instance  model   ran           which said",
        "0         latest  script        Provisioning succeeded. Enable succeeded: [stdout] hello",
        "10        older   no extension",
    ]


def test_long_message_is_cut() -> None:
    """A message takes one line, and says when there is more."""
    shown = demo_table.said(_status("x" * 200))

    assert shown == f"Provisioning succeeded. {'x' * 65}…"


def test_image_by_id() -> None:
    """An image that is no marketplace image is shown by its id."""
    assert demo_table.image({"communityGalleryImageId": "/communityGalleries/g/images/i"}) == "/communityGalleries/g/images/i"
