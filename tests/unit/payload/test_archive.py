"""Files gathered and packed."""

import hashlib
import io
import os
import shutil
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azure_scaleset.payload.archive import files_from, tar_bytes, zip_bytes
from azure_scaleset.payload.problems import PayloadError

FILES = {"run.sh": b"echo\n", "app/main.py": b"#!/usr/bin/env python3\n", "app/grüße.txt": b"\0\xff"}
NAMES = st.text("abcXYZ0.é-_", min_size=1, max_size=8).filter(lambda name: name.strip(".") != "")


def write(folder: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def test_folders_and_files_are_gathered(tmp_path: Path) -> None:
    """A folder gives its files under their relative names, a file its own name; hidden files and caches stay out."""
    write(tmp_path / "app", {"main.py": b"1", "lib/a.py": b"2", ".git/config": b"3", "__pycache__/main.pyc": b"4", ".env": b"5"})
    write(tmp_path, {"other/run.sh": b"6"})
    assert files_from(["app", tmp_path / "other/run.sh"], tmp_path) == {"lib/a.py": b"2", "main.py": b"1", "run.sh": b"6"}


def test_all_problems_come_at_once(tmp_path: Path) -> None:
    """What is missing, empty, given twice or linked from elsewhere is refused in one error."""
    write(tmp_path, {"a/run.sh": b"1", "b/run.sh": b"2", "outside.txt": b"3"})
    (tmp_path / "empty").mkdir()
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked/file").symlink_to(tmp_path / "outside.txt")
    (tmp_path / "linked/folder").symlink_to(tmp_path / "a")
    (tmp_path / "linked/broken").symlink_to(tmp_path / "nowhere")
    with pytest.raises(PayloadError) as raised:
        files_from(["a/run.sh", "b/run.sh", "none", "empty", "linked"], tmp_path)
    assert sorted(raised.value.problems) == sorted(
        [
            f"'run.sh' comes from both {tmp_path}/a/run.sh and {tmp_path}/b/run.sh. Files of one payload need different names: leave one out.",
            f"{tmp_path}/none does not exist. Give the path of a file or a folder, relative to the project or absolute.",
            f"{tmp_path}/empty holds no files (hidden ones and __pycache__ are left out). Give a folder with the files of the application.",
            f"{tmp_path}/linked/folder is a symbolic link to a folder. Name the folder itself among the paths.",
            f"{tmp_path}/linked/broken is a symbolic link to a file that does not exist. Mend or remove the link.",
            f"{tmp_path}/linked/file is a symbolic link to a file outside of {tmp_path}/linked. Name that file among the paths.",
        ]
    )


def test_link_inside_of_the_folder_is_followed(tmp_path: Path) -> None:
    """A link to a file of the same folder packs that file's content."""
    write(tmp_path, {"a.txt": b"1"})
    (tmp_path / "b.txt").symlink_to("a.txt")
    assert files_from([tmp_path], tmp_path) == {"a.txt": b"1", "b.txt": b"1"}


def test_decomposed_names_are_composed(tmp_path: Path) -> None:
    """A name that macOS lists decomposed is packed under its composed form."""
    write(tmp_path, {"u\u0308.txt": b"1"})
    assert files_from([tmp_path], tmp_path) == {"\u00fc.txt": b"1"}


def test_archives_are_the_same_everywhere() -> None:
    """The bytes are pinned: another Python, zlib or machine must make the same."""
    assert hashlib.sha256(zip_bytes(FILES)).hexdigest() == "b072f5ed4c3d2096d12d1bfa943a57348b4b7514142bb15f7939129f2b17c0f0"
    assert hashlib.sha256(tar_bytes(FILES)).hexdigest() == "8c81be80d1e8f8c9a07321831b8d5d42c6f979ed49e1e7f100c9e0a1700da6f8"


def test_checkout_does_not_matter(tmp_path: Path) -> None:
    """Another path, other times and other modes on disk give the same archive."""
    one = write(tmp_path / "one", FILES)
    other = tmp_path / "elsewhere" / "other"
    shutil.copytree(one, other, copy_function=shutil.copyfile)
    for path in other.rglob("*"):
        os.utime(path, (1, 1))
        path.chmod(0o700)
    assert tar_bytes(files_from([one], tmp_path)) == tar_bytes(files_from([other], tmp_path)) == tar_bytes(FILES)
    assert zip_bytes(files_from([one], tmp_path)) == zip_bytes(files_from([other], tmp_path)) == zip_bytes(FILES)


def test_modes_and_owners_in_the_tar() -> None:
    """Shell scripts and what has a `#!` line may be run; everything belongs to root."""
    with tarfile.open(fileobj=io.BytesIO(tar_bytes(FILES))) as archive:
        assert [(each.name, oct(each.mode), each.uid, each.uname, each.mtime) for each in archive] == [
            ("app/grüße.txt", "0o644", 0, "root", 0),
            ("app/main.py", "0o755", 0, "root", 0),
            ("run.sh", "0o755", 0, "root", 0),
        ]


@given(st.dictionaries(NAMES, st.binary(max_size=40), max_size=5))
def test_archives_give_back_what_was_packed(files: dict[str, bytes]) -> None:
    """Whatever goes in comes out, and the order in which it is given does not matter."""
    with tarfile.open(fileobj=io.BytesIO(tar_bytes(files))) as tar:
        unpacked = {each.name: tar.extractfile(each) for each in tar}
        assert {name: content.read() for name, content in unpacked.items() if content} == files
    assert tar_bytes(dict(reversed(files.items()))) == tar_bytes(files)
    if len({name.casefold() for name in files}) == len(files):
        with zipfile.ZipFile(io.BytesIO(zip_bytes(files))) as archive:
            assert {name: archive.read(name) for name in archive.namelist()} == files
        assert zip_bytes(dict(reversed(files.items()))) == zip_bytes(files)


def test_names_that_windows_cannot_hold_are_refused() -> None:
    """Two names that differ in case alone would be one file on Windows, and some characters none."""
    with pytest.raises(PayloadError) as raised:
        zip_bytes({"Read.me": b"", "read.me": b"", "a:b": b""})
    assert raised.value.problems == [
        "'a:b' holds one of \" * : < > ? \\ |, which Windows allows in no file name. Rename the file.",
        "'Read.me' and 'read.me' differ in case alone, which Windows does not tell apart. Rename one.",
    ]


def test_names_that_tar_cannot_hold_are_refused() -> None:
    """ustar has 100 bytes for a file's name."""
    with pytest.raises(PayloadError) as raised:
        tar_bytes({"é" * 51: b"", "ok": b""})
    assert raised.value.problems == [
        f"'{'é' * 51}' is too long for a tar archive (100 bytes for a file name, 155 for its folders). Shorten it."
    ]
