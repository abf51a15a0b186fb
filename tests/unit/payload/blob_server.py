"""A web server that stands for the instance metadata service and for blob storage."""

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOKEN = "eyJ0b2tlbg.of-this-test_only"


class BlobServer:
    """Answers with what a test orders, and records what was asked."""

    def __init__(self, archive: bytes) -> None:
        self.archive = archive
        self.blob_statuses: list[int] = []
        """Statuses of the next downloads; 0 breaks the transfer off; 200 when there are no more."""
        self.token_statuses: list[int] = []
        """Likewise for the token."""
        self.asked: list[tuple[str, str | None, str | None, str | None]] = []
        """Of each request: path, and the headers Metadata, Authorization, x-ms-version."""
        self.address = ""

    @property
    def url(self) -> str:
        """Address of the archive."""
        return f"{self.address}/payload/app.tar"

    @property
    def sha256(self) -> str:
        """The archive's digest."""
        return hashlib.sha256(self.archive).hexdigest()

    def downloads(self) -> int:
        """How often the archive was asked for."""
        return sum(path == "/payload/app.tar" for path, *_ in self.asked)


@contextmanager
def serve(archive: bytes) -> Iterator[BlobServer]:
    """Serves *archive* on a free port."""
    state = BlobServer(archive)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            headers = self.headers
            state.asked.append((self.path, headers["Metadata"], headers["Authorization"], headers["x-ms-version"]))
            if self.path.startswith("/metadata/"):
                body = json.dumps({"access_token": TOKEN, "token_type": "Bearer"}).encode()
                self.answer(state.token_statuses.pop(0) if state.token_statuses else 200, body)
            else:
                self.answer(state.blob_statuses.pop(0) if state.blob_statuses else 200, state.archive)

        def answer(self, status: int, body: bytes) -> None:
            self.send_response(status or 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body if status else body[: len(body) // 2])

        def log_message(self, format: str, *args: object) -> None:
            """Keeps the test's output quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
