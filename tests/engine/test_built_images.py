"""What a built image is given, and what it makes of that: steps, bases, networks, identities, validations; all of them in one program."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from offline import https_server, workspace
from offline.arm.compute import publishing
from offline.arm.store import Store
from tests.engine.built_images import Images, linux
from tests.engine.project import home
from tests.unit.offline.images.workshop import definition_body

FAILS = {"steps": [{"name": "check", "shell": {"commands": ["systemctl is-active nginx"]}}]}
"""A validation that fails: the fault is by the step's name."""
IMAGES = {
    "files": linux(
        steps=[{"file": {"file": "apps/linux-built/README.md", "destination": "/tmp/README.md"}}, {"shell": {"commands": ["true"]}}]
    ),
    "windows": {
        "os": "Windows",
        "base": "Win2022Datacenter",
        "steps": [
            {
                "name": "install",
                "powerShell": {"commands": ["Install-WindowsFeature Web-Server"], "elevated": True, "exitCodes": [0, 3010]},
            },
            {"windowsUpdate": {"updateLimit": 20}},
            {"windowsRestart": {}},
        ],
    },
    "inside": linux(network={"subnetId": "$subnet"}),
    "brought": linux(identityId="$identity", destination={"galleryId": "$gallery"}),
    "onfiles": linux(base="$files"),
    "arm": linux(base="Canonical:ubuntu-24_04-lts:server-arm64:latest"),
    "flatcar": linux(base="kinvolk:flatcar-container-linux-free:stable-gen2:latest"),
    "lenient": linux(validation={**FAILS, "continueOnFailure": True}),
    "itself": linux(autoRun=True),
}
"""One of each; what is said of it is by its name."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Images, str]]:
    """The program after its first `up`, in an Azure where a new role counts only after a while, and what `up` said."""
    assert workspace.is_set_up(), "The engine is not set up in this checkout. Run: make setup"
    root = tmp_path_factory.mktemp("images")
    home(root).mkdir()
    with https_server.running(home(root)) as server:
        project = Images.of(root, server, IMAGES)
        project.order_fault("rolesLate", seconds=200)
        project.order_fault("buildStepFails", step="check", output="inactive", exitCode=3)
        yield project, project.up()


def test_every_image_is_built_once_and_nothing_is_left(made: tuple[Images, str]) -> None:
    """Each role has arrived before its template was submitted, that of the files too; one that begins by itself is not begun a second time."""
    project, _ = made
    assert {name: (project.builds(name), [each["name"] for each in project.versions(name)]) for name in IMAGES} == {
        name: (1, ["1.0.0"]) for name in IMAGES
    }
    assert project.preview() == []


def test_steps_are_image_builders(made: tuple[Images, str]) -> None:
    """A file waits in private storage, with its digest; PowerShell runs with elevated rights and accepts its codes."""
    project, _ = made
    file, _ = project.template("files")["properties"]["customize"]
    assert (file["type"], file["sourceUri"].rpartition(".")[2], len(file["sha256Checksum"]), file["destination"]) == (
        "File",
        "md",
        64,
        "/tmp/README.md",
    )
    install, *others = project.template("windows")["properties"]["customize"]
    assert (install["runElevated"], install["validExitCodes"], [each["type"] for each in others]) == (
        True,
        [0, 3010],
        ["WindowsUpdate", "WindowsRestart"],
    )


def test_an_identity_has_the_roles_that_it_needs_and_no_more(made: tuple[Images, str]) -> None:
    """On the gallery that is written; on the files, the base, the network where there are such; one that is brought gets none."""
    project, _ = made
    publisher, blobs, reader, machines = "85a2d0d9", "2a2b9908", "cf7c76d2", "9980e02c"
    found = {name: project.roles(name) for name in ("files", "inside", "brought", "onfiles", "arm")}
    base = project.versions("files")[0]["id"].split("/")[-3]
    network = project.resources("Microsoft.Network/virtualNetworks")[0]["name"]
    assert found == {
        "files": {(publisher, "galleries/files"), (blobs, "containers/payload")},
        "inside": {(publisher, "galleries/inside"), (machines, f"virtualNetworks/{network}")},
        "brought": set(),
        "onfiles": {(publisher, "galleries/onfiles"), (reader, f"images/{base}")},
        "arm": {(publisher, "galleries/arm")},
    }
    assert next(iter(project.template("brought")["identity"]["userAssignedIdentities"])).endswith("/mine")
    assert project.versions("brought")[0]["id"].split("/galleries/")[1].startswith("mine/")


def test_a_definition_is_as_its_base(made: tuple[Images, str]) -> None:
    """Architecture, purchase plan and security type; Image Builder gets the plan, too."""
    project, _ = made
    plan = {"name": "stable-gen2", "publisher": "kinvolk", "product": "flatcar-container-linux-free"}
    told = {
        name: (definition["architecture"], definition.get("purchasePlan"), [each["value"] for each in definition["features"]])
        for name in ("arm", "flatcar", "onfiles")
        for definition in [project.definition(name)]
    }
    assert told == {
        "arm": ("Arm64", None, []),
        "flatcar": ("x64", plan, ["TrustedLaunchSupported"]),
        "onfiles": ("x64", None, ["TrustedLaunchSupported"]),
    }
    assert project.template("flatcar")["properties"]["source"]["planInfo"]["planProduct"] == plan["product"]


def test_a_failed_validation_warns_where_it_may_go_on(made: tuple[Images, str]) -> None:
    """Azure calls such a run failed; the version is there, and `up` says what it is worth, with the log."""
    project, said = made
    assert project.template("lenient")["properties"]["lastRunStatus"]["runState"] == "Failed"
    assert "as validation.continueOnFailure wants it, although" in said
    assert "exited with non-zero exit status: 3" in said


def test_a_failed_validation_fails_the_update(made: tuple[Images, str]) -> None:
    """Nothing is published, and nothing is made of the definition; the error has the log."""
    project, _ = made
    project.write({**IMAGES, "strict": linux(validation=FAILS)})
    done = project.pulumi("up", "--yes", "--skip-preview", check=False)
    project.write(IMAGES)
    assert done.returncode != 0
    assert "ended as Failed" in done.stdout + done.stderr
    assert "exited with non-zero exit status: 3" in done.stdout + done.stderr
    assert project.versions("strict") == []
    assert project.used() == set(IMAGES)


def test_what_image_builder_does_not_take_is_refused_at_preview_all_of_it_at_once(made: tuple[Images, str]) -> None:
    """A base that is for trusted launch alone, as of a machine that was captured; a definition of another generation than the base's, given or made; a base that isn't there."""
    project, _ = made
    definition = f"{project.versions('brought')[0]['id'].rpartition('/images/')[0]}/images/captured"
    project.arm("PUT", definition, definition_body(definition))
    wrong = {
        "captured": linux(base=f"{definition}/versions/1.0.0"),
        "given": linux(destination={"definitionId": definition}),
        "old": linux(destination={"definition": {"generation": "V1", "security": "Standard"}}),
        "nowhere": linux(base="Canonical:ubuntu-24_04-lts:server:1.2.3"),
    }
    project.write({**IMAGES, **wrong})
    done = project.pulumi("preview", check=False)
    project.write(IMAGES)
    said = done.stdout + done.stderr
    assert done.returncode != 0
    for words in (
        "an image only for machines of TrustedLaunch, on which Image Builder doesn't build (B13)",
        "the definition captured is for machines of TrustedLaunch alone, and Image Builder makes no such images (B13)",
        "is of generation V2, and the definition old-",
        "base is 'Canonical:ubuntu-24_04-lts:server:1.2.3', which Azure doesn't have in westeurope (G3)",
        *(f"error: BuiltImage '{name}' has " for name in wrong),
    ):
        assert words in said, said


def test_going_back_builds_nothing_where_azure_begins_the_builds(made: tuple[Images, str]) -> None:
    """The version is there: the template of the way back doesn't begin by itself."""
    project, _ = made
    assert project.template("itself")["properties"]["autoRun"] == {"state": "Enabled"}
    project.write({**IMAGES, "itself": linux("echo 2", autoRun=True)})
    project.up()
    assert project.template("itself")["properties"]["lastRunStatus"]["runState"] == "Succeeded"

    project.write(IMAGES)
    project.up()
    assert {"autoRun", "lastRunStatus"} & project.template("itself")["properties"].keys() == set()
    assert (project.builds("itself"), [each["name"] for each in project.versions("itself")]) == (2, ["1.0.0", "1.0.1"])
    assert project.preview() == []


def test_a_newer_base_is_another_recipe(made: tuple[Images, str]) -> None:
    """What is built on it is built anew, and what is built on that; the rest stays as it is."""
    project, _ = made
    before = {name: project.builds(name) for name in IMAGES}
    store = Store(workspace.azure_file(Path(project.environment["OFFLINE_HOME"])))
    with store.transaction():
        publishing.publish(store, "Canonical:ubuntu-24_04-lts:server:24.04.202611200")
    store.close()
    words = project.pulumi("preview").stdout
    assert "/1.0.1 will be built by inside-" in words
    assert "24.04.202611200" in words

    project.up()
    assert {name: project.builds(name) - before[name] for name in IMAGES} == {
        **dict.fromkeys(IMAGES, 1),
        **dict.fromkeys(("windows", "arm", "flatcar"), 0),
    }
    assert project.preview() == []
