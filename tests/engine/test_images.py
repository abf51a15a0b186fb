"""Images of one's own: a captured machine, what Azure would refuse of it, and the way from a platform image."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from offline import workspace
from offline.arm.store import Store
from tests.engine.project import Project
from tests.unit.offline.images.workshop import definition_body
from tools import demo_image

GOLDEN = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/golden/providers/Microsoft.Compute/galleries/golden/images/web"


@pytest.fixture(autouse=True)
def command(monkeypatch: pytest.MonkeyPatch) -> None:
    """`scaleset` is beside the Python that runs the tests."""
    assert Path(sys.executable).with_name("scaleset").exists()
    monkeypatch.delenv("COLUMNS", raising=False)


def refused(project: Project) -> str:
    """What a preview says that fails."""
    done = project.pulumi("preview", check=False)
    assert done.returncode != 0, done.stdout
    return done.stdout + done.stderr


def documented() -> list[str]:
    """The commands by which docs/images.md makes an image of a machine and deploys it."""
    page = (workspace.CHECKOUT / "docs" / "images.md").read_text()
    (block,) = re.findall(r"### A machine by hand.*?In Azure:\n\n```sh\n(.*?)```", page, re.DOTALL)
    return [line.partition("  #")[0].rstrip() for line in block.splitlines()]


def run(project: Project, line: str) -> str:
    """Runs a line of a page in the project's folder; gives its output."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{project.environment['PATH']}"
    environment = {**project.environment, "PATH": path, "ARM_SUBSCRIPTION_ID": GOLDEN.split("/")[2]}
    done = subprocess.run(["sh", "-c", line], cwd=project.folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
    return done.stdout


def without_image(project: Project, **keys: Any) -> None:
    """The stack file with other keys in place of the image."""
    settings = project.settings()
    for key in ("image", "imageVersion", "capturedImage", "galleryImage"):
        settings["config"].pop(f"azure-scaleset:{key}", None)
    project.write_settings(settings)
    project.configure(**keys)


def made_machine(project: Project, security: str = "TrustedLaunch") -> None:
    """A machine that runs."""
    store = Store(workspace.azure_file(Path(project.environment["OFFLINE_HOME"])))
    demo_image.make_machine(store, (workspace.CHECKOUT / demo_image.SCRIPT).read_text(), security)


def images(project: Project) -> set[str]:
    """Ids of the images that the instances run."""
    return {each["properties"]["storageProfile"]["imageReference"]["id"] for each in project.instances()}


def test_a_captured_machine_becomes_the_image_of_a_set_whose_script_runs_then(make_project: Callable[[str], Project]) -> None:
    """By the commands that docs/images.md shows, from the machine on. Without the image the preview says so; with it, the instances are of it, and the script finds the
    prerequisites there. What doesn't fit is refused at preview: another security type, a platform image on the living set, with the ways round, a version that isn't there."""
    project = make_project("linux-image")
    assert f"image is '{GOLDEN}', and of its versions in westeurope " in refused(project)

    *by_az, capture, config, up = documented()
    assert [line.partition(" --")[0] for line in by_az] == ["az group create", "az vm create", "az vm run-command invoke"]
    made_machine(project)  # what these three make
    captured = re.findall(r"Captured workshop: (\S+)", run(project, f"{capture} --yes"))
    assert captured == [f"{GOLDEN}/versions/1.0.0"]
    run(project, config.replace(" ID ", f" {captured[0].partition('/versions/')[0]} "))
    project.configure(security={"type": "Standard"})
    assert "its security type is TrustedLaunch: only machines of trusted launch can be made of it" in refused(project)
    project.configure(security={"type": "TrustedLaunch"})

    run(project, f"{up} --yes --skip-preview --non-interactive")
    assert images(project) == {f"{GOLDEN}/versions/1.0.0"}
    runs = [each for each in project.events("extensionRun") if "CustomScript" in str(each)]
    assert len(runs) == len(project.instances())
    assert project.preview() == []

    project.configure(image="Ubuntu2404")
    words = refused(project)
    assert "give the new image to the idle slot of a StagedScaleSet and switch" in words
    assert "replaceWhenImmutable: true" in words

    project.configure(image=f"{GOLDEN}/versions/9.0.0", imageVersion={"resolveLatest": False})
    assert "its definition has no version 9.0.0 (G3)" in refused(project)


def delete(project: Project, image: str) -> None:
    """Deletes a version or a managed image by hand, and waits until it is gone."""
    project.arm("DELETE", image)
    kind = "Microsoft.Compute/galleries/images/versions" if "/versions/" in image else "Microsoft.Compute/images"
    while any(each["id"] == image for each in project.resources(kind)):
        project.arm("GET", project.scale_set()["id"])


def test_a_machine_in_the_program_is_captured_once(make_project: Callable[[str], Project]) -> None:
    """A machine that runs is refused at preview, a managed image of one of trusted launch too; a generalized one becomes a version, and another `up` finds it. A version that
    somebody deleted is made again, or refused at preview where the machine is gone, too."""
    project = make_project("linux-image")
    made_machine(project)
    without_image(project)
    project.configure(capturedImage={"virtualMachineId": demo_image.MACHINE})
    assert "the VM workshop is not generalized (V1)" in refused(project)

    demo_image.capture_machine(project.environment)
    project.configure(capturedImage={"virtualMachineId": demo_image.MACHINE, "managedImage": {}})
    assert "of such a VM Azure makes no managed image" in refused(project)

    project.configure(capturedImage={"virtualMachineId": demo_image.MACHINE})
    project.up()
    names = {each.split("/galleries/")[1] for each in images(project)}
    assert len(names) == 1
    assert names.pop().startswith("web_image/images/web-image-")
    assert project.preview() == []

    (version,) = images(project)
    delete(project, version)
    assert "/1.0.0 will be made of the VM workshop: the one that was made before is gone" in project.pulumi("preview").stdout
    project.up()
    assert images(project) == {version}
    assert project.preview() == []

    delete(project, version)
    project.arm("DELETE", demo_image.MACHINE)
    definition = project.arm("GET", version.partition("/versions/")[0])["id"]
    destination = {"definitionId": definition}
    without_image(project, capturedImage={"virtualMachineId": demo_image.MACHINE, "destination": destination})
    assert f"{demo_image.MACHINE} does not exist (any more), and neither does a version that was made of it" in refused(project)


def test_a_snapshot_becomes_an_image_of_its_own_security_type(make_project: Callable[[str], Project]) -> None:
    """Without a word about the definition: Azure takes no version of a snapshot for images of both kinds. A preview of another snapshot says that a version is made of it."""
    project = make_project("linux-image")
    made_machine(project)
    demo_image.capture_machine(project.environment)
    disk = project.arm("GET", demo_image.MACHINE)["properties"]["storageProfile"]["osDisk"]["managedDisk"]["id"]
    for name in ("one", "two"):
        body = {"location": "westeurope", "properties": {"creationData": {"createOption": "Copy", "sourceResourceId": disk}}}
        project.arm("PUT", f"{GOLDEN.partition('/galleries/')[0]}/snapshots/{name}", body)
    snapshot = f"{GOLDEN.partition('/galleries/')[0]}/snapshots/one"
    without_image(project, galleryImage={"source": {"snapshotId": snapshot}})

    project.up()
    (image,) = images(project)
    definition = project.arm("GET", image.partition("/versions/")[0])["properties"]
    assert (image.rpartition("/")[2], definition["features"]) == ("1.0.0", [{"name": "SecurityType", "value": "TrustedLaunch"}])
    assert project.preview() == []

    without_image(project, galleryImage={"source": {"snapshotId": snapshot.replace("/one", "/two")}})
    assert "/1.0.1 will be made of the snapshot two" in project.pulumi("preview").stdout


def test_a_managed_image_outlives_its_machine(make_project: Callable[[str], Project]) -> None:
    """One of a machine without trusted launch is made and used, and made again when somebody deleted it; when the machine is gone, the next `up` finds it."""
    project = make_project("linux-image")
    made_machine(project, "Standard")
    demo_image.capture_machine(project.environment)
    without_image(project, capturedImage={"virtualMachineId": demo_image.MACHINE, "managedImage": {}}, security={"type": "Standard"})

    project.up()
    (image,) = images(project)
    assert re.fullmatch(r".*/providers/Microsoft\.Compute/images/web-image-[0-9a-f]{8}", image)
    assert project.arm("GET", image)["properties"]["hyperVGeneration"] == "V2"
    delete(project, image)
    assert "will be made of the VM workshop: the one that was made before is gone" in project.pulumi("preview").stdout
    project.up()
    assert project.resources("Microsoft.Compute/images") != []
    project.arm("DELETE", demo_image.MACHINE)
    assert project.preview() == []

    delete(project, image)
    assert "does not exist (any more), and neither does an image" in refused(project)


REFUSED: dict[str, tuple[Any, Any, str]] = {
    "specialised": (
        {"osState": "Specialized"},
        {},
        "it is specialized: a machine with its own name and users, which takes no osProfile (G9)",
    ),
    "elsewhere": ({}, {"location": "northeurope"}, "its version 1.0.0 is not replicated to westeurope (only to northeurope) (G6)"),
    "nowhere": (
        {},
        {"location": "northeurope", "floats": True},
        "of its versions Azure takes none in westeurope: 1.0.0 is not replicated to westeurope",
    ),
    "windows": ({"osType": "Windows"}, {}, "it is an image of Windows, but os is Linux (G8)"),
}
"""What is wrong with an image: what its definition says, where it is (and whether no version is named), and what the preview says."""


def test_what_azure_would_refuse_of_an_image_is_refused_at_preview(make_project: Callable[[str], Project]) -> None:
    """A specialised image, one that isn't in the region, with a version and without, one of another system; and a machine for a definition of another generation."""
    project = make_project("linux-image")
    project.arm("PUT", GOLDEN.partition("/providers/")[0], {"location": "westeurope"})
    gallery = GOLDEN.partition("/images/")[0]
    project.arm("PUT", gallery, {"location": "westeurope"})
    for name, (properties, place, words) in REFUSED.items():
        make_version(project, f"{gallery}/images/{name}", properties, place.get("location", "westeurope"))
        without_image(project, image=f"{gallery}/images/{name}" + ("" if place.get("floats") else "/versions/1.0.0"))
        assert words in refused(project)

    made_machine(project)
    demo_image.capture_machine(project.environment)
    old = f"{gallery}/images/old"
    project.arm("PUT", old, definition_body(old, hyperVGeneration="V1", features=[]))
    destination = {"definitionId": old}
    without_image(project, capturedImage={"virtualMachineId": demo_image.MACHINE, "destination": destination})
    assert "the VM workshop is of generation V2, and the definition old of V1 (B12)" in refused(project)


SUPPORTED: Any = {"features": [{"name": "SecurityType", "value": "TrustedLaunchSupported"}]}


def make_version(project: Project, image: str, properties: dict[str, Any], location: str) -> None:
    """A definition that supports trusted launch, with version 1.0.0 in one region, made of a VHD."""
    project.arm("PUT", image, definition_body(image, **{**SUPPORTED, **properties}))
    account = f"{image.partition('/providers/')[0]}/providers/Microsoft.Storage/storageAccounts/vhds0"
    project.arm("PUT", account, {"location": "westeurope", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}})
    uri = "https://vhds0.blob.core.windows.net/v/a.vhd"
    store = Store(workspace.azure_file(Path(project.environment["OFFLINE_HOME"])))
    with store.transaction():
        store.put_blob(uri, b"", {"x-ms-blob-type": "PageBlob"})
    store.close()
    disk = {"osDiskImage": {"source": {"uri": uri, "storageAccountId": account}}}
    body = {"storageProfile": disk, "publishingProfile": {"targetRegions": [{"name": location}]}}
    project.arm("PUT", f"{image}/versions/1.0.0", {"location": location, "properties": body})
    while project.arm("GET", f"{image}/versions/1.0.0")["properties"]["provisioningState"] != "Succeeded":
        pass
