"""Text on its way to an instance."""

from pathlib import Path

import pytest

from azure_scaleset.payload.problems import PayloadError
from azure_scaleset.payload.text import for_system, linux_script, read_text, windows_script


def test_byte_order_mark_is_dropped_and_other_characters_stay(tmp_path: Path) -> None:
    """A UTF-8 byte order mark in front of a `#!` line would hide it from the kernel."""
    script = tmp_path / "hello.sh"
    script.write_bytes(b"\xef\xbb\xbf#!/bin/sh\r\necho gr\xc3\xbc\xc3\x9fe\r\n")
    assert read_text(script) == "#!/bin/sh\r\necho grüße\r\n"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("echo".encode("utf-16"), "is encoded as UTF-16; expected UTF-8. Save it as UTF-8."),
        ("echo".encode("utf-16-le"), "holds NUL bytes: it is binary, or UTF-16; expected UTF-8 text. Save it as UTF-8."),
        ("echo ü".encode("latin-1"), "is not UTF-8: byte 0xfc at offset 5 fits no character. Save it as UTF-8."),
    ],
)
def test_other_encodings_are_refused(tmp_path: Path, content: bytes, problem: str) -> None:
    """A script that is not UTF-8 is refused with the way to mend it."""
    script = tmp_path / "hello.sh"
    script.write_bytes(content)
    with pytest.raises(PayloadError) as raised:
        read_text(script)
    assert raised.value.problems == [f"{script} {problem}"]


def test_missing_file_is_named(tmp_path: Path) -> None:
    """A file that is not there is a payload error, not a traceback."""
    with pytest.raises(PayloadError) as raised:
        read_text(tmp_path / "none.sh")
    assert raised.value.problems == [
        f"{tmp_path / 'none.sh'} cannot be read: No such file or directory. Give the path of an existing file."
    ]


def test_linux_script_has_line_feeds() -> None:
    """CRLF becomes LF; a carriage return inside of a line is somebody's intention."""
    assert linux_script("#!/bin/sh\r\nprintf 'a\rb'\r\n") == "#!/bin/sh\nprintf 'a\rb'\n"


def test_windows_script_has_a_mark_only_when_needed() -> None:
    """PowerShell 5.1 needs the mark for what is not ASCII; line ends become CRLF once."""
    assert windows_script("a\r\nb\n") == b"a\r\nb\r\n"
    assert windows_script("é\n") == b"\xef\xbb\xbf\xc3\xa9\r\n"


def test_files_follow_the_system_they_go_to() -> None:
    """Scripts and known text get the system's line ends, shell scripts always LF, everything else passes untouched."""
    files = {
        "a.sh": b"a\r\n",
        "b.ps1": "é\n".encode(),
        "c.json": b"{}\r\n",
        "d.txt": b"\xff\r\n",
        "e.bin": b"a\r\n",
        "f.conf": b"a\0\r\n",
        "run": b"#!/bin/sh\r\n",
    }
    untouched = {"d.txt": b"\xff\r\n", "e.bin": b"a\r\n", "f.conf": b"a\0\r\n"}
    assert for_system(files, "Linux") == {"a.sh": b"a\n", "b.ps1": "é\n".encode(), "c.json": b"{}\n", "run": b"#!/bin/sh\n", **untouched}
    assert for_system(files, "Windows") == {
        "a.sh": b"a\n",
        "b.ps1": b"\xef\xbb\xbf\xc3\xa9\r\n",
        "c.json": b"{}\r\n",
        "run": b"#!/bin/sh\r\n",
        **untouched,
    }


def test_every_script_in_a_wrong_encoding_is_named() -> None:
    """All problems come at once."""
    with pytest.raises(PayloadError) as raised:
        for_system({"a.sh": b"\xff\xfea", "b.ps1": b"\xfc", "c.sh": b"ok"}, "Linux")
    assert [problem.split(" ")[0] for problem in raised.value.problems] == ["a.sh", "b.ps1"]
