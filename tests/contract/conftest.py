"""A server of the offline Azure, and the clients of Azure's Python SDK against it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from azure.identity import ManagedIdentityCredential

from offline.https_server import running

SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The variables of a server with an empty Azure; they are set in this process too, because the SDK reads them there."""
    home: Path = tmp_path_factory.mktemp("home")
    with running(home) as environment, pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("AZURE_", "IDENTITY_", "MSI_"))]:
            patch.delenv(name)
        for name, value in environment.items():
            patch.setenv(name, value)
        yield environment


@pytest.fixture
def client_options(served: dict[str, str]) -> dict[str, object]:
    """The arguments that every client of Azure's SDK takes to speak with the server instead of the real Azure."""
    return {
        "credential": ManagedIdentityCredential(),
        "base_url": served["OFFLINE_ARM_ENDPOINT"],
        "credential_scopes": [served["OFFLINE_AUDIENCE"] + ".default"],
    }
