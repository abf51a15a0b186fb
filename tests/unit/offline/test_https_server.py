"""What the server prints."""

import ssl
from http.server import BaseHTTPRequestHandler

import pytest

from offline.https_server import Listener


@pytest.mark.parametrize(
    ("error", "printed"),
    [(BrokenPipeError("gone"), False), (ssl.SSLEOFError("gone"), False), (ssl.SSLError("bad"), True), (KeyError("a defect"), True)],
)
def test_only_errors_of_its_own_are_printed(error: Exception, printed: bool, capsys: pytest.CaptureFixture[str]) -> None:
    """A client that was killed leaves no trace in the terminal; what went wrong in the server does."""
    with Listener(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        try:
            raise error
        except Exception:
            server.handle_error(None, ("127.0.0.1", 1))

    assert (repr(error)[:5] in capsys.readouterr().err) == printed
