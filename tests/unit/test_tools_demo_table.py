"""The demo's last table."""

from typing import Any

from tools import demo_table

SET = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachineScaleSets/app"


def _instance(number: str, latest: bool, **view: Any) -> dict[str, Any]:
    return {
        "id": f"{SET}/virtualMachines/{number}",
        "instanceId": number,
        "properties": {
            "latestModelApplied": latest,
            "storageProfile": {"imageReference": {"publisher": "Canonical", "version": "latest", "exactVersion": "22.04.1"}},
            "instanceView": view,
        },
    }


def _ran(name: str, code: str = "ProvisioningState/succeeded") -> dict[str, Any]:
    return {"name": name, "statuses": [{"code": code, "message": "Enable succeeded"}]}


def _extension(name: str, **more: str) -> dict[str, Any]:
    return {
        "name": name,
        "properties": {"publisher": "Microsoft.Azure.Extensions", "type": "CustomScript", "typeHandlerVersion": "2.1", **more},
    }


def test_table() -> None:
    """Scale set, image, extensions with their payloads, and for each instance zone, model, health, image version and what ran."""
    model = {
        "storageProfile": {"imageReference": {"publisher": "Canonical", "offer": "ubuntu", "sku": "22_04", "version": "latest"}},
        "extensionProfile": {"extensions": [_extension("script", forceUpdateTag="93460cbb5d41"), _extension("agent")]},
    }
    healthy = {"status": {"code": "HealthState/healthy"}}
    answers: dict[str, Any] = {
        SET: {
            "name": "app",
            "location": "westeurope",
            "sku": {"name": "Standard_D2s_v5", "capacity": 3},
            "properties": {"virtualMachineProfile": model},
        },
        f"{SET}/virtualMachines?$expand=instanceView": {
            "value": [
                {**_instance("0", True, vmHealth=healthy, extensions=[_ran("script"), _ran("agent")]), "zones": ["2"]},
                _instance("1", False, extensions=[_ran("script", "ProvisioningState/failed/7")]),
                _instance("10", False),
            ]
        },
    }
    ran = {(f"{SET}/virtualMachines/0".lower(), "script"): "93460cbb5d41", (f"{SET}/virtualMachines/1".lower(), "script"): "0123456789ab"}

    assert demo_table.table(answers.__getitem__, SET, ran).splitlines() == [
        "Scale set   app: 3 instances of Standard_D2s_v5 in westeurope",
        "Image       Canonical:ubuntu:22_04:latest",
        "Extension   script: Microsoft.Azure.Extensions.CustomScript 2.1, payload 93460cbb5d41",
        "Extension   agent: Microsoft.Azure.Extensions.CustomScript 2.1",
        "",
        "instance  zone  model   health     image version  ran",
        "0         2     latest  healthy    22.04.1        script 93460cbb5d41, agent",
        "1         none  older   no signal  22.04.1        script 0123456789ab (failed/7)",
        "10        none  older   no signal  22.04.1        no extension",
    ]


def test_the_last_run_counts() -> None:
    """Of several runs of an extension on an instance the last one's digest is shown; one without a digest has none."""
    runs = [
        {"subject": f"{SET}/virtualMachines/0", "data": {"extension": "script", "forceUpdateTag": "old"}},
        {"subject": f"{SET}/virtualMachines/0", "data": {"extension": "script", "forceUpdateTag": "new"}},
        {"subject": f"{SET}/virtualMachines/0", "data": {"extension": "agent", "forceUpdateTag": None}},
    ]

    assert demo_table.digests(runs) == {(f"{SET}/virtualMachines/0".lower(), "script"): "new"}


def test_image_by_id() -> None:
    """An image that is no marketplace image is shown by its id."""
    assert demo_table.image({"communityGalleryImageId": "/communityGalleries/g/images/i"}) == "/communityGalleries/g/images/i"
