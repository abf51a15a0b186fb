"""One project a test, all on the engine that set-up installed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from offline import workspace
from tests.engine.project import Project


@pytest.fixture
def make_project(tmp_path: Path) -> Callable[[str], Project]:
    """Makes a project for a stack."""
    assert workspace.is_set_up(), "The engine is not set up in this checkout. Run: make setup"
    return lambda stack: Project.make(tmp_path, stack)
