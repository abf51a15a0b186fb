"""The offline Azure over https, for clients that know nothing of it: Azure's SDK and command line.

Two listeners on the loopback address: https for ARM and blobs, plain http for the managed-identity endpoint.
"""

from __future__ import annotations

import json
import secrets
import signal
import socket
import ssl
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from offline import blob_http, lenient_json, tls, tokens, workspace
from offline.arm.app import Azure
from offline.arm.errors import ArmError, bad_request
from offline.arm.faults import AnswerLost
from offline.arm.http import Request, Response
from offline.arm.store import Store
from offline.arm.tenant import AUDIENCE

_LOOPBACK = "127.0.0.1"
_OPEN_PATHS = ("/metadata/endpoints", "/aliases.json")
"""What clients read before they have a token."""


class NotServing(Exception):
    """No server runs for this home."""


def serve(home: Path, port: int) -> None:
    """Serves until SIGTERM or SIGINT, and lets `environment` find it. `port` 0 takes any free one; raises OSError when the port is taken."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with running(home, port) as variables:
        file = _serving_file(home)
        file.write_text(json.dumps(variables))
        file.chmod(0o600)
        try:
            stop.wait()
        finally:
            file.unlink(missing_ok=True)


@contextmanager
def running(home: Path, port: int = 0) -> Iterator[dict[str, str]]:
    """A server for as long as the context lasts; gives the variables with which clients find it. Several may run for one home."""
    header = secrets.token_hex(16)
    store = Store(workspace.azure_file(home))  # made here, so that the first requests do not race for it
    store.close()
    arm = _listener(port, type("ArmHandler", (_ArmHandler,), {"home": home}))
    arm.socket = tls.server_context(home).wrap_socket(arm.socket, server_side=True, do_handshake_on_connect=False)
    identity = _listener(0, type("IdentityHandler", (_IdentityHandler,), {"home": home, "secret": header}))
    threads = [threading.Thread(target=server.serve_forever) for server in (arm, identity)]
    for thread in threads:
        thread.start()
    host = f"localhost:{arm.server_address[1]}"
    try:
        yield {
            "OFFLINE_ARM_ENDPOINT": f"https://{host}",
            "OFFLINE_AUDIENCE": AUDIENCE,
            # By these azure-native's users name another cloud, and certificate authorities of their own.
            "ARM_METADATA_HOSTNAME": host,
            "REQUESTS_CA_BUNDLE": str(tls.trusted_file(home)),
            "IDENTITY_ENDPOINT": f"http://{_LOOPBACK}:{identity.server_address[1]}/msi/token",
            "IDENTITY_HEADER": header,
        }
    finally:
        for server, thread in zip((arm, identity), threads, strict=True):
            server.shutdown()
            server.server_close()
            thread.join()


def environment(home: Path) -> dict[str, str]:
    """The variables with which clients find the `serve` that runs for a home; raises NotServing when there is none."""
    try:
        variables: dict[str, str] = json.loads(_serving_file(home).read_text())
        port = urlsplit(variables["OFFLINE_ARM_ENDPOINT"]).port
        socket.create_connection((_LOOPBACK, port), timeout=5).close()
    except (FileNotFoundError, ConnectionError) as error:
        raise NotServing(f"No server runs for '{home}': start one with `python -m offline serve`.") from error
    return variables


def _serving_file(home: Path) -> Path:
    return home / "serve.json"


class Listener(ThreadingHTTPServer):
    """One thread a connection."""

    daemon_threads = True  # a client that keeps its connection open does not keep the server

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that is gone before its answer, killed for example, is no error of the server's. Others are printed with their trace."""
        if not isinstance(sys.exception(), (ConnectionError, ssl.SSLEOFError)):
            super().handle_error(request, client_address)


def _listener(port: int, handler: type[BaseHTTPRequestHandler]) -> Listener:
    return Listener((_LOOPBACK, port), handler)


class _Handler(BaseHTTPRequestHandler):
    """What both listeners share. A request has its own store: SQLite keeps requests and processes apart."""

    home: Path
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: the event log of the store has what happened."""

    def date_time_string(self, timestamp: float | None = None) -> str:
        """What the `Date` header of every answer says: the virtual time."""
        with closing(Store(workspace.azure_file(self.home))) as store:
            return format_datetime(store.now(), usegmt=True)

    def lower_headers(self) -> dict[str, str]:
        """The headers, names in lower case."""
        return {name.lower(): value for name, value in self.headers.items()}

    def send(self, status: int, content: bytes, headers: dict[str, str]) -> None:
        """Sends an answer whole."""
        self.send_response(status)
        for name, value in {"x-ms-request-id": secrets.token_hex(8), **headers}.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def send_arm(self, response: Response) -> None:
        """Sends an answer of ARM."""
        answer = response.body if response.items is None else response.items
        content = b"" if answer is None else json.dumps(answer).encode()
        self.send(response.status, content, {"Content-Type": "application/json; charset=utf-8", **response.headers})


class _ArmHandler(_Handler):
    def _answer(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        call = blob_http.Call(self.command, self.path, self.lower_headers(), content)
        url = blob_http.url_of(call)
        with closing(Store(workspace.azure_file(self.home))) as store:
            try:
                if url is not None:
                    answer = blob_http.handle(store, call, url)
                    self.send(answer.status, answer.content, answer.headers)
                else:
                    self.send_arm(Azure(store).handle(_authenticated(store, call)))
            except AnswerLost:
                self.close_connection = True
            except ArmError as refusal:
                response = refusal.response()
                challenge = {"WWW-Authenticate": f'Bearer authorization_uri="https://{self.headers.get("Host")}/", error="invalid_token"'}
                self.send_arm(Response(response.status, response.body, challenge if refusal.status == 401 else {}))

    do_GET = do_HEAD = do_PUT = do_PATCH = do_POST = do_DELETE = _answer


def _authenticated(store: Store, call: blob_http.Call) -> Request:
    """The request, when its token is good and its body is JSON."""
    parts = urlsplit(call.target)
    if parts.path.rstrip("/").lower() not in _OPEN_PATHS:
        tokens.principal_of(store, call.headers, tokens.ARM_AUDIENCES)
    try:
        body = lenient_json.read(call.content) if call.content else None
    except ValueError as error:
        raise bad_request("InvalidRequestContent", f"The request content was invalid and could not be deserialized: '{error}'.") from error
    if body is not None and not isinstance(body, dict):
        raise bad_request("InvalidRequestContent", "The request content is no JSON object.")
    return Request(call.method, unquote(parts.path), dict(parse_qsl(parts.query)), body, dict(call.headers))


class _IdentityHandler(_Handler):
    secret: str

    def do_GET(self) -> None:
        """A token, for who knows the header."""
        if not secrets.compare_digest(self.headers.get("X-IDENTITY-HEADER", ""), self.secret):
            self.send_arm(ArmError(401, "Unauthorized", "The X-IDENTITY-HEADER is missing or wrong.").response())
            return
        with closing(Store(workspace.azure_file(self.home))) as store:
            try:
                self.send_arm(Response(200, tokens.issue(store, dict(parse_qsl(urlsplit(self.path).query)))))
            except ArmError as refusal:
                self.send_arm(refusal.response())
