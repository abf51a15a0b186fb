"""What crosses the wire: one request, one response."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

Json = dict[str, Any]


@dataclass(frozen=True)
class Request:
    """One ARM call. `path` has no query; names of `query` keep the case they came in."""

    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    body: Json | None = None
    headers: dict[str, str] = field(default_factory=dict)

    @staticmethod
    def to(method: str, url: str, body: Json | None = None) -> Request:
        """A request from a URL or a path with a query."""
        parts = urlsplit(url)
        return Request(method, parts.path, {name: values[-1] for name, values in parse_qs(parts.query).items()}, body)


@dataclass(frozen=True)
class Response:
    """The answer. `body` is None for answers without content (202 of an action, 204)."""

    status: int
    body: Json | None = None
    headers: dict[str, str] = field(default_factory=dict)
    items: list[Json] | None = None
    """The content where Azure answers with a bare array, as it does for platform images; `body` is None then."""
