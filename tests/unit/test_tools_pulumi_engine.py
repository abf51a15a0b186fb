"""Where the engine comes from."""

import os
import threading
import time
from pathlib import Path

import pytest

from tools import go_build, pulumi_engine, release_archive
from tools.errors import SetupError


def _program(folder: Path, name: str, text: str = "") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{text}\n")
    (folder / name).chmod(0o755)


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without pulumi, Go, network and cache. Gives the folder of its PATH."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("tools.pulumi_engine.ENGINE", tmp_path / "checkout" / "engine")

    def unreachable(url: str) -> bytes:
        raise OSError(url)

    monkeypatch.setattr(release_archive, "fetch", unreachable)
    return tmp_path / "bin"


@pytest.mark.parametrize(
    ("version", "accepted"), [("v3.257.9", False), ("v3.258.0", True), ("v3.1000.0", True), ("v4.0.0", True), ("unknown", False)]
)
def test_pulumi_on_path_is_taken_when_it_is_new_enough(version: str, accepted: bool, tmp_path: Path) -> None:
    """The versions are compared as numbers; one that can't be read is not taken."""
    _program(tmp_path, "pulumi", f"echo {version}")
    _program(tmp_path, "pulumi-language-python")

    assert pulumi_engine.on_path(str(tmp_path)) == (tmp_path if accepted else None)


def test_pulumi_without_python_host_is_not_taken(tmp_path: Path) -> None:
    """A pulumi that can't run Python programs does not do."""
    _program(tmp_path, "pulumi", "echo v3.258.0")

    assert pulumi_engine.on_path(str(tmp_path)) is None


def test_engine_on_path_is_linked(alone: Path, tmp_path: Path) -> None:
    """A person's pulumi is used where it is; nothing is cached."""
    _program(alone, "pulumi", "echo v3.300.0")
    _program(alone, "pulumi-language-python")

    assert pulumi_engine.ensure() == alone
    assert (tmp_path / "checkout" / "engine").readlink() == alone
    assert not pulumi_engine.cache_folder().exists()


def test_neither_pulumi_nor_go_names_the_two_ways(alone: Path) -> None:
    """Without everything, one message says what there is not and what to install; no half engine stays in the cache."""
    with pytest.raises(SetupError) as error:
        pulumi_engine.ensure()

    assert str(error.value) == (
        "There is no Pulumi 3.258.0 or newer on PATH, its release archive could not be downloaded, and there is no Go to build it. Either\n"
        "  install Pulumi (https://www.pulumi.com/docs/install/), or\n"
        "  install Go 1.21 or newer (https://go.dev/doc/install): `make setup` then builds the engine (about 5 minutes, once on this machine)."
    )
    assert not pulumi_engine.cache_folder().exists()


def test_two_set_ups_at_once_build_once(alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second set-up waits for the first and takes what it built; leftovers of a killed one are gone."""
    builds: list[Path] = []

    def build(into: Path) -> None:
        builds.append(into)
        time.sleep(0.2)
        _program(into, "pulumi")

    monkeypatch.setattr(go_build, "go_can_build", lambda: True)
    monkeypatch.setattr(go_build, "build", build)
    leftover = pulumi_engine.cache_folder().with_suffix(".partial") / "bin" / "half"
    leftover.parent.mkdir(parents=True)
    leftover.write_text("")
    found: list[Path] = []
    threads = [threading.Thread(target=lambda: found.append(pulumi_engine.cached())) for _ in range(2)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(builds) == 1
    assert found == [pulumi_engine.cache_folder() / "bin"] * 2
    assert os.listdir(found[0]) == ["pulumi"]


def test_go_that_is_too_old_is_none(alone: Path) -> None:
    """A Go that can't fetch a newer toolchain counts as no Go."""
    _program(alone, "go", "echo go1.19.8")
    old = go_build.go_can_build()
    _program(alone, "go", "echo go1.21.0")

    assert (old, go_build.go_can_build()) == (False, True)
