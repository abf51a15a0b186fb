"""The Windows apps, as far as they can be judged without Windows: what the library reads in them."""

from pathlib import Path

import pytest

from azure_scaleset.payload.dsc import configurations_in, dsc_archive
from azure_scaleset.payload.text import read_text
from azure_scaleset.payload.windows_bootstrap import inline
from tests.unit.payload.powershell import syntax_errors

APPS = Path(__file__).parents[3] / "apps"


def test_dsc_app_is_a_package() -> None:
    """The script lies at the root of its archive and declares the document's configuration."""
    source = APPS / "windows-dsc" / "configure-http.ps1"
    assert dsc_archive(source, None)[1] == "configure-http.ps1"
    assert configurations_in(read_text(source)) == ["WebsiteTest"]


def test_script_app_fits_into_a_command_line() -> None:
    """The installer is small enough to need no storage."""
    assert inline(read_text(APPS / "windows-script" / "install-iis.ps1"), "-PageText 'Hello'") is not None


@pytest.mark.parametrize("script", sorted(APPS.rglob("*.ps1")), ids=lambda path: path.name)
def test_syntax(script: Path) -> None:
    """A grammar of PowerShell reads all of it."""
    assert syntax_errors(read_text(script)) == []
