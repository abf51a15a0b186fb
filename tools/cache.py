"""What is kept for all checkouts of this machine: one folder each, made once."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def folder(name: str) -> Path:
    """Where something of this name and version is kept. Its parent exists afterwards."""
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "azure-scaleset"
    root.mkdir(parents=True, exist_ok=True)
    return root / name


@contextmanager
def alone(of: Path) -> Iterator[None]:
    """Holds the lock of a folder of the cache. The system lets go of it when the process ends, however it ends."""
    with of.with_name(f"{of.name}.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"Another set-up on this machine is getting {of.name}: waiting for it.", flush=True)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
