"""The package that the PowerShell DSC extension downloads: a zip with the configuration script at its root (rule DS9)."""

import re
from pathlib import Path

from azure_scaleset.nearest import did_you_mean
from azure_scaleset.payload.archive import files_from, zip_bytes
from azure_scaleset.payload.problems import PayloadError
from azure_scaleset.payload.text import for_system

_NOT_CODE = re.compile(
    r"""<\#.*?\#>                       # block comment
      | @'\r?\n.*?\n'@ | @"\r?\n.*?\n"@ # here-string
      | (?<![\w`])\#[^\n]*              # line comment
    """,
    re.DOTALL | re.VERBOSE,
)
_CONFIGURATION = re.compile(r"(?<![\w$.:-])configuration\s+(['\"]?)([A-Za-z_][\w-]*)\1\s*\{", re.IGNORECASE)


def configurations_in(text: str) -> list[str]:
    """The names of the `Configuration` blocks of a PowerShell script, in order. Comments and here-strings are not looked at."""
    return [match[2] for match in _CONFIGURATION.finditer(_NOT_CODE.sub(" ", text))]


def dsc_archive(source: Path, script: str | None) -> tuple[bytes, str]:
    """The zip of *source* and the name of its configuration script.

    *source*: a folder (its files are packed with their relative names, modules beside the script) or a single `.ps1`. *script*: the name of the file
    that declares the configuration; may be left out when *source* is a file, or has one `.ps1` at its root.

    Raises `PayloadError` when the script is not at the root of *source*, or when the files cannot be packed.
    """
    files = for_system(files_from([source], Path()), "Windows")
    at_root = [name for name in files if "/" not in name and name.lower().endswith(".ps1")]
    if script is None:
        if len(at_root) != 1:
            count = f"{len(at_root)} scripts ({', '.join(at_root)})" if at_root else "no script (.ps1)"
            raise PayloadError([f"{source} has {count} at its root; expected one. Give `script`, the one that declares the configuration."])
        script = at_root[0]
    if script not in at_root:
        deeper = [name for name in files if name.rpartition("/")[2] == script]
        hint = f" It is in {deeper[0]}: move it to the root." if deeper else did_you_mean(script, at_root)
        raise PayloadError([f"`script` '{script}' is not a .ps1 at the root of {source}, where the DSC extension looks for it.{hint}"])
    return zip_bytes(files), script
