"""Text on its way to an instance: one encoding, and the line ends of the system it goes to.

A checkout on another machine may hold the same text with other line ends (git's `core.autocrlf`). Both must give the same bytes, else the same
application has two digests. What is text is told by the file's suffix and its content:

* scripts (`SCRIPT_SUFFIXES`) are always text, and must be UTF-8;
* other known text (`TEXT_SUFFIXES`) is text when it is UTF-8 without NUL bytes;
* everything else passes untouched.
"""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Literal

from azure_scaleset.payload.problems import PayloadError

POWERSHELL_SUFFIXES = frozenset({".ps1", ".psm1", ".psd1"})
"""Files that Windows PowerShell 5.1 reads in the machine's ANSI code page unless they begin with a byte order mark."""

UNIX_SUFFIXES = frozenset({".sh", ".bash"})
"""Files that need LF wherever they go: also on Windows it is a Unix shell that reads them."""

SCRIPT_SUFFIXES = POWERSHELL_SUFFIXES | UNIX_SUFFIXES | {".py", ".pl", ".rb"}
"""Programs: a wrong encoding breaks them on the instance, so it is refused here."""

TEXT_SUFFIXES = SCRIPT_SUFFIXES | {
    ".bat", ".cfg", ".cmd", ".conf", ".config", ".css", ".csv", ".env", ".htm", ".html", ".ini", ".js", ".json", ".md", ".mof", ".properties",
    ".service", ".socket", ".sql", ".timer", ".toml", ".txt", ".xml", ".yaml", ".yml",
}  # fmt: skip
"""Files whose line ends follow the system they go to."""

_BOM = b"\xef\xbb\xbf"
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")


def decode(data: bytes, name: str) -> str:
    """The text of *data*: UTF-8, without a byte order mark; line ends stay. *name* is what an error calls it.

    Raises `PayloadError` for UTF-16, for any other encoding, and for binary content.
    """
    if data.startswith(_UTF16_BOMS):
        raise PayloadError([f"{name} is encoded as UTF-16; expected UTF-8. Save it as UTF-8."])
    if b"\0" in data:
        raise PayloadError([f"{name} holds NUL bytes: it is binary, or UTF-16; expected UTF-8 text. Save it as UTF-8."])
    try:
        return data.removeprefix(_BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        raise PayloadError(
            [f"{name} is not UTF-8: byte 0x{error.object[error.start]:02x} at offset {error.start} fits no character. Save it as UTF-8."]
        ) from error


def read_text(path: Path) -> str:
    """The text of a script or document file: see `decode`. Raises `PayloadError` also when the file cannot be read."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PayloadError([f"{path} cannot be read: {error.strerror}. Give the path of an existing file."]) from error
    return decode(data, str(path))


def linux_script(text: str) -> str:
    """*text* with LF line ends. A carriage return in a `#!` line names an interpreter that does not exist, and bash takes one as part of a word."""
    return text.replace("\r\n", "\n")


def windows_script(text: str) -> bytes:
    """A file for Windows PowerShell 5.1: CRLF line ends, and a byte order mark when *text* is not ASCII (5.1 takes UTF-8 without one for ANSI)."""
    return (b"" if text.isascii() else _BOM) + _crlf(text)


def for_system(files: Mapping[str, bytes], system: Literal["Linux", "Windows"]) -> dict[str, bytes]:
    """*files* (name -> content) as *system* (Azure's `osType`) needs them; the module's text says which files are changed.

    Raises `PayloadError` with every script that is not UTF-8.
    """
    prepared: dict[str, bytes] = {}
    problems: list[str] = []
    for name, data in files.items():
        try:
            prepared[name] = _prepare(name, data, system)
        except PayloadError as error:
            problems += error.problems
    if problems:
        raise PayloadError(problems)
    return prepared


def _prepare(name: str, data: bytes, system: Literal["Linux", "Windows"]) -> bytes:
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in TEXT_SUFFIXES and not data.startswith(b"#!"):
        return data
    try:
        text = decode(data, name)
    except PayloadError:
        if suffix in SCRIPT_SUFFIXES:
            raise
        return data
    if suffix in POWERSHELL_SUFFIXES and system == "Windows":
        return windows_script(text)
    if system == "Windows" and suffix not in UNIX_SUFFIXES:
        return _crlf(text)
    return linux_script(text).encode()


def _crlf(text: str) -> bytes:
    return linux_script(text).replace("\n", "\r\n").encode()
