"""Images of one's own: a captured machine, what Azure would refuse of it, and the way from a platform image."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from offline import workspace
from offline.arm.store import Store
from tests.engine.project import Project
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


def test_a_captured_machine_becomes_the_image_of_a_set_whose_script_runs_then(make_project: Callable[[str], Project]) -> None:
    """Without the image the preview says so; with it, the instances are of it, and the script finds the prerequisites there. What doesn't fit is refused at preview: another
    security type, another system, a platform image on the living set, with the ways round."""
    project = make_project("linux-image")
    assert f"image is '{GOLDEN}', and of its versions in westeurope " in refused(project)

    demo_image.capture(Path(project.environment["OFFLINE_HOME"]), project.environment)
    project.configure(security={"type": "Standard"})
    assert "its security type is TrustedLaunch: only machines of trusted launch can be made of it" in refused(project)
    project.configure(security={"type": "TrustedLaunch"})

    project.up()
    image = {each["properties"]["storageProfile"]["imageReference"]["id"] for each in project.instances()}
    assert image == {f"{GOLDEN}/versions/1.0.0"}
    runs = [each for each in project.events("extensionRun") if "CustomScript" in str(each)]
    assert len(runs) == len(project.instances())
    assert project.preview() == []

    project.configure(image="Ubuntu2404")
    words = refused(project)
    assert "give the new image to the idle slot of a StagedScaleSet and switch" in words
    assert "replaceWhenImmutable: true" in words

    project.configure(image=f"{GOLDEN}/versions/9.0.0", imageVersion={"resolveLatest": False})
    assert "its definition has no version 9.0.0 (G3)" in refused(project)


def test_a_machine_in_the_program_is_captured_once(make_project: Callable[[str], Project]) -> None:
    """A machine that runs is refused at preview, a managed image of one of trusted launch too; a generalized one becomes a version, and another `up` finds it."""
    project = make_project("linux-image")
    settings = project.settings()
    del settings["config"]["azure-scaleset:image"]
    del settings["config"]["azure-scaleset:imageVersion"]
    project.write_settings(settings)
    store = Store(workspace.azure_file(Path(project.environment["OFFLINE_HOME"])))
    demo_image.make_machine(store, "true")
    project.configure(capturedImage={"virtualMachineId": demo_image.MACHINE})
    assert "the VM workshop is not generalized (V1)" in refused(project)

    demo_image.capture_machine(project.environment)
    project.configure(capturedImage={"virtualMachineId": demo_image.MACHINE, "managedImage": {}})
    assert "of such a VM Azure makes no managed image" in refused(project)

    project.configure(capturedImage={"virtualMachineId": demo_image.MACHINE})
    project.up()
    names = {each["properties"]["storageProfile"]["imageReference"]["id"].split("/galleries/")[1] for each in project.instances()}
    assert len(names) == 1
    assert names.pop().startswith("web_image/images/web-image-")
    assert project.preview() == []
