"""A fresh offline Azure for each test."""

from pathlib import Path

import pytest

from tests.unit.offline.compute.world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    """An Azure with a resource group and a network."""
    return World(tmp_path)
