"""The release archive: what is installed, and what is refused."""

import hashlib
import io
import tarfile
from pathlib import Path

import pytest

from tools import release_archive
from tools.errors import SetupError

NAME = "pulumi-v3.258.0-linux-x64.tar.gz"


def _archive(**files: bytes) -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return content.getvalue()


def _release(archive: bytes, checksum: str) -> release_archive.Fetch:
    answers = {
        "https://github.com/pulumi/pulumi/releases/download/v3.258.0/pulumi-3.258.0-checksums.txt": f"00ff  other.tar.gz\n{checksum}  {NAME}\n".encode(),
        f"https://get.pulumi.com/releases/sdk/{NAME}": archive,
    }
    return answers.__getitem__


def test_programs_are_installed(tmp_path: Path) -> None:
    """A verified archive gives its programs, executable, in one folder, whatever paths it names."""
    archive = _archive(**{"pulumi/pulumi": b"engine", "../../pulumi-language-python": b"host"})

    reached = release_archive.install("3.258.0", NAME, tmp_path, _release(archive, hashlib.sha256(archive).hexdigest()))

    assert reached
    assert {file.name: (file.read_bytes(), file.stat().st_mode & 0o777) for file in tmp_path.iterdir()} == {
        "pulumi": (b"engine", 0o755),
        "pulumi-language-python": (b"host", 0o755),
    }


def test_altered_archive_is_refused(tmp_path: Path) -> None:
    """An archive with another checksum is not unpacked: the error names both, and what to do."""
    archive = _archive(pulumi=b"altered")

    with pytest.raises(SetupError) as error:
        release_archive.install("3.258.0", NAME, tmp_path, _release(archive, "abc123"))

    assert str(error.value) == (
        f"The downloaded {NAME} has the sha256 {hashlib.sha256(archive).hexdigest()}; the release's checksum file says abc123. "
        "Nothing was installed. Try again, or install Pulumi yourself: https://www.pulumi.com/docs/install/"
    )
    assert list(tmp_path.iterdir()) == []


def test_unreachable_release_is_no_error(tmp_path: Path) -> None:
    """Where the release can't be reached, the answer says so and the next way is open."""

    def refuse(url: str) -> bytes:
        raise ConnectionRefusedError(url)

    assert not release_archive.install("3.258.0", NAME, tmp_path, refuse)


@pytest.mark.parametrize(
    ("system", "machine", "expected"),
    [
        ("Linux", "x86_64", "pulumi-v3.258.0-linux-x64.tar.gz"),
        ("Darwin", "arm64", "pulumi-v3.258.0-darwin-arm64.tar.gz"),
        ("Linux", "aarch64", "pulumi-v3.258.0-linux-arm64.tar.gz"),
        ("Linux", "riscv64", None),
        ("FreeBSD", "amd64", None),
    ],
)
def test_archive_of_a_machine(system: str, machine: str, expected: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each machine that Pulumi publishes for has its archive; others have none."""
    monkeypatch.setattr("platform.system", lambda: system)
    monkeypatch.setattr("platform.machine", lambda: machine)

    assert release_archive.archive_name("3.258.0") == expected
