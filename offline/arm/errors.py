"""Azure's error answers: `{"error": {"code", "message", "target", "details"}}` with the HTTP status Azure uses for the code."""

from __future__ import annotations

from typing import Any

from offline.arm.http import Json, Response


class ArmError(Exception):
    """A call that Azure refuses. `code` is Azure's own; `target` the property path, where there is one."""

    def __init__(self, status: int, code: str, message: str, target: str | None = None, details: list[Json] | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.target = target
        self.details = details or []

    def error(self) -> Json:
        """The object below `error`."""
        body: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.target is not None:
            body["target"] = self.target
        if self.details:
            body["details"] = self.details
        return body

    def response(self) -> Response:
        """The whole answer."""
        return Response(self.status, {"error": self.error()})


def bad_request(code: str, message: str, target: str | None = None) -> ArmError:
    """400: the body is wrong."""
    return ArmError(400, code, message, target)


def conflict(code: str, message: str, target: str | None = None) -> ArmError:
    """409: the body is right, the state of a resource forbids it."""
    return ArmError(409, code, message, target)


def not_found(resource_id: str) -> ArmError:
    """404 for a resource."""
    return ArmError(
        404,
        "ResourceNotFound",
        f"The Resource '{resource_id}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix",
    )


def not_implemented(what: str) -> ArmError:
    """What the offline Azure does not know it refuses by name: never a silent success."""
    return ArmError(501, "NotImplemented", f"The offline Azure does not know {what}. `docs/offline-azure.md` lists what it knows.")
