"""A fresh offline Azure for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.rollout.world import Site


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """An Azure without a scale set."""
    made = Site(tmp_path)
    yield made
    made.world.store.close()
