"""Automatic repairs during a rollout: suspended when it fails, since they would make instances of the model that failed (T9), resumed when it is done."""

from collections.abc import Mapping
from typing import Any

from azure.core.exceptions import ServiceRequestError, ServiceResponseError

from azure_scaleset.rollout.arm import ArmError
from azure_scaleset.rollout.scale_set import LiveScaleSet

SERVICE = "AutomaticRepairs"
"""Azure's name of them among a scale set's orchestration services."""

_TRIES = 6


def enabled(model: Mapping[str, Any]) -> bool:
    """Whether a scale set has automatic repairs, from ARM's answer."""
    return bool((model.get("properties", {}).get("automaticRepairsPolicy") or {}).get("enabled"))


def suspended(live: LiveScaleSet) -> bool:
    """Whether somebody, a rollout that failed for one, has suspended them. False where Azure doesn't tell."""
    try:
        services = live.services()
    except ArmError:
        return False
    return any(each.get("serviceName") == SERVICE and each.get("serviceState") == "Suspended" for each in services)


def switch(live: LiveScaleSet, running: bool) -> str:
    """Resumes or suspends them. Empty when Azure did it, else its refusal: what came of the rollout must be told all the same."""
    for _ in range(_TRIES - 1):
        try:
            live.set_repairs(running)
            return ""
        except (ArmError, ServiceRequestError, ServiceResponseError):
            live.arm.pause()
    try:
        live.set_repairs(running)
        return ""
    except (ArmError, ServiceRequestError, ServiceResponseError) as error:
        return str(error)
