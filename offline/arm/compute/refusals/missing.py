"""Azure's two commonest refusals: a parameter that is missing, a value that is wrong."""

from __future__ import annotations

from collections.abc import Callable

from offline.arm.compute.model import ScaleSet
from offline.arm.errors import ArmError, bad_request

Check = Callable[[ScaleSet], None]
"""Looks at a model; raises `ArmError` for what Azure refuses."""


def missing(target: str) -> ArmError:
    """A required parameter that is not there."""
    return bad_request("InvalidParameter", f"Required parameter '{target}' is missing (null).", target)


def invalid(target: str) -> ArmError:
    """A value that Azure refuses without saying why."""
    return bad_request("InvalidParameter", f"The value of parameter {target} is invalid.", target)


def not_allowed(target: str) -> ArmError:
    """A parameter that must not be there."""
    return bad_request("InvalidParameter", f"Parameter '{target}' is not allowed.", target)
