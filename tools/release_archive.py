"""Pulumi's own release archive: the engine and all its language hosts."""

import hashlib
import io
import platform
import tarfile
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from tools.errors import SetupError

_CONNECT_SECONDS = 5.0
_ARCHITECTURES = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}

Fetch = Callable[[str], bytes]
"""The content of a URL. Raises OSError when it can't be had."""


def archive_name(version: str) -> str | None:
    """The name of the archive for this machine, or None where Pulumi publishes none."""
    architecture = _ARCHITECTURES.get(platform.machine().lower())
    system = platform.system().lower()
    if architecture is None or system not in ("linux", "darwin"):
        return None
    return f"pulumi-v{version}-{system}-{architecture}.tar.gz"


def install(version: str, name: str, into: Path, fetch: Fetch) -> bool:
    """Puts the programs of the archive into the folder `into`; False where it can't be reached.

    Raises SetupError when what came is not what the release's checksum file says.
    """
    try:
        checksums = fetch(f"https://github.com/pulumi/pulumi/releases/download/v{version}/pulumi-{version}-checksums.txt").decode()
        archive = fetch(f"https://get.pulumi.com/releases/sdk/{name}")
    except OSError:
        return False
    expected = {parts[1]: parts[0] for line in checksums.splitlines() if len(parts := line.split()) == 2}.get(name)
    actual = hashlib.sha256(archive).hexdigest()
    if actual != expected:
        raise SetupError(
            f"The downloaded {name} has the sha256 {actual}; the release's checksum file says {expected or 'nothing about it'}. "
            "Nothing was installed. Try again, or install Pulumi yourself: https://www.pulumi.com/docs/install/"
        )
    _unpack(archive, into)
    return True


def fetch(url: str) -> bytes:
    """The content of a URL, over the proxy that the environment names."""
    with urllib.request.urlopen(url, timeout=_CONNECT_SECONDS) as response:
        content: bytes = response.read()
    return content


def _unpack(archive: bytes, into: Path) -> None:
    """All files of the archive are programs in one folder: only their last names are used, so none can land elsewhere."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        for member in files:
            content = files.extractfile(member) if member.isfile() else None
            if content is not None:
                target = into / PurePosixPath(member.name).name
                target.write_bytes(content.read())
                target.chmod(0o755)
