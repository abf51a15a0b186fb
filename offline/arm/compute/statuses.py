"""Statuses (`InstanceViewStatus`), as the instance views of machines and instances have them."""

from __future__ import annotations

from offline.arm.http import Json


def handlers_view(ran: list[Json]) -> list[Json]:
    """The handlers that the agent has."""
    return [
        {
            "type": f"{each['publisher']}.{each['type']}",
            "typeHandlerVersion": each["typeHandlerVersion"],
            "status": status("ProvisioningState/succeeded", "Ready", None),
        }
        for each in ran
    ]


def extension_view(name: str, ran: Json) -> Json:
    """`VirtualMachineExtensionInstanceView`: a failed run shows `ProvisioningState/failed/<exit code>`."""
    failed = ran["status"] == "failed"
    code = f"ProvisioningState/failed/{ran['exitCode']}" if failed else "ProvisioningState/succeeded"
    shown = status(code, "Provisioning failed" if failed else "Provisioning succeeded", ran["message"]) | {"time": ran["time"]}
    if failed:
        shown["level"] = "Error"
    return {"name": name, "type": f"{ran['publisher']}.{ran['type']}", "typeHandlerVersion": ran["typeHandlerVersion"], "statuses": [shown]}


def status(code: str, display: str, message: str | None) -> Json:
    """One status."""
    shown = {"code": code, "level": "Info", "displayStatus": display}
    return shown if message is None else {**shown, "message": message}
