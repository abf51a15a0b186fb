"""One project a test, all on the engine that set-up installed."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from offline import https_server, workspace
from tests.engine.project import Project, home


@pytest.fixture
def server(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The variables of a server with an empty Azure, whose home is below the test's folder."""
    assert workspace.is_set_up(), "The engine is not set up in this checkout. Run: make setup"
    home(tmp_path).mkdir()
    with https_server.running(home(tmp_path)) as variables:
        yield variables


@pytest.fixture
def make_project(tmp_path: Path, server: dict[str, str]) -> Callable[[str], Project]:
    """Makes a project for a stack."""
    return lambda stack: Project.make(tmp_path, stack, server)
