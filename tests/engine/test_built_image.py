"""An image as code: what a changed recipe does, and what going back does."""

from collections.abc import Callable

from tests.engine.project import Change, Project

VERSION = "Microsoft.Compute/galleries/images/versions"


def images(project: Project) -> set[str]:
    """The image versions that the instances are of."""
    return {each["properties"]["storageProfile"]["imageReference"]["id"].rpartition("/")[2] for each in project.instances()}


def built(project: Project) -> int:
    """How many builds there were."""
    return len(project.events("imageBuild"))


def test_an_edited_recipe_is_built_rolled_out_and_found_again(make_project: Callable[[str], Project]) -> None:
    """The first `up` builds; an edit makes another template and version and reimages the instances; going back uses the old version without a build."""
    project = make_project("linux-built")
    project.up()
    assert (built(project), images(project)) == (1, {"1.0.0"})
    assert project.preview() == []

    project.edit("apps/linux-built/prepare.sh", "version=1.0", "version=1.1")
    shown = project.preview()
    words = project.pulumi("preview").stdout
    assert Change("replace", "azure-native:virtualmachineimages:VirtualMachineImageTemplate::web-image-template", ()) in [
        Change(each.op, each.resource) for each in shown
    ]
    assert "/1.0.1 will be built by web-image-" in words
    assert "reimaged: virtualMachineProfile.storageProfile.imageReference" in words
    assert "each of 3 instances" in words

    project.up()
    assert (built(project), images(project)) == (2, {"1.0.1"})
    assert project.preview() == []

    project.edit("apps/linux-built/prepare.sh", "version=1.1", "version=1.0")
    assert "/1.0.0 is there already: it is used again, nothing is built" in project.pulumi("preview").stdout
    project.up()
    assert (built(project), images(project)) == (2, {"1.0.0"})
    assert sorted(each["name"] for each in project.resources(VERSION)) == ["1.0.0", "1.0.1"]
    assert project.preview() == []
    project.pulumi("destroy", "--yes", "--skip-preview")


def test_a_failed_build_stops_the_update_and_shows_its_log(make_project: Callable[[str], Project]) -> None:
    """The scale set is not made or touched; the error has the last lines of the log; the next `up` runs the build once more."""
    project = make_project("linux-built")
    project.order_fault("buildStepFails", step="prepare.sh", output="E: Unable to locate package nginx", times=1)
    failed = project.pulumi("up", "--yes", "--skip-preview", check=False)
    words = failed.stdout + failed.stderr
    assert failed.returncode != 0
    assert "ended as Failed" in words, words
    assert "E: Unable to locate package nginx" in words, words
    assert project.resources("Microsoft.Compute/virtualMachineScaleSets") == []

    project.up()
    assert (built(project), images(project)) == (2, {"1.0.0"})
