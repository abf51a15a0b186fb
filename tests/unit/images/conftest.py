"""An offline Azure with a workshop for machines and images, and the library's connection to it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from azure_scaleset.rollout.arm import Arm
from offline.arm.store import Store
from tests.unit.offline.arm import GROUP
from tests.unit.offline.arm import Arm as OfflineArm
from tests.unit.offline.images.workshop import Workshop
from tests.unit.rollout.transport import Wire, connect


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty Azure."""
    opened = Store(tmp_path / "azure.sqlite")
    yield opened
    opened.close()


@pytest.fixture
def workshop(store: Store) -> Workshop:
    """An Azure with a resource group and a network."""
    arm = OfflineArm(store)
    arm.made(GROUP, {"location": "westeurope"})
    return Workshop(arm)


@pytest.fixture
def wire(store: Store) -> Wire:
    """The way to that Azure, which counts the calls."""
    return Wire(store)


@pytest.fixture
def arm(wire: Wire) -> Arm:
    """The library's connection."""
    return connect(wire)
