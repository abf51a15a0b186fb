"""Each stack on the real engine: deployed, left alone, scaled, changed, reverted, destroyed."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.engine.project import Change, Project

SCALE_SET = "azure-native:compute:VirtualMachineScaleSet::web"
EXTENSION = "virtualMachineProfile.extensionProfile.extensions[0]"


@dataclass(frozen=True)
class Variant:
    """A stack, a file that its instances get, an edit of it, and the properties of its extension that carry the edit."""

    stack: str
    extension: str
    file: str
    old: str
    new: str
    carried_by: tuple[str, ...]

    @property
    def changes(self) -> list[Change]:
        """All that a preview says after the edit."""
        return [
            Change("update", SCALE_SET, tuple(f"{EXTENSION}.{name}" for name in self.carried_by)),
            Change("replace", f"azure-native:storage:Blob::web-{self.extension}", ("blobName", "source")),
            Change("replace", f"pulumi:index:Stash::web-{self.extension}-change"),
        ]


VARIANTS = [
    Variant("linux-script", "CustomScript", "apps/linux-script/workserver.py", "Healthy", "healthy", ("forceUpdateTag", "settings.script")),
    Variant(
        "windows-script",
        "CustomScript",
        "apps/windows-script/install-iis.ps1",
        "IIS",
        "IIS.",
        ("forceUpdateTag", "settings.commandToExecute"),
    ),
    Variant(
        "windows-dsc",
        "DSC",
        "apps/windows-dsc/configure-http.ps1",
        "IIS",
        "IIS.",
        ("forceUpdateTag", "protectedSettings", "settings.configuration"),
    ),
]


def last_tags(project: Project, extension: str) -> dict[str, str]:
    """Instance -> the digest of what it ran last."""
    runs = [event for event in project.events("extensionRun") if event["data"]["extension"] == extension]
    return {event["subject"].rsplit("/", 1)[-1]: event["data"]["forceUpdateTag"] for event in runs}


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.stack)
def test_an_edited_script_reaches_every_instance_and_its_revert_too(make_project: Callable[[str], Project], variant: Variant) -> None:
    """After an edit the preview shows what carries it and nothing else, `up` brings it to all instances, and a revert brings the old payload back."""
    project = make_project(variant.stack)
    project.up()
    first = last_tags(project, variant.extension)
    assert project.preview() == []

    project.touch(variant.file)
    assert project.preview() == []

    project.edit(variant.file, variant.old, variant.new)
    assert project.preview() == variant.changes
    project.up()
    second = last_tags(project, variant.extension)
    assert first.keys() == second.keys()
    assert not set(first.values()) & set(second.values())
    assert len(set(second.values())) == 1

    project.edit(variant.file, variant.new, variant.old)
    project.up()
    assert last_tags(project, variant.extension) == first
    assert project.preview() == []


@pytest.mark.parametrize("stack", ["linux-cloud-init", "linux-containers", "linux-script", "windows-script", "windows-dsc"])
def test_new_instances_run_what_the_others_ran(make_project: Callable[[str], Project], stack: str) -> None:
    """A stack deploys, an unchanged preview says no change, two more instances run the same extensions, and destroy leaves nothing."""
    project = make_project(stack)
    project.up()
    assert project.preview() == []
    before = project.instances()

    project.arm("PATCH", project.scale_set()["id"], {"sku": {**project.scale_set()["sku"], "capacity": len(before) + 2}})

    runs: dict[str, list[str]] = {}
    for event in project.events("extensionRun"):
        runs.setdefault(event["subject"], []).append(event["data"]["extension"])
    assert len(runs) == len(before) + 2
    assert len({tuple(names) for names in runs.values()}) == 1

    project.pulumi("destroy", "--yes", "--skip-preview")
    assert project.resources() == []


@pytest.mark.parametrize(
    ("stack", "edit"),
    [
        ("linux-cloud-init", lambda project: project.edit("apps/linux-cloud-init/cloud-init.yaml", "nginx", "nginx-light")),
        ("linux-containers", lambda project: project.edit("stacks/Pulumi.linux-containers.yaml", "nginx:1.29", "nginx:1.30")),
    ],
)
def test_an_edited_document_is_one_change_and_reaches_new_instances(
    make_project: Callable[[str], Project], stack: str, edit: Callable[[Project], None]
) -> None:
    """The preview shows the custom data and nothing else; the next new instance boots with it."""
    project = make_project(stack)
    project.up()

    edit(project)
    assert project.preview() == [Change("update", SCALE_SET, ("virtualMachineProfile.osProfile.customData",))]
    project.up()
    project.arm("PATCH", project.scale_set()["id"], {"sku": {**project.scale_set()["sku"], "capacity": 4}})

    documents = [event["data"]["customData"] for event in project.events("instanceCreated")]
    assert [document == documents[0] for document in documents] == [True, True, True, False]


def test_an_update_keeps_the_number_that_autoscale_set(make_project: Callable[[str], Project]) -> None:
    """A set that autoscale brought to 9 still has 9 after a changed script."""
    project = make_project("linux-script")
    project.up()
    project.arm("PATCH", project.scale_set()["id"], {"sku": {**project.scale_set()["sku"], "capacity": 9}})

    project.edit("apps/linux-script/workserver.py", "Healthy", "healthy")
    project.up()

    assert len(project.instances()) == 9
