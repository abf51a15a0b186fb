"""Lists in pages, with `nextLink`."""

from __future__ import annotations

from urllib.parse import urlencode

from offline.arm.errors import bad_request
from offline.arm.http import Json, Request


def page(items: list[Json], size: int | None, request: Request) -> tuple[list[Json], Json]:
    """The items of the page that a request asks for, and `{"nextLink"}` when there are more. `size` None: all at once."""
    if size is None:
        return items, {}
    token = request.query.get("$skiptoken", "0")
    if not token.isdigit():
        raise bad_request("InvalidParameter", f"The value '{token}' of parameter '$skiptoken' is invalid.", "$skiptoken")
    start = int(token)
    if start + size >= len(items):
        return items[start:], {}
    query = urlencode({**request.query, "$skiptoken": start + size})
    host = request.headers.get("host", "management.azure.com")
    return items[start : start + size], {"nextLink": f"https://{host}{request.path}?{query}"}
