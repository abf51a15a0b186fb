"""Files of an application, gathered from disk and packed so that every machine makes the same archive.

Archives are not compressed: what deflate makes depends on the zlib that Python was built with. Times, owners and modes are fixed, names sorted.
"""

import io
import os
import tarfile
import unicodedata
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from azure_scaleset.payload.problems import PayloadError

_SEPARATOR_OR_RESERVED = frozenset('<>:"|?*\\')
"""What a file name cannot hold on Windows."""


def files_from(paths: Sequence[str | Path], base: Path) -> dict[str, bytes]:
    """Name -> content of the files that *paths* name, in sorted order. Relative paths start at *base*.

    A file comes under its own name, a folder contributes its files under their names relative to the folder, with `/` between folders. Hidden files
    and folders (a leading dot) and `__pycache__` are left out of folders. Names are in Unicode's composed form (macOS may list them decomposed).

    Raises `PayloadError` with all problems: a path that does not exist or holds no files, two files with one name, a symbolic link in a folder to
    another folder or to a file outside (it would pack what nobody named).
    """
    files: dict[str, bytes] = {}
    origin: dict[str, Path] = {}
    problems: list[str] = []
    for given in paths:
        path = base / given
        try:
            found = _files_in(path)
        except PayloadError as error:
            problems += error.problems
            continue
        for name, source in found.items():
            if name in origin:
                problems.append(
                    f"'{name}' comes from both {origin[name]} and {source}. Files of one payload need different names: leave one out."
                )
                continue
            origin[name] = source
            try:
                files[name] = source.read_bytes()
            except OSError as error:
                problems.append(f"{source} cannot be read: {error.strerror}.")
    if problems:
        raise PayloadError(problems)
    return dict(sorted(files.items()))


def zip_bytes(files: Mapping[str, bytes]) -> bytes:
    """A zip (stored) of *files*, for Windows. Raises `PayloadError` for names that Windows cannot hold side by side, or at all."""
    problems = [
        f"'{name}' holds one of {' '.join(sorted(_SEPARATOR_OR_RESERVED))}, which Windows allows in no file name. Rename the file."
        for name in sorted(files)
        if _SEPARATOR_OR_RESERVED.intersection(name)
    ]
    folded: dict[str, str] = {}
    for name in sorted(files):
        if (other := folded.setdefault(name.casefold(), name)) != name:
            problems.append(f"'{other}' and '{name}' differ in case alone, which Windows does not tell apart. Rename one.")
    if problems:
        raise PayloadError(problems)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system = 3  # Unix, also when this runs on Windows
            entry.external_attr = (0o100000 | _mode(name, files[name])) << 16
            archive.writestr(entry, files[name])
    return buffer.getvalue()


def tar_bytes(files: Mapping[str, bytes]) -> bytes:
    """A ustar archive (not compressed) of *files*, owned by root. Raises `PayloadError` for names that are too long for the format."""
    buffer = io.BytesIO()
    problems: list[str] = []
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT, encoding="utf-8") as archive:
        for name in sorted(files):
            entry = tarfile.TarInfo(name)
            entry.size = len(files[name])
            entry.mode = _mode(name, files[name])
            entry.uname = entry.gname = "root"
            try:
                archive.addfile(entry, io.BytesIO(files[name]))
            except ValueError:
                problems.append(f"'{name}' is too long for a tar archive (100 bytes for a file name, 155 for its folders). Shorten it.")
    if problems:
        raise PayloadError(problems)
    return buffer.getvalue()


def _mode(name: str, data: bytes) -> int:
    # Not the mode on disk, which a checkout on Windows loses.
    return 0o755 if name.endswith(".sh") or data.startswith(b"#!") else 0o644


def _files_in(path: Path) -> dict[str, Path]:
    if path.is_file():
        return {unicodedata.normalize("NFC", path.name): path}
    if not path.is_dir():
        raise PayloadError([f"{path} does not exist. Give the path of a file or a folder, relative to the project or absolute."])
    found: dict[str, Path] = {}
    problems: list[str] = []
    for folder, folders, names in os.walk(path):
        linked = [name for name in folders if (Path(folder) / name).is_symlink() and _is_packed(name)]
        problems += [f"{Path(folder) / name} is a symbolic link to a folder. Name the folder itself among the paths." for name in linked]
        folders[:] = [name for name in folders if _is_packed(name)]
        for name in filter(_is_packed, names):
            source = Path(folder) / name
            if not source.exists():
                problems.append(f"{source} is a symbolic link to a file that does not exist. Mend or remove the link.")
            elif not source.resolve().is_relative_to(path.resolve()):
                problems.append(f"{source} is a symbolic link to a file outside of {path}. Name that file among the paths.")
            else:
                found[unicodedata.normalize("NFC", source.relative_to(path).as_posix())] = source
    if not found and not problems:
        problems.append(
            f"{path} holds no files (hidden ones and __pycache__ are left out). Give a folder with the files of the application."
        )
    if problems:
        raise PayloadError(problems)
    return found


def _is_packed(name: str) -> bool:
    return not name.startswith(".") and name != "__pycache__"
