"""The real command `scaleset prune`, as a process of its own, against the offline Azure over https and the states of two stacks."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from azure_scaleset.images.chosen import CONTENT_TAG
from offline import workspace
from offline.arm.store import Store
from offline.https_server import running
from tests.unit.offline.arm import GROUP, Arm
from tests.unit.offline.images.workshop import DEFINITION, Workshop, version

COMMAND = str(Path(sys.executable).with_name("scaleset"))
ACCOUNT = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/payloads0"
CONTAINER = f"{ACCOUNT}/blobServices/default/containers/payload"
DEFINED = f"{GROUP}/providers/{DEFINITION}"
PULUMI = """#!{python}
import json, pathlib, sys
states = json.loads(pathlib.Path({states!r}).read_text())
words = sys.argv[1:]
if words[:2] == ["stack", "ls"]:
    print(json.dumps([{{"name": name, "resourceCount": 1}} for name in states]))
else:
    print(json.dumps(states[words[words.index("--stack") + 1]]))
"""


@dataclass
class Shop:
    """An Azure with four versions and three payloads, and the command beside it."""

    store: Store
    workshop: Workshop
    environment: dict[str, str]

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Runs `scaleset prune` with these words."""
        return subprocess.run(
            [COMMAND, "prune", "--stack", "web", *words], env=self.environment, capture_output=True, text=True, check=False, timeout=120
        )

    def left(self) -> tuple[list[str], list[str]]:
        """The versions and the payloads that are there."""
        versions = [each["name"] for each in self.store.resources(f"{DEFINED}/versions/")]
        return sorted(versions), sorted(url.rpartition("/")[2] for url in self.store.blobs())


def states() -> dict[str, Any]:
    """Of the stack that is pruned, and of another one, which uses what it has made."""
    blob = {"type": "azure-native:storage:Blob", "id": f"{CONTAINER}/blobs/new.tar", "outputs": {"url": _address("new.tar")}}
    scale_set = {
        "type": "azure-native:compute:VirtualMachineScaleSet",
        "id": f"{GROUP}/providers/Microsoft.Compute/virtualMachineScaleSets/web",
    }
    container = {"type": "azure-native:storage:BlobContainer", "id": CONTAINER}
    own = [{"type": "azure-native:compute:GalleryImage", "id": DEFINED}, container, blob, scale_set]
    other = [{"type": "azure-scaleset:index:ScaleSet", "outputs": {"imageId": f"{DEFINED}/versions/1.0.2"}}]
    return {name: {"deployment": {"resources": resources}} for name, resources in (("web", own), ("other", other))}


def _address(name: str) -> str:
    return f"https://payloads0.blob.core.windows.net/payload/{name}"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """One version is run by a scale set, one is named by another stack, one is the newest; of the payloads one is in a state."""
    home = tmp_path / "home"
    home.mkdir()
    (tmp_path / "states.json").write_text(json.dumps(states()))
    pulumi = tmp_path / "bin" / "pulumi"
    pulumi.parent.mkdir()
    pulumi.write_text(PULUMI.format(python=sys.executable, states=str(tmp_path / "states.json")))
    pulumi.chmod(0o755)
    with running(home) as served, closing(Store(workspace.azure_file(home))) as store:
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("AZURE_", "ARM_", "IDENTITY_", "MSI_", "COLUMNS"))
        }
        arm = Arm(store)
        arm.made("", {"location": "westeurope"})
        workshop = Workshop(arm)
        workshop.definition()
        machine = workshop.generalized()
        for number in range(4):
            workshop.done("PUT", f"{DEFINITION}/versions/1.0.{number}", {**version(machine), "tags": {CONTENT_TAG: str(number)}})
        security = {"securityType": "TrustedLaunch", "uefiSettings": {"secureBootEnabled": True, "vTpmEnabled": True}}
        answer = workshop.put_set({"id": f"{DEFINED}/versions/1.0.1"}, securityProfile=security)
        assert answer.status == 201, answer.body
        assert workshop.outcome(answer) is None
        arm.made(ACCOUNT, {"location": "westeurope", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}})
        arm.made(CONTAINER, {"properties": {}})
        with store.transaction():
            for day, name in enumerate(("old.tar", "new.tar", "newest.tar"), 1):
                store.put_blob(_address(name), b"x", {"last-modified": f"0{day} Jan 2020 00:00:00 GMT"})
        path = f"{pulumi.parent}{os.pathsep}{kept['PATH']}"
        yield Shop(store, workshop, {**kept, **served, "PATH": path})


def fate(printed: str, name: str) -> str:
    """What the table says becomes of an item."""
    (line,) = [each for each in printed.splitlines() if name in each.replace("/", " ").split()]
    return re.split(r"\d\d:\d\d  ", line)[1].strip()


def test_without_yes_nothing_is_removed(shop: Shop) -> None:
    """Each item with its fate and the reason, and the command that does it."""
    before = shop.left()
    done = shop.run("--older-than", "0", "--keep", "1")
    assert (done.returncode, done.stderr) == (0, "")
    assert [fate(done.stdout, name) for name in ("1.0.0", "1.0.1", "1.0.2", "1.0.3", "old.tar", "new.tar", "newest.tar")] == [
        "removed",
        "kept: used by the model of scale set web",
        "kept: used by the state of stack other",
        "kept: the newest",
        "removed",
        "kept: used by the state of stack web",
        "kept: the newest",
    ]
    assert done.stdout.splitlines()[-1] == "2 of 7 would be removed. To do it: scaleset prune --stack web --older-than 0 --keep 1 --yes"
    assert shop.left() == before


def test_with_yes_what_nothing_uses_is_gone(shop: Shop) -> None:
    """And only that; a second time there is nothing left to do."""
    done = shop.run("--older-than", "0", "--keep", "1", "--yes", "--output", "json")
    assert (done.returncode, done.stderr) == (0, "")
    document = json.loads(done.stdout)
    assert (document["stack"], document["removed"]) == ("web", True)
    assert [each["id"].rpartition("/")[2] for each in document["items"] if each["remove"]] == ["1.0.0", "old.tar"]
    assert shop.left() == (["1.0.1", "1.0.2", "1.0.3"], ["new.tar", "newest.tar"])

    assert shop.run("--older-than", "0", "--keep", "1").stdout.splitlines()[-1] == "Nothing to remove."


def test_young_things_stay(shop: Shop) -> None:
    """By default for a month, and the three newest in any case."""
    done = shop.run()
    assert "1.0.0" in done.stdout
    assert "younger than 30 days" in done.stdout
    assert done.stdout.splitlines()[-1] == "Nothing to remove."


def test_while_an_instance_is_not_at_its_model_all_payloads_stay(shop: Shop) -> None:
    """What it needs, Azure doesn't tell."""
    change = {"virtualMachineProfile": {"userData": "aGVsbG8="}}
    shop.workshop.done(
        "PATCH", "Microsoft.Compute/virtualMachineScaleSets/web", {"properties": {**change, "upgradePolicy": {"mode": "Manual"}}}
    )

    done = shop.run("--older-than", "0", "--keep", "1", "--yes")
    assert "kept: may be needed by instances of web that are not at its model (1)" in done.stdout
    assert shop.left()[1] == ["new.tar", "newest.tar", "old.tar"]
