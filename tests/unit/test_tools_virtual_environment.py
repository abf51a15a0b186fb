"""When the virtual environment is installed anew."""

from pathlib import Path

import pytest

from tools import virtual_environment


@pytest.fixture
def installs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A checkout with a working environment and nothing installed; gives the titles of the installations that were run."""
    for name in ("requirements.txt", "requirements-dev.txt", "components/pyproject.toml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "venv/bin").mkdir(parents=True)
    (tmp_path / "venv/bin/python").write_text("#!/bin/sh\n")
    (tmp_path / "venv/bin/python").chmod(0o755)
    monkeypatch.setattr("tools.virtual_environment.CHECKOUT", tmp_path)
    monkeypatch.setattr("tools.virtual_environment.VIRTUAL_ENVIRONMENT", tmp_path / "venv")
    monkeypatch.setattr("tools.virtual_environment.STAMP", tmp_path / "venv/.requirements")
    ran: list[str] = []
    monkeypatch.setattr("tools.progress.run", lambda title, *_, **__: ran.append(title))
    return ran


def test_second_run_installs_nothing(installs: list[str]) -> None:
    """What is installed is not installed again."""
    virtual_environment.ensure()
    virtual_environment.ensure()

    assert installs == ["Python packages"]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "components/pyproject.toml"])
def test_changed_requirements_are_installed(installs: list[str], tmp_path: Path, name: str) -> None:
    """Each file that decides what is installed makes the next set-up install."""
    virtual_environment.ensure()
    (tmp_path / name).write_text("changed")
    virtual_environment.ensure()

    assert installs == ["Python packages"] * 2
