"""The commands that make things go wrong, and that publish images."""

import json
import os
from pathlib import Path

import pytest

from offline import workspace
from offline.__main__ import main
from offline.arm.compute import images
from offline.arm.store import Store
from tests.unit.offline.compute.world import SET, World, body, profile


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An Azure of its own for each test."""
    monkeypatch.setenv("OFFLINE_HOME", str(tmp_path))
    return tmp_path


def test_faults_are_ordered_listed_and_taken_back(capsys: pytest.CaptureFixture[str]) -> None:
    """Values are JSON where they can be; what else they are is text."""
    assert main(["fault", "add", "extensionFails", 'instances=["3"]', "exitCode=7", "output=disk is full"]) == 0
    assert main(["fault", "list"]) == 0
    number, listed = capsys.readouterr().out.splitlines()
    wanted = {"id": number, "kind": "extensionFails", "instances": ["3"], "exitCode": 7, "output": "disk is full"}
    assert json.loads(listed) == {**wanted, "extension": None, "payload": None, "times": None}
    assert (main(["fault", "clear", number]), main(["fault", "list"]), capsys.readouterr().out) == (0, 0, "")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["add", "none"], "'none' is no kind of fault"),
        (["add", "stuck", "x"], "'x' is no FIELD=VALUE"),
        (["clear", "9"], "there is no fault '9'"),
        (["add"], "say `fault list`"),
    ],
)
def test_wrong_orders_are_refused(capsys: pytest.CaptureFixture[str], words: list[str], message: str) -> None:
    """With a sentence, and exit code 2."""
    assert (main(["fault", *words]), message in capsys.readouterr().err) == (2, True)


def test_an_image_version_is_published(home: Path) -> None:
    """`latest` means it from then on; the same again is refused."""
    urn = "Canonical:ubuntu-24_04-lts:server:24.04.202512010"
    assert [main(["publish", urn]) for _ in range(2)] == [0, 2]
    store = Store(workspace.azure_file(home))
    image = images.known(store, urn.rpartition(":")[0])
    store.close()
    assert image is not None
    assert image.versions[-1] == "24.04.202512010"


def test_an_eviction_and_an_approval_are_ordered(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By the id of an instance; what can't be evicted or approved is told."""
    World(home)
    os.replace(home / "azure.db", workspace.azure_file(home))
    world = World.on(Store(workspace.azure_file(home)))
    world.put(profile(body(1), "priority", "Spot"))
    instance = f"{SET}/virtualMachines/0"
    assert [main(["approve", instance]), main(["evict", instance]), main(["approve", instance])] == [1, 0, 0]
    world.later(60)
    assert (main(["evict", instance]), [name for name, _ in world.events("evicted")]) == (1, ["0"])
    said = capsys.readouterr().err
    assert ("has no scheduled event to approve" in said, "does not run" in said) == (True, True)
