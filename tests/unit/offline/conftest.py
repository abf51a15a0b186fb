"""An empty offline Azure with one resource group."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from offline.arm.store import Store
from tests.unit.offline.arm import Arm


@pytest.fixture
def arm(tmp_path: Path) -> Iterator[Arm]:
    """The Azure of a test."""
    store = Store(tmp_path / "azure.sqlite")
    azure = Arm(store)
    azure.made("", {"location": "westeurope"})
    yield azure
    store.close()
