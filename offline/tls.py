"""The certificates of the offline Azure: a CA of its own, made once in the home and trusted by nobody but who asks.

In `tls/` of the home: `ca.pem`, the certificate of the CA; `server.pem`, key and certificate of the server; `trusted.pem`, what its clients trust.
"""

from __future__ import annotations

import os
import ssl
import tempfile
from pathlib import Path

import certifi
import trustme

_NAMES = ("localhost", "127.0.0.1", "*.blob.core.windows.net")


def server_context(home: Path) -> ssl.SSLContext:
    """The TLS settings of the server; makes CA and certificate where there are none."""
    folder = home / "tls"
    if not (folder / "ca.pem").exists():
        _make(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    return context


def trusted_file(home: Path) -> Path:
    """Writes what clients get as `REQUESTS_CA_BUNDLE` (PEM), and gives its place: the CA, and the roots that they would trust without it.

    The variable takes the place of the roots, and is obeyed by programs that have to do with the world as well, as the `pip` of `pulumi install`. Needs
    the CA: see `server_context`.
    """
    place = home / "tls" / "trusted.pem"
    content = (home / "tls" / "ca.pem").read_bytes() + _roots(place).read_bytes()
    with tempfile.NamedTemporaryFile(dir=place.parent, delete=False) as beside:
        beside.write(content)
    os.replace(beside.name, place)  # whole, because clients of another server of this home may read it now
    return place


def _roots(own: Path) -> Path:
    """As `requests` chooses them: the file that the variable names, which a company's proxy needs, else certifi's."""
    given = Path(os.environ.get("REQUESTS_CA_BUNDLE") or certifi.where())
    return given if given.is_file() and given.resolve() != own.resolve() else Path(certifi.where())


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
