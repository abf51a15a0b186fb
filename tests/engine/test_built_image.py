"""An image as code: what a changed recipe does, and what going back does."""

import re
from collections.abc import Callable

from tests.engine.project import Change, Project

VERSION = "Microsoft.Compute/galleries/images/versions"
TEMPLATE = "Microsoft.VirtualMachineImages/imageTemplates"


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
    assert "/1.0.0 is there already: it is used again; nothing is built" in project.pulumi("preview").stdout
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


def refused(project: Project) -> str:
    """What an `up` says that fails."""
    done = project.pulumi("up", "--yes", "--skip-preview", check=False)
    assert done.returncode != 0, done.stdout
    return done.stdout + done.stderr


def states(project: Project) -> list[str]:
    """The provisioning states of the templates."""
    return [each["properties"]["provisioningState"] for each in project.resources(TEMPLATE)]


def test_a_refused_template_is_submitted_once_more(make_project: Callable[[str], Project]) -> None:
    """Rights that come later than `up` waits for them fail it, and each `up` until they are there, with another recipe too; then `up` ends well, and the templates that
    were refused are gone."""
    project = make_project("linux-built")
    project.order_fault("rolesLate", seconds=100_000)
    assert "Not authorized to access the resource" in refused(project)
    assert states(project) == ["Failed"]
    assert "was refused (Not authorized to access the resource" in project.pulumi("preview").stdout

    assert "Not authorized to access the resource" in refused(project)
    project.edit("apps/linux-built/prepare.sh", "version=1.0", "version=1.1")
    assert "Not authorized to access the resource" in refused(project)

    project.clear_faults()
    project.up()
    assert (built(project), images(project), states(project)) == (1, {"1.0.0"}, ["Succeeded"])
    assert project.preview() == []


def test_going_back_from_a_recipe_that_was_refused(make_project: Callable[[str], Project]) -> None:
    """Whether the one before was refused or is good: its template is there again, and stays; the image that is there is used."""
    project = make_project("linux-built")
    project.order_fault("rolesLate", seconds=100_000)
    refused(project)
    for _ in range(2):
        project.edit("apps/linux-built/prepare.sh", "version=1.0", "version=1.1")
        project.order_fault("rolesLate", seconds=100_000)
        assert "Not authorized to access the resource" in refused(project)

        project.edit("apps/linux-built/prepare.sh", "version=1.1", "version=1.0")
        project.clear_faults()
        project.up()
        assert (built(project), images(project), states(project)) == (1, {"1.0.0"}, ["Succeeded"])
    assert project.preview() == []


def test_a_refused_template_that_a_refresh_has_seen(make_project: Callable[[str], Project]) -> None:
    """After a refresh Pulumi takes it for one that is well. `up` says what it is and deletes it; another refresh, and `up` ends well."""
    project = make_project("linux-built")
    project.order_fault("rolesLate", seconds=100_000)
    assert "Not authorized to access the resource" in refused(project)
    project.clear_faults()
    project.pulumi("refresh", "--yes", "--skip-preview")
    assert "Next: mend that, then `pulumi refresh` and `pulumi up`" in refused(project)

    project.pulumi("refresh", "--yes", "--skip-preview")
    project.up()
    assert (built(project), images(project), states(project)) == (1, {"1.0.0"}, ["Succeeded"])


def test_a_version_that_somebody_deleted_is_built_again(make_project: Callable[[str], Project]) -> None:
    """The preview says so, though the recipe is the same; `up` builds it under the same number, and then nothing is left to do."""
    project = make_project("linux-built")
    project.up()
    (version,) = project.resources(VERSION)
    project.arm("DELETE", version["id"])
    while project.resources(VERSION):
        project.arm("GET", project.scale_set()["id"])

    shown = project.pulumi("preview").stdout
    assert re.search(r"/1\.0\.0 will be built by web-image-\w+ of \S+: the one that was made before is gone", shown), shown
    project.up()
    assert (built(project), [each["name"] for each in project.resources(VERSION)]) == (2, ["1.0.0"])
    assert project.preview() == []


def test_a_build_of_the_old_recipe_gives_way(make_project: Callable[[str], Project]) -> None:
    """Azure deletes no template while it builds. Another recipe's `up` cancels that build, as the preview says, and goes on."""
    project = make_project("linux-built")
    project.up()
    (old,) = project.resources(TEMPLATE)
    project.arm("POST", f"{old['id']}/run")
    project.edit("apps/linux-built/prepare.sh", "version=1.0", "version=1.1")
    assert f"the template {old['name']} builds another recipe: that will be cancelled, as web-image-" in project.pulumi("preview").stdout

    said = project.up()
    assert f"the build {old['name']}, of another recipe, is cancelled" in said
    assert (built(project), images(project), states(project)) == (3, {"1.0.1"}, ["Succeeded"])
    assert project.preview() == []
