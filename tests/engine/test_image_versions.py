"""`latest`: made visible by a stack that resolves it, left to Azure by one that doesn't."""

from collections.abc import Callable
from pathlib import Path

from offline import workspace
from offline.arm.compute import publishing
from offline.arm.store import Store
from tests.engine.project import Project

IMAGE = "Canonical:0001-com-ubuntu-server-jammy:22_04-lts-gen2"
OLD, NEW = "22.04.202510020", "22.04.202611200"


def publish(project: Project) -> None:
    """A new `latest`."""
    store = Store(workspace.azure_file(Path(project.environment["OFFLINE_HOME"])))
    with store.transaction():
        publishing.publish(store, f"{IMAGE}:{NEW}")
    store.close()


def versions(project: Project) -> set[str]:
    """The versions of the image that the instances' OS disks are of."""
    return {each["properties"]["storageProfile"]["imageReference"]["exactVersion"] for each in project.instances()}


def test_a_newer_version_is_a_difference_that_the_preview_shows(make_project: Callable[[str], Project]) -> None:
    """A stack that resolves sends the number; a newer version is shown, with what it does to the instances, and brought to them. `hold` keeps what there is, and a
    constraint that nothing fits is an error that names it."""
    project = make_project("linux-script")
    project.configure(image=f"{IMAGE}:latest", imageVersion={"resolveLatest": True, "constraint": "22.04.*"})
    project.up()
    assert project.scale_set()["properties"]["virtualMachineProfile"]["storageProfile"]["imageReference"]["version"] == OLD

    publish(project)
    project.configure(imageVersion={"resolveLatest": True, "hold": True})
    assert project.preview() == []

    project.configure(imageVersion={"resolveLatest": True})
    shown = project.pulumi("preview", "--diff").stdout
    assert f'version: "{OLD}" => "{NEW}"' in shown
    assert "reimaged: virtualMachineProfile.storageProfile.imageReference" in project.pulumi("preview").stdout
    project.up()
    assert versions(project) == {NEW}
    assert project.preview() == []

    project.configure(imageVersion={"resolveLatest": True, "constraint": "23.*"})
    refused = project.pulumi("preview", check=False)
    assert refused.returncode != 0
    assert f"image is '{IMAGE}', and of its versions in westeurope there is none that fits 23.*" in refused.stdout + refused.stderr


def test_what_is_not_resolved_is_azures_own(make_project: Callable[[str], Project]) -> None:
    """Without resolving a new version is no difference; automatic OS upgrades bring the instances to it. Both at once are refused."""
    project = make_project("linux-script")
    project.configure(
        image=f"{IMAGE}:latest",
        upgrade={"automaticOsUpgrade": True},
        imageVersion={"resolveLatest": True},
    )
    refused = project.pulumi("preview", check=False)
    assert "imageVersion.resolveLatest and upgrade.automaticOsUpgrade are both true" in refused.stdout + refused.stderr

    project.configure(imageVersion={"resolveLatest": False})
    project.up()
    assert versions(project) == {OLD}

    publish(project)
    assert project.preview() == []
    for _ in range(200):
        if versions(project) == {NEW}:
            break
    assert versions(project) == {NEW}
    assert project.preview() == []
