"""A fresh workshop for each test."""

import pytest

from tests.unit.offline.arm import Arm
from tests.unit.offline.images.workshop import Workshop


@pytest.fixture
def workshop(arm: Arm) -> Workshop:
    """An Azure with a network."""
    return Workshop(arm)
