"""The package of the DSC extension."""

import io
import zipfile
from pathlib import Path

import pytest

from azure_scaleset.payload.dsc import configurations_in, dsc_archive
from azure_scaleset.payload.problems import PayloadError

SCRIPT = "Configuration WebsiteTest {\n}\n"


def unpacked(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}


def test_single_script_is_packed(tmp_path: Path) -> None:
    """A `.ps1` alone is a package in which it lies at the root, with the line ends of Windows."""
    (tmp_path / "configure-http.ps1").write_text(SCRIPT)
    archive, script = dsc_archive(tmp_path / "configure-http.ps1", None)
    assert (script, unpacked(archive)) == ("configure-http.ps1", {"configure-http.ps1": b"Configuration WebsiteTest {\r\n}\r\n"})


def test_folder_is_packed_with_its_modules(tmp_path: Path) -> None:
    """Modules keep their folders; the only script at the root is the one."""
    (tmp_path / "xWeb").mkdir()
    (tmp_path / "xWeb/xWeb.psd1").write_text("@{}")
    (tmp_path / "site.ps1").write_text(SCRIPT)
    archive, script = dsc_archive(tmp_path, None)
    assert (script, list(unpacked(archive))) == ("site.ps1", ["site.ps1", "xWeb/xWeb.psd1"])


@pytest.mark.parametrize(
    ("files", "script", "problem"),
    [
        (["a.ps1", "b.ps1"], None, "{0} has 2 scripts (a.ps1, b.ps1) at its root; expected one. Give `script`, the one that declares the configuration."),
        (["a.txt"], None, "{0} has no script (.ps1) at its root; expected one. Give `script`, the one that declares the configuration."),
        (["site.ps1"], "sites.ps1", "`script` 'sites.ps1' is not a .ps1 at the root of {0}, where the DSC extension looks for it. Did you mean 'site.ps1'?"),
        (["m/x.ps1"], "x.ps1", "`script` 'x.ps1' is not a .ps1 at the root of {0}, where the DSC extension looks for it. It is in m/x.ps1: move it to the root."),
    ],
)  # fmt: skip
def test_script_must_be_at_the_root(tmp_path: Path, files: list[str], script: str | None, problem: str) -> None:
    """The extension looks for the script at the root, so a package without it there is refused."""
    for name in files:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(SCRIPT)
    with pytest.raises(PayloadError) as raised:
        dsc_archive(tmp_path, script)
    assert raised.value.problems == [problem.format(tmp_path)]


def test_configurations_are_found() -> None:
    """Names come in order, whatever the case and the layout; comments, strings and variables are no configurations."""
    text = """
    # Configuration Commented {
    <# Configuration
       AlsoCommented { #>
    $configuration = @{ Name = 'x' }
    configuration WebsiteTest
    {
    }
    [DscLocalConfigurationManager()] Configuration 'Meta' {}
    $text = @'
Configuration InText {
'@
    Get-Configuration x {}; CONFIGURATION Other-One { }
    """
    assert configurations_in(text) == ["WebsiteTest", "Meta", "Other-One"]
