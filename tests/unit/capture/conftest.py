"""A VM on the offline Azure, and captures of it in this process."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from offline.arm.store import Store
from tests.unit.capture.bench import Bench
from tests.unit.offline.arm import Arm


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """An Azure without any VM."""
    store = Store(tmp_path / "azure.sqlite")
    arm = Arm(store)
    arm.made("", {"location": "westeurope"})
    yield Bench(arm)
    store.close()
