"""Azure Resource Manager over https: retries, tokens and paging are azure-core's."""

import email.utils
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from azure.core import PipelineClient
from azure.core.credentials import TokenCredential
from azure.core.pipeline.policies import BearerTokenCredentialPolicy, RetryPolicy, UserAgentPolicy
from azure.core.pipeline.transport import HttpTransport, RequestsTransport
from azure.core.rest import HttpRequest, HttpResponse

API_VERSION = "2024-11-01"
"""Of Microsoft.Compute: the one that azure-native 3.29 uses for scale sets."""
DISK_API_VERSION = "2024-03-02"
"""Of Microsoft.Compute/disks."""
NETWORK_API_VERSION = "2024-05-01"
"""Of Microsoft.Network."""
POLL_SECONDS = 10.0
"""Between two looks at what Azure is doing, where its answer has no Retry-After."""


_SECONDS_TO_CONNECT = 5
_RETRIES = 6
"""Tries of a call after the first one: by azure-core's pauses, about a minute."""


class ArmError(Exception):
    """A refusal of Azure."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.status = status
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Operation:
    """How something that was started goes."""

    over: bool
    error: str | None = None
    """Azure's code and message, when it failed."""
    output: str = ""
    """What a command that ran on an instance wrote."""
    ended: datetime | None = None
    """When it was over, where Azure tells."""


class Arm:
    """Calls of one Resource Manager."""

    def __init__(
        self,
        endpoint: str,
        scope: str,
        credential: TokenCredential,
        transport: "HttpTransport[Any, Any] | None" = None,
        *,
        patient: bool = True,
    ) -> None:
        """*endpoint*: as `https://management.azure.com`. *scope*: of the token, as `https://management.azure.com/.default`. *transport*: azure-core's,
        when it must be another than the default one. *patient*: tries for a minute; otherwise once, for some seconds."""
        # A rollout outlasts a minute in which Azure doesn't answer; a preview goes on without it.
        retries = _RETRIES if patient else 0
        retry = RetryPolicy(retry_total=retries + 4, retry_connect=retries, retry_read=retries, retry_status=retries)
        policies: list[Any] = [UserAgentPolicy("azure-scaleset"), retry, BearerTokenCredentialPolicy(credential, scope)]
        self._transport: HttpTransport[Any, Any] = transport or RequestsTransport(
            connection_timeout=300 if patient else _SECONDS_TO_CONNECT
        )
        self._client: PipelineClient[Any, Any] = PipelineClient(endpoint, policies=policies, transport=self._transport)
        self._endpoint = endpoint.rstrip("/")
        self._retry_after: float | None = None
        self.now = datetime.now(UTC)
        """Azure's time, as of its last answer."""
        self.calls = 0
        """How many calls were made, retries not counted."""

    def get(self, path: str, api_version: str = API_VERSION, **query: str) -> dict[str, Any]:
        """GET of a resource. Raises `ArmError`."""
        return self._body(self._send("GET", path, {"api-version": api_version, **query}))

    def follow(self, address: str) -> dict[str, Any]:
        """GET of an address that Azure gave: of an operation, of a next page. Empty where the answer has no content; an operation that only its status
        tells to be in progress (202) is shown as one that says so."""
        response = self._send("GET", address, {})
        return {"status": "InProgress"} if response.status_code == 202 else self._body(response)

    def values(self, path: str, api_version: str = API_VERSION, **query: str) -> Iterator[dict[str, Any]]:
        """The items of a list, page after page."""
        answer = self.get(path, api_version, **query)
        while True:
            yield from answer.get("value", ())
            following = answer.get("nextLink")
            if not following:
                return
            answer = self.follow(following)

    def post(self, path: str, body: Mapping[str, Any] | None = None, api_version: str = API_VERSION, **query: str) -> str | None:
        """Starts an action; gives the address that tells how it goes, or None when it is over already."""
        return self._operation(self._send("POST", path, {"api-version": api_version, **query}, body))

    def ask(self, path: str, body: Mapping[str, Any] | None = None, api_version: str = API_VERSION) -> dict[str, Any]:
        """POST of an action that only tells something; gives its answer. Raises `ArmError`."""
        return self._body(self._send("POST", path, {"api-version": api_version}, body))

    def put(self, path: str, body: Mapping[str, Any], api_version: str = API_VERSION) -> str | None:
        """Writes a resource; gives the address that tells how it goes, or None when it is over already."""
        return self._operation(self._send("PUT", path, {"api-version": api_version}, body))

    def delete(self, path: str, api_version: str = API_VERSION) -> str | None:
        """Deletes a resource; gives the address that tells how it goes, or None when it is over already."""
        return self._operation(self._send("DELETE", path, {"api-version": api_version}))

    def patch(self, path: str, body: Mapping[str, Any]) -> str | None:
        """Changes a resource; gives the address that tells how it goes, or None when it is over already."""
        return self._operation(self._send("PATCH", path, {"api-version": API_VERSION}, body))

    def operation(self, address: str) -> Operation:
        """How something that was started goes."""
        body = self.follow(address)
        status = str(body.get("status", "Succeeded"))
        error = body.get("error") or {}
        text = f"{error.get('code', 'Failed')}: {error.get('message', '')}" if status in ("Failed", "Canceled") else None
        written = ((body.get("properties") or {}).get("output") or {}).get("value") or ()
        ended = datetime.fromisoformat(body["endTime"]) if body.get("endTime") else None
        output = "\n".join(str(each.get("message", "")) for each in written)
        return Operation(status in ("Succeeded", "Failed", "Canceled"), text, output, ended)

    def pause(self, at_most: float = POLL_SECONDS) -> None:
        """Waits as long as Azure's last answer asks; where it asks for no time, some seconds. *at_most*: how many, when there is something to see earlier."""
        self._transport.sleep(min(at_most, POLL_SECONDS) if self._retry_after is None else self._retry_after)

    def _send(self, method: str, address: str, query: Mapping[str, str], body: Mapping[str, Any] | None = None) -> HttpResponse:
        url = address if address.startswith("https://") else self._endpoint + address
        self.calls += 1
        response: HttpResponse = self._client.send_request(HttpRequest(method, url, params=dict(query), json=body))
        if response.status_code == 401:
            # A token can end before the credential thinks so. azure-core has dropped it, and asks for another when the call is made again.
            response = self._client.send_request(HttpRequest(method, url, params=dict(query), json=body))
        date = response.headers.get("Date")
        if date:
            self.now = email.utils.parsedate_to_datetime(date).astimezone(UTC)
        self._retry_after = _seconds(response.headers.get("Retry-After"))
        if response.status_code >= 400:
            error = _error(response)
            raise ArmError(response.status_code, str(error.get("code", response.status_code)), str(error.get("message", response.reason)))
        return response

    @staticmethod
    def _body(response: HttpResponse) -> dict[str, Any]:
        body: dict[str, Any] = response.json() if response.content else {}
        return body

    @staticmethod
    def _operation(response: HttpResponse) -> str | None:
        return response.headers.get("Azure-AsyncOperation") or (response.headers.get("Location") if response.status_code == 202 else None)


def _seconds(retry_after: str | None) -> float | None:
    try:
        return float(retry_after) if retry_after else None
    except ValueError:  # an HTTP date, which Resource Manager doesn't send
        return None


def _error(response: HttpResponse) -> dict[str, Any]:
    try:
        body = json.loads(response.text())
    except ValueError:
        return {"message": response.text()[:500]}
    error = body.get("error", body) if isinstance(body, dict) else {}
    return error if isinstance(error, dict) else {"message": str(error)}
