"""Calls to the offline Azure, answered in this process."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from offline.arm.http import Json, Request, Response
from offline.arm.store import Store
from offline.plugin.first_use import ONE_IMPORT

if TYPE_CHECKING:
    from offline.arm.app import Azure


_TRIED_AGAIN = (408, 429, 500, 502, 503, 504)
_TRIES = 4
"""How often a call is sent, the first time included (what Azure's Go SDK does where nothing else is set)."""


class AzureError(Exception):
    """A refusal of Azure, in azure-native's words. `accepted`: Azure took the write and failed afterwards."""

    def __init__(self, error: Json, status: int | None = None, accepted: bool = False) -> None:
        text = f'Code="{error.get("code", "")}" Message="{error.get("message", "")}"'
        text = text if status is None else f"Status={status} {text}"
        # Azure puts the first of several problems into the message; the rest is in the details only.
        details = error.get("details") or []
        super().__init__(text + (f" Details={json.dumps(details)}" if len(details) > 1 or (accepted and details) else ""))
        self.status = status
        self.code = error.get("code", "")
        self.accepted = accepted


class Client:
    """The offline Azure in a state file. Every thread has a connection of its own."""

    def __init__(self, state: Path) -> None:
        self._state = state
        self._local = threading.local()

    @property
    def store(self) -> Store:
        """This thread's connection to the state."""
        if not hasattr(self._local, "store"):
            self._local.store = Store(self._state)
        store: Store = self._local.store
        return store

    def get(self, resource_id: str, api_version: str) -> Json | None:
        """A resource, or None if Azure answers 404."""
        response = self._call("GET", resource_id, api_version)
        return None if response.status == 404 else _body(response)

    def read(self, resource_id: str, api_version: str) -> Json:
        """A resource that must be there."""
        return _body(self._call("GET", resource_id, api_version))

    def put(self, resource_id: str, api_version: str, body: Json) -> None:
        """Writes a resource and waits until Azure is done with it."""
        self._wait(self._call("PUT", resource_id, api_version, body))

    def post(self, url: str, api_version: str, body: Json) -> Json:
        """Calls an action."""
        return _body(self._call("POST", url, api_version, body))

    def delete(self, resource_id: str, api_version: str) -> None:
        """Removes a resource and waits; one that is gone already is fine."""
        response = self._call("DELETE", resource_id, api_version)
        if response.status != 404:
            self._wait(response)

    def _call(self, method: str, path: str, api_version: str, body: Json | None = None) -> Response:
        return self._sent(Request(method, path, {"api-version": api_version}, body))

    def _sent(self, request: Request) -> Response:
        """The answer. Like azure-native's client, it tries a call again that is refused for now, or whose connection broke."""
        for _ in range(_TRIES - 1):
            try:
                response = self._azure.handle(request)
            except ConnectionResetError:
                continue
            if response.status not in _TRIED_AGAIN:
                return response
        return self._azure.handle(request)

    @property
    def _azure(self) -> Azure:
        # The ARM server brings the models of all services; a preview often needs few of them.
        with ONE_IMPORT:
            from offline.arm.app import Azure

        return Azure(self.store)

    def _wait(self, response: Response) -> None:
        _body(response)
        url = {name.lower(): value for name, value in response.headers.items()}.get("azure-asyncoperation")
        while url:
            # Nothing sleeps: each poll moves the virtual clock on.
            operation = _body(self._sent(Request.to("GET", url)))
            if operation["status"] in ("Failed", "Canceled"):
                raise AzureError(operation.get("error") or {}, accepted=True)
            if operation["status"] == "Succeeded":
                return


def _body(response: Response) -> Json:
    if response.status >= 400:
        raise AzureError((response.body or {}).get("error") or {}, response.status)
    return response.body or {}
