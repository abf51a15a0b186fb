"""A build as the library drives it, over https: what it waits for, and what a failed one shows."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from azure.identity import ManagedIdentityCredential

from azure_scaleset.images.artifact import ImageError
from azure_scaleset.images.blobs import Container
from azure_scaleset.images.build import build, foreseen
from azure_scaleset.images.chosen import CONTENT_TAG
from azure_scaleset.rollout.arm import Arm
from offline import https_server, workspace
from offline.arm import faults
from offline.arm.store import Store
from tests.unit.offline.arm import GROUP
from tests.unit.offline.arm import Arm as OfflineArm
from tests.unit.offline.images.test_image_builder import IDENTITY, PUBLISHER, SUPPORTED, template
from tests.unit.offline.images.workshop import DEFINITION, Workshop

VERSION = f"{GROUP}/providers/{DEFINITION}/versions/1.0.0"
TEMPLATE = f"{GROUP}/providers/Microsoft.VirtualMachineImages/imageTemplates/web"
TAGS = {CONTENT_TAG: "abc"}
WANTED = {
    "id": VERSION,
    "template": TEMPLATE,
    "base": "Canonical:ubuntu-24_04-lts:server:24.4.1",
    "body": {
        "location": "westeurope",
        "tags": TAGS,
        "properties": {"publishingProfile": {"targetRegions": [{"name": "westeurope"}], "endOfLifeDate": "2030-01-01T00:00:00Z"}},
    },
}


@pytest.fixture
def azure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Arm, Store]]:
    """A server with a template that can be run: the library's connection to it, and its state."""
    with https_server.running(tmp_path) as variables:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        store = Store(workspace.azure_file(tmp_path))
        arm = OfflineArm(store)
        arm.made(GROUP, {"location": "westeurope"})
        workshop = Workshop(arm)
        workshop.definition(features=SUPPORTED)
        identity = workshop.done("PUT", IDENTITY, {"location": "westeurope"})
        role = {"principalId": identity["properties"]["principalId"], "roleDefinitionId": PUBLISHER, "principalType": "ServicePrincipal"}
        workshop.done(
            "PUT", f"{GROUP}/providers/Microsoft.Authorization/roleAssignments/11111111-1111-1111-1111-111111111111", {"properties": role}
        )
        target = {
            "type": "SharedImage",
            "runOutputName": "image",
            "galleryImageId": VERSION,
            "targetRegions": [{"name": "westeurope"}],
            "artifactTags": TAGS,
        }
        workshop.done("PUT", TEMPLATE, template(distribute=[target]))
        scope = f"{variables['OFFLINE_AUDIENCE'].rstrip('/')}/.default"
        yield Arm(variables["OFFLINE_ARM_ENDPOINT"], scope, ManagedIdentityCredential()), store
        store.close()


def run(arm: Arm, said: list[str]) -> str:
    """What was done."""
    return build(arm, WANTED, said.append, threading.Event())


def test_a_build_is_run_once_and_found_again(azure: tuple[Arm, Store]) -> None:
    """Its phases are told; what a template can't say of a version is written afterwards; another call builds nothing."""
    arm, store = azure
    said: list[str] = []
    assert foreseen(arm, "BuiltImage 'web'", WANTED, []) == f"web/1.0.0 will be built by web of {WANTED['base']}"
    assert run(arm, said) == "built web/1.0.0"
    assert {"build web: customizing", "build web: distributing"} <= set(said)
    version: Any = store.get(VERSION)
    assert version["properties"]["publishingProfile"]["endOfLifeDate"].startswith("2030-01-01")

    assert foreseen(arm, "BuiltImage 'web'", WANTED, []) == "web/1.0.0 is there already: it is used again; nothing is built"
    assert run(arm, []) == "web/1.0.0 is there already: used again"
    assert len(store.events("imageBuild")) == 1


def test_a_run_that_goes_on_is_waited_for(azure: tuple[Arm, Store]) -> None:
    """As after an update that was killed: no second run is begun."""
    arm, store = azure
    arm.post(f"{TEMPLATE}/run", None, "2024-02-01")

    assert run(arm, []) == "built web/1.0.0"
    assert len(store.events("imageBuild")) == 1


def test_a_failed_build_shows_the_end_of_its_log(azure: tuple[Arm, Store]) -> None:
    """The log is read from the storage account of the staging group; run again, the build may end well."""
    arm, store = azure
    with store.transaction():
        faults.add(store, "buildStepFails", step="install", output="E: Unable to locate package nginx", times=1)

    with pytest.raises(ImageError) as caught:
        run(arm, [])
    lines = str(caught.value).splitlines()
    assert lines[0].startswith("the build web ended as Failed: ")
    assert any(line.endswith("E: Unable to locate package nginx") for line in lines), lines
    assert lines[-1].startswith("Next: mend the step")
    assert run(arm, []) == "built web/1.0.0"


def test_the_blobs_of_a_container_are_listed_and_removed(azure: tuple[Arm, Store]) -> None:
    """Through a signature of the container that allows just that."""
    arm, store = azure
    account = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/payloads0"
    offline = OfflineArm(store)
    offline.made(account, {"location": "westeurope", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}})
    offline.made(f"{account}/blobServices/default/containers/payload", {"properties": {}})
    with store.transaction():
        for name in ("a.tar", "b c.tar"):
            store.put_blob(
                f"https://payloads0.blob.core.windows.net/payload/{name}", b"x", {"last-modified": "Thu, 01 Jan 2026 00:00:00 GMT"}
            )

    container = Container(arm, account, "payload", "rld")
    found = list(container.list())
    assert [(blob.name, blob.modified.year) for blob in found] == [("a.tar", 2026), ("b c.tar", 2026)]
    assert container.read("b c.tar") == b"x"
    container.delete("b c.tar")
    container.delete("b c.tar")
    assert [blob.name for blob in container.list()] == ["a.tar"]
    with pytest.raises(OSError, match="403"):
        list(Container(arm, account, "payload", "r").list())
