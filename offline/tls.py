"""The certificates of the offline Azure: a CA of its own, made once in the home and trusted by nobody but who asks."""

from __future__ import annotations

import os
import ssl
import tempfile
from pathlib import Path

import trustme

_NAMES = ("localhost", "127.0.0.1", "*.blob.core.windows.net")


def ca_file(home: Path) -> Path:
    """Where the CA certificate is (PEM): what clients get as `REQUESTS_CA_BUNDLE`."""
    return home / "tls" / "ca.pem"


def server_context(home: Path) -> ssl.SSLContext:
    """The TLS settings of the server; makes CA and certificate where there are none."""
    if not ca_file(home).exists():
        _make(home / "tls")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(home / "tls" / "server.pem")
    return context


def _make(folder: Path) -> None:
    """Writes both files into a folder beside and moves it into place, so that a killed process leaves all or nothing."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    authority = trustme.CA()
    with tempfile.TemporaryDirectory(dir=folder.parent) as made:
        beside = Path(made) / "tls"
        beside.mkdir(mode=0o700)
        authority.cert_pem.write_to_path(beside / "ca.pem")
        authority.issue_cert(*_NAMES).private_key_and_cert_chain_pem.write_to_path(beside / "server.pem")
        os.chmod(beside / "server.pem", 0o600)
        try:
            beside.rename(folder)
        except OSError:
            if not folder.is_dir():  # else another process was first, and its files are as good
                raise
