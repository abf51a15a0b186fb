"""azure-core's own transport, with the offline Azure in process in place of sockets, and no pauses."""

import io
import json
from collections.abc import Callable
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import requests
from azure.core.credentials import AccessToken
from azure.core.pipeline.transport import RequestsTransport
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse
from urllib3.exceptions import ProtocolError

from azure_scaleset.rollout.arm import Arm
from offline.arm.app import Azure
from offline.arm.faults import AnswerLost
from offline.arm.http import Request, Response
from offline.arm.store import Store

ENDPOINT = "https://management.azure.com"


class Killed(BaseException):
    """The process ends here."""


class Wire(BaseAdapter):
    """Hands requests to the offline Azure. It counts them, and calls `before` and `after` of each."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        self._azure = Azure(store)
        self.calls: list[tuple[str, str]] = []
        """(method, path) of each call so far."""
        self.before: Callable[[int], None] = lambda number: None
        """Called with the number of a call, counted from 0, before Azure hears of it."""
        self.after: Callable[[int], None] = lambda number: None
        """The same when Azure has carried it out."""

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        """Azure's answer. A lost one is a connection that breaks."""
        parts = urlsplit(str(request.url))
        body = json.loads(request.body) if isinstance(request.body, str | bytes) else None
        asked = Request(str(request.method), unquote(parts.path), dict(parse_qsl(parts.query)), body, {"host": parts.netloc})
        number = len(self.calls)
        self.calls.append((asked.method, asked.path))
        self.before(number)
        try:
            answer = self._azure.handle(asked)
        except AnswerLost as lost:
            raise requests.ConnectionError(ProtocolError("Connection aborted.", lost)) from lost
        self.after(number)
        return self._response(request, answer)

    def count(self, method: str) -> int:
        """How many calls had this method."""
        return sum(each == method for each, _ in self.calls)

    def close(self) -> None:
        """Nothing is open."""

    def _response(self, request: requests.PreparedRequest, answer: Response) -> requests.Response:
        response = requests.Response()
        response.request, response.url, response.status_code = request, str(request.url), answer.status
        content = b"" if answer.body is None else json.dumps(answer.body).encode()
        response.raw = HTTPResponse(io.BytesIO(content), preload_content=False)
        headers = {"Content-Type": "application/json; charset=utf-8", "Date": format_datetime(self._store.now(), usegmt=True)}
        response.headers.update({**headers, **answer.headers})
        return response


class Transport(RequestsTransport):  # type: ignore[misc] # azure-core loads it late
    """Sends by a wire; its pauses take no time, here or in the offline Azure, whose clock goes on at each poll."""

    def __init__(self, wire: Wire) -> None:
        session = requests.Session()
        session.mount("https://", wire)
        super().__init__(session=session, session_owner=False)
        self.pauses = 0
        """How often something has waited."""

    def sleep(self, duration: float) -> None:
        """Doesn't."""
        self.pauses += 1


class WaitingTransport(Transport):
    """One whose pauses go by on the offline Azure's clock."""

    def __init__(self, wire: Wire, store: Store) -> None:
        super().__init__(wire)
        self._store = store

    def sleep(self, duration: float) -> None:
        """So long."""
        super().sleep(duration)
        self._store.advance(duration)


class Credential:
    """A token that nobody looks at."""

    def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        """The token."""
        return AccessToken("token", 2**40)


def connect(wire: Wire, transport: Transport | None = None) -> Arm:
    """A connection to the Azure behind the wire. *transport*: when it must be another than the one that doesn't wait."""
    return Arm(ENDPOINT, f"{ENDPOINT}/.default", Credential(), transport or Transport(wire))
