"""One run of one extension on one instance: what the handler sees, what comes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from offline.arm.http import Json
from offline.arm.store import Store


class HandlerError(Exception):
    """The handler gives up. `files` is what it had downloaded before, `seconds` how long it had tried."""

    def __init__(self, message: str, exit_code: int = 1, files: dict[str, str | None] | None = None, seconds: float = 0) -> None:
        super().__init__(message)
        self.message = message
        self.exit_code = exit_code
        self.files = files or {}
        self.seconds = seconds


@dataclass(frozen=True)
class Run:
    """What a handler sees: the Azure around it, the identity of its machine (as in the machine's body, or its set's), its definition (`properties` of
    the extension), the virtual time."""

    store: Store
    identity: Json
    definition: Json
    at: datetime

    @property
    def publisher(self) -> str:
        """Publisher of the handler."""
        return str(self.definition.get("publisher"))

    @property
    def type(self) -> str:
        """Type of the handler."""
        return str(self.definition.get("type"))

    @property
    def settings(self) -> Json:
        """Public settings."""
        return self.definition.get("settings") or {}

    @property
    def protected(self) -> Json:
        """Protected settings, as the VM decrypts them."""
        return self.definition.get("protectedSettings") or {}


@dataclass(frozen=True)
class Outcome:
    """A run that succeeded. `files`: name or URL -> sha256 of what was downloaded, None for what is outside the offline Azure."""

    message: str
    files: dict[str, str | None] = field(default_factory=dict)
    seconds: float = 0


Handler = Callable[[Run], Outcome]
"""Does what the handler does, or raises `HandlerError`."""
