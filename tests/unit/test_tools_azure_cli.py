"""The Azure CLI of the cache."""

from pathlib import Path

import pytest

from tools import azure_cli
from tools.errors import SetupError


@pytest.fixture
def installs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """An empty cache; gives the packages that were installed."""
    ran: list[str] = []
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr("tools.azure_cli.subprocess.run", lambda command, **_: Path(command[-1]).mkdir())
    monkeypatch.setattr("tools.progress.run", lambda title, command, **_: ran.append(command[-1]))
    return ran


def test_it_is_installed_once(installs: list[str], tmp_path: Path) -> None:
    """In a folder with both versions, at the pinned one."""
    az = [azure_cli.ensure(), azure_cli.ensure()]
    assert installs == [f"azure-cli=={azure_cli.VERSION}"]
    assert az == [azure_cli.folder() / "bin" / "az"] * 2
    assert azure_cli.folder().is_relative_to(tmp_path)


def test_half_an_installation_is_made_anew(installs: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """What was left by one that failed is removed first."""

    def fail(*_: object, **__: object) -> None:
        (azure_cli.folder() / "half").touch()
        raise SetupError("no network")

    with monkeypatch.context() as patch:
        patch.setattr("tools.progress.run", fail)
        with pytest.raises(SetupError, match="no network"):
            azure_cli.ensure()
    assert not azure_cli.is_installed()
    azure_cli.ensure()
    assert (azure_cli.is_installed(), (azure_cli.folder() / "half").exists()) == (True, False)
