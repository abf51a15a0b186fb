"""The cloud-init apps, as the library composes them, judged by the real tools where the machine has them."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from azure_scaleset.payload.cloud_init import compose

APPS = Path(__file__).parents[3] / "apps"
PARTS: dict[str, dict[str, Any]] = {
    "linux-cloud-init": {"file": "linux-cloud-init/cloud-init.yaml"},
    "linux-containers": {
        "template": {
            "file": "linux-containers/cloud-init.yaml",
            "values": {"image": "docker.io/library/nginx:1.29", "port": "80", "containerPort": "8080"},
        }
    },
}


def written(app: str) -> dict[str, str]:
    """Path -> content of the files that an app writes."""
    return {file["path"]: file["content"] for file in yaml.safe_load(compose([PARTS[app]], APPS))["write_files"]}


@pytest.mark.skipif(shutil.which("cloud-init") is None, reason="cloud-init is not installed (Debian: apt-get install cloud-init)")
@pytest.mark.parametrize("app", PARTS)
def test_cloud_init_accepts_it(app: str, tmp_path: Path) -> None:
    """The real `cloud-init schema` finds nothing wrong."""
    (tmp_path / "document").write_bytes(compose([PARTS[app]], APPS))
    ended = subprocess.run(["cloud-init", "schema", "--config-file", tmp_path / "document"], capture_output=True, text=True)
    assert (ended.returncode, ended.stdout.split("\n")[0]) == (0, f"Valid cloud-config: {tmp_path / 'document'}"), ended.stderr


def test_container_unit_runs_the_image_of_the_values() -> None:
    """Image and ports come from the template's values."""
    unit = written("linux-containers")["/etc/systemd/system/application.service"].splitlines()
    assert [line for line in unit if "nginx" in line] == [
        "ExecStartPre=/bin/sh -c '/usr/bin/docker image inspect docker.io/library/nginx:1.29 >/dev/null 2>&1 || /usr/bin/docker pull docker.io/library/nginx:1.29'",
        "ExecStart=/usr/bin/docker run --rm --name application --publish 80:8080 docker.io/library/nginx:1.29",
    ]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    """The real systemd parses the unit; the programs that it names need not be on this machine."""
    unit = tmp_path / "application.service"
    unit.write_text(
        written("linux-containers")["/etc/systemd/system/application.service"]
        .replace("/usr/bin/docker", "/bin/true")
        .replace("docker.service ", "")
        .replace("Requires=docker.service", "")
    )
    ended = subprocess.run(["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True)
    assert [line for line in ended.stderr.splitlines() if "application.service" in line] == []


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")
def test_nginx_accepts_its_configuration(tmp_path: Path) -> None:
    """The real nginx parses the site's configuration."""
    (tmp_path / "site.conf").write_text(written("linux-cloud-init")["/etc/nginx/conf.d/application.conf"])
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{ access_log off; include {tmp_path}/site.conf; }}\n"
    )
    ended = subprocess.run(["nginx", "-t", "-c", tmp_path / "nginx.conf", "-p", tmp_path], capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
