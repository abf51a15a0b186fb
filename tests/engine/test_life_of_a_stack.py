"""Each stack on the real engine: deployed, left alone, scaled, changed, reverted, destroyed."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.engine.project import Change, Project

SCALE_SET = "azure-native:compute:VirtualMachineScaleSet::web"
EXTENSION = "virtualMachineProfile.extensionProfile.extensions[0]"


GATE = [
    Change("replace", "pulumi:index:Stash::web-model"),
    Change("update", "pulumi:index:Stash::web-rollout"),
]
"""What marks the change of a model, and the gate that is passed when every instance runs it."""


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
            Change("update", SCALE_SET, ("tags.azure-scaleset-change", *(f"{EXTENSION}.{name}" for name in self.carried_by))),
            Change("replace", f"azure-native:storage:Blob::web-{self.extension}", ("blobName", "source")),
            Change("replace", f"pulumi:index:Stash::web-{self.extension}-change"),
            *GATE,
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
    """A stack deploys, an unchanged preview says no change, two more instances get the same document and run the same extensions with the same content,
    and destroy leaves nothing."""
    project = make_project(stack)
    project.up()
    assert project.preview() == []
    before = project.instances()

    project.scale(len(before) + 2)

    runs: dict[str, list[object]] = {}
    for event in project.events("extensionRun"):
        ran = [event["data"][name] for name in ("extension", "forceUpdateTag", "settings", "protectedSettings", "files", "status")]
        runs.setdefault(event["subject"], []).append(ran)
    documents = {event["data"]["customData"] for event in project.events("instanceCreated")}
    assert len(runs) == len(before) + 2
    assert all(ran == next(iter(runs.values())) for ran in runs.values())
    assert len(documents) == 1

    project.pulumi("destroy", "--yes", "--skip-preview")
    assert project.resources() == []


@pytest.mark.parametrize(
    ("stack", "file", "old", "new"),
    [
        ("linux-cloud-init", "apps/linux-cloud-init/cloud-init.yaml", "nginx", "nginx-light"),
        ("linux-containers", "stacks/Pulumi.linux-containers.yaml", "nginx:1.29", "nginx:1.30"),
    ],
)
def test_an_edited_document_is_one_change_and_reaches_every_instance(
    make_project: Callable[[str], Project], stack: str, file: str, old: str, new: str
) -> None:
    """The preview shows the custom data, its marks and nothing else; after `up` every instance has booted with it; a revert brings the old one back."""
    project = make_project(stack)
    project.up()
    before = project.scale_set()["properties"]["virtualMachineProfile"]["osProfile"]["customData"]

    project.edit(file, old, new)
    changes = project.preview()
    assert [change for change in changes if "web-os-" not in change.resource] == [
        Change(
            "update",
            SCALE_SET,
            ("tags.azure-scaleset-change", "tags.azure-scaleset-os-since", "virtualMachineProfile.osProfile.customData"),
        ),
        *GATE,
    ]
    assert sorted(change.op for change in changes if "web-os-" in change.resource) == ["create", "delete"]
    project.up()

    after = project.scale_set()["properties"]["virtualMachineProfile"]["osProfile"]["customData"]
    booted = {event["subject"]: event["data"]["customData"] for event in project.events("instanceReimaged")}
    assert after != before
    assert list(booted.values()) == [after] * 3
    assert project.preview() == []

    project.edit(file, new, old)
    project.up()
    assert {event["subject"]: event["data"]["customData"] for event in project.events("instanceReimaged")} == dict.fromkeys(booted, before)


def test_an_update_keeps_the_number_that_autoscale_set(make_project: Callable[[str], Project]) -> None:
    """A set that autoscale brought to 9 still has 9 after a changed script."""
    project = make_project("linux-script")
    project.up()
    project.scale(9)

    project.edit("apps/linux-script/workserver.py", "Healthy", "healthy")
    project.up()

    assert len(project.instances()) == 9
