"""The plugin's process: serves until the engine ends it or is gone, and prints the port, as the engine expects."""

from __future__ import annotations

import contextlib
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

import grpc

from offline.plugin.service import AzureNative, register

_LIMIT = 400 * 1024 * 1024
"""Bytes a message may have: the engine's own limit."""


def main() -> int:
    """Serves; the exit code says whether it could start."""
    state = os.environ.get("OFFLINE_AZURE")
    if not state:
        print(
            "the stand-in for azure-native keeps its Azure in a file: set OFFLINE_AZURE to its path (python -m offline run -- does)",
            file=sys.stderr,
        )
        return 1
    options = [("grpc.max_receive_message_length", _LIMIT), ("grpc.max_send_message_length", _LIMIT)]
    server = grpc.server(ThreadPoolExecutor(max_workers=32), options=options)
    register(server, AzureNative(version("pulumi-azure-native"), Path(state)))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    # An engine that is killed ends nobody: without this its plugins would live on.
    engine = os.getppid()
    with contextlib.suppress(KeyboardInterrupt):  # how the engine ends a plugin that it started for its schema alone
        while os.getppid() == engine and server.wait_for_termination(timeout=1):
            pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
