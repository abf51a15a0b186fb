"""What all tests share."""

import asyncio
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings


@pytest.fixture(autouse=True)
def event_loop_of_its_own() -> Iterator[None]:
    """Pulumi's outputs need a loop in the thread, which `asyncio.run` in an earlier test has taken away."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield
    loop.close()


# Nothing is timed in tests: the machine may be busy.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")
