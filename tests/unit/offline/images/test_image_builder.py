"""Image Builder: what it refuses of a template and when, how a build goes, what it leaves."""

import uuid
from typing import Any

import pytest

from offline.arm import faults
from tests.unit.offline.arm import GROUP, SUBSCRIPTION
from tests.unit.offline.compute.world import extension
from tests.unit.offline.images.workshop import DEFINITION, GALLERY, GENERATION_1, IMAGE, MACHINE, SET, SUBNET, Workshop, changed

TEMPLATE = "Microsoft.VirtualMachineImages/imageTemplates/web"
IDENTITY = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/builder"
PUBLISHER = f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/85a2d0d9-2eba-4c9c-b355-11c2cc0788ab"
CONTRIBUTOR = f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/b24988ac-6180-42a0-ab88-20f7382dd24c"
SUPPORTED = [{"name": "SecurityType", "value": "TrustedLaunchSupported"}]


def template(**properties: Any) -> Any:
    """A template of one step, from Ubuntu to the gallery; `properties` replace its own."""
    own = {
        "source": {"type": "PlatformImage", "publisher": "Canonical", "offer": "ubuntu-24_04-lts", "sku": "server", "version": "latest"},
        "customize": [{"type": "Shell", "name": "install", "inline": ["apt-get install -y nginx"]}],
        "distribute": [
            {
                "type": "SharedImage",
                "runOutputName": "gallery",
                "galleryImageId": f"{GROUP}/providers/{DEFINITION}",
                "targetRegions": [{"name": "westeurope"}],
                "versioning": {"scheme": "Latest", "major": 1},
                "artifactTags": {"recipe": "abc"},
            }
        ],
    }
    identity = {"type": "UserAssigned", "userAssignedIdentities": {IDENTITY: {}}}
    return {"location": "westeurope", "identity": identity, "properties": {**own, **properties}}


@pytest.fixture
def builder(workshop: Workshop) -> Workshop:
    """A workshop with a definition, and an identity that may write into it."""
    workshop.definition(features=SUPPORTED)
    workshop.done("PUT", IDENTITY, {"location": "westeurope"})
    assign(workshop, PUBLISHER, f"{GROUP}/providers/{GALLERY}")
    return workshop


def assign(workshop: Workshop, role: str, scope: str) -> None:
    """Gives the identity a role."""
    principal = workshop.arm.read(IDENTITY)["properties"]["principalId"]
    body = {"principalId": principal, "roleDefinitionId": role, "principalType": "ServicePrincipal"}
    workshop.done("PUT", f"{scope}/providers/Microsoft.Authorization/roleAssignments/{uuid.uuid4()}", {"properties": body})


def ended(builder: Workshop) -> Any:
    """`lastRunStatus` when the run is over."""
    while True:
        status = builder.arm.read(TEMPLATE)["properties"].get("lastRunStatus") or {}
        if status.get("runState") not in (None, "Running"):
            return status


def log_of(builder: Workshop) -> str:
    """The customization log."""
    (url,) = [each for each in builder.arm.store.blobs() if each.endswith("/packerlogs/" + "/".join(each.split("/")[-2:]))]
    content, _ = builder.arm.store.blob(url) or (b"", {})
    return content.decode()


def test_build_makes_a_version_with_the_tags_of_its_recipe(builder: Workshop) -> None:
    """The template takes what `latest` means; the run output names the version, which a set can use, and whose number is above the ones there are."""
    builder.done("PUT", TEMPLATE, template())
    builder.done("POST", f"{TEMPLATE}/run")
    body = builder.arm.read(TEMPLATE)["properties"]
    artifact = builder.arm.read(f"{TEMPLATE}/runOutputs/gallery")["properties"]["artifactId"]
    made = builder.arm.read(artifact)
    assert builder.outcome(builder.put_set({"id": artifact})) is None
    assert (
        body["source"]["exactVersion"],
        body["lastRunStatus"]["runState"],
        artifact.rpartition("/")[2],
        made["tags"]["recipe"],
        made["properties"]["provisioningState"],
        "apt-get install -y nginx" in log_of(builder),
    ) == ("24.04.202510010", "Succeeded", "1.0.1", "abc", "Succeeded", True)


def test_build_for_a_managed_image_and_a_vhd(builder: Workshop) -> None:
    """With the right on the group: an image that a set can use, and the address of a page blob."""
    assign(builder, CONTRIBUTOR, GROUP)
    image = f"{GROUP}/providers/{IMAGE}"
    targets = [
        {"type": "ManagedImage", "runOutputName": "image", "imageId": image, "location": "westeurope"},
        {"type": "VHD", "runOutputName": "vhd"},
    ]
    builder.done("PUT", TEMPLATE, template(distribute=targets))
    builder.done("POST", f"{TEMPLATE}/run")
    outputs = {each["name"]: each["properties"] for each in builder.arm.read(f"{TEMPLATE}/runOutputs")["value"]}
    assert builder.outcome(builder.put_set({"id": image})) is None
    assert (outputs["image"]["artifactId"], outputs["vhd"]["artifactUri"].endswith(".vhd")) == (image, True)


def test_put_with_auto_run_does_not_wait_for_the_build(builder: Workshop) -> None:
    """When the PUT has ended, the build has not begun; then it goes on; then it has ended."""
    body = template(autoRun={"state": "Enabled"})
    last = (builder.arm.call("PUT", TEMPLATE, body).body or {})["properties"]
    while "lastRunStatus" not in (early := builder.arm.read(TEMPLATE)["properties"]):
        last = early
    assert (last["provisioningState"], early["lastRunStatus"]["runState"], ended(builder)["runState"]) == (
        "Succeeded",
        "Running",
        "Succeeded",
    )


def test_failed_step_fails_the_run_and_is_in_the_log(builder: Workshop) -> None:
    """The message leads to the log, and nothing is distributed."""
    faults.add(builder.arm.store, "buildStepFails", step="install", output="E: Unable to locate package", exitCode=100)
    builder.done("PUT", TEMPLATE, template())
    answer = builder.arm.call("POST", f"{TEMPLATE}/run")
    code = (builder.outcome(answer) or {})["code"]
    status, log = ended(builder), log_of(builder)
    assert (
        code,
        status["runState"],
        status["runSubState"],
        "packerlogs" in status["message"],
        "E: Unable to locate package" in log and "exit status: 100" in log,
        builder.arm.read(f"{DEFINITION}/versions")["value"],
    ) == ("PackerBuildFailed", "Failed", "Customizing", True, True, [])


def test_failed_validation_distributes_only_when_told_so(builder: Workshop) -> None:
    """With `continueDistributeOnFailure` there is a version; the run has failed in either case."""
    check = [{"type": "Shell", "name": "check", "inline": ["exit 3"]}]
    builder.done("PUT", TEMPLATE, template(validate={"inVMValidations": check}))
    builder.arm.call("POST", f"{TEMPLATE}/run")
    strict = ended(builder)["runState"], len(builder.arm.read(f"{DEFINITION}/versions")["value"])
    builder.done("DELETE", TEMPLATE)
    builder.done("PUT", TEMPLATE, template(validate={"inVMValidations": check, "continueDistributeOnFailure": True}))
    builder.arm.call("POST", f"{TEMPLATE}/run")
    lenient = ended(builder)["runState"], len(builder.arm.read(f"{DEFINITION}/versions")["value"])
    assert (strict, lenient) == (("Failed", 0), ("Failed", 1))


def test_role_that_comes_after_the_template_is_too_late(workshop: Workshop) -> None:
    """The identity is used when the template is taken in: the template has failed, can't be written again or run, and must be deleted."""
    workshop.definition(features=SUPPORTED)
    workshop.done("PUT", IDENTITY, {"location": "westeurope"})
    first = workshop.refused(TEMPLATE, template())
    error = workshop.arm.read(TEMPLATE)["properties"]["provisioningError"]["provisioningErrorCode"]
    again = [workshop.refused(TEMPLATE, template()), workshop.refused(f"{TEMPLATE}/run", None, "POST")]
    workshop.done("DELETE", TEMPLATE)
    assert (first, error, again) == ((0, "ValidationFailed"), "Unauthorized", [(409, "Conflict"), (409, "ImageTemplateNotReady")])


def test_role_may_count_late_on_order(builder: Workshop) -> None:
    """A role that was assigned a moment ago may not count yet."""
    faults.add(builder.arm.store, "rolesLate", seconds=600)
    assert builder.refused(TEMPLATE, template()) == (0, "ValidationFailed")


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        (
            {"source": {"type": "PlatformImage", "publisher": "Canonical", "offer": "none", "sku": "none", "version": "latest"}},
            "BadPIRSource",
        ),
        ({"customize": [{"type": "PowerShell", "name": "install", "inline": ["dir"]}]}, "UnsupportedCustomizerType"),
        (
            {
                "source": {
                    "type": "PlatformImage",
                    "publisher": "Canonical",
                    "offer": "ubuntu-24_04-lts",
                    "sku": "server-gen1",
                    "version": "latest",
                }
            },
            "BadSharedImageDistribute",
        ),
        ({"customize": [{"type": "Shell", "scriptUri": "https://nobody.blob.core.windows.net/files/install.sh"}]}, "NoCustomizerScript"),
    ],
)
def test_what_is_found_out_while_a_template_is_taken_in(builder: Workshop, properties: Any, expected: str) -> None:
    """A source that there is not, a step of the other system, another generation than the definition's, a script that can't be read."""
    refused = builder.refused(TEMPLATE, template(**properties))
    assert (refused, builder.arm.read(TEMPLATE)["properties"]["provisioningError"]["provisioningErrorCode"]) == (
        (0, "ValidationFailed"),
        expected,
    )


def test_what_is_on_the_disk_of_a_base_stays_there(builder: Workshop) -> None:
    """A handler that has run on the machine that the base is of has left its state: in what is built on it the set's own script doesn't run."""
    builder.scripted()
    of_generation_1: Any = {"hyperVGeneration": "V1", "features": []}
    builder.definition(f"{GALLERY}/images/base", **of_generation_1)
    base = builder.version(f"{GALLERY}/images/base/versions/1.0.0")
    builder.definition(f"{GALLERY}/images/built", **of_generation_1)
    built = f"{GROUP}/providers/{GALLERY}/images/built"
    target = {**template()["properties"]["distribute"][0], "galleryImageId": built}
    builder.done("PUT", TEMPLATE, template(source={"type": "SharedImageVersion", "imageVersionId": base}, distribute=[target]))
    builder.done("POST", f"{TEMPLATE}/run")

    assert builder.outcome(builder.put_set({"id": built}, extensionProfile={"extensions": [extension()]})) is None
    view = builder.arm.read(f"{SET}/virtualMachines/0/instanceView")["extensions"][0]["statuses"][0]
    assert "processed before" in view["message"]


def test_specialized_base_is_refused(builder: Workshop) -> None:
    """Image Builder makes generalized images, and has no way into such a machine."""
    builder.machine()
    builder.definition(f"{GALLERY}/images/base", osState="Specialized")
    base = builder.version(f"{GALLERY}/images/base/versions/1.0.0")
    refused = builder.refused(TEMPLATE, template(source={"type": "SharedImageVersion", "imageVersionId": base}))
    error = builder.arm.read(TEMPLATE)["properties"]["provisioningError"]
    assert (refused, error["provisioningErrorCode"]) == ((0, "ValidationFailed"), "BadSharedImageVersionSource")
    assert "specialized" in error["message"]


def test_identity_must_read_its_base_and_join_its_network(builder: Workshop) -> None:
    """The role on the gallery that is written isn't one on the image that is read, or on the network."""
    builder.generalized(GENERATION_1)
    base = {"type": "ManagedImage", "imageId": f"{GROUP}/providers/{IMAGE}"}
    machine = {"sourceVirtualMachine": {"id": f"{GROUP}/providers/{MACHINE}"}}
    builder.done("PUT", IMAGE, {"location": "westeurope", "properties": machine})
    target = {"type": "ManagedImage", "runOutputName": "image", "imageId": f"{GROUP}/providers/{IMAGE}2", "location": "westeurope"}
    inside = {"vnetConfig": {"subnetId": SUBNET}}
    bodies = (template(source=base), template(vmProfile=inside), template(distribute=[target]))
    refused = [builder.refused(f"{TEMPLATE}{number}", body) for number, body in enumerate(bodies)]
    errors = [builder.arm.read(f"{TEMPLATE}{number}")["properties"]["provisioningError"]["message"] for number in range(3)]
    missing = [action for action in ("images/read", "subnets/join/action", "images/write") for each in errors if f"/{action}'" in each]
    assert (refused, missing) == ([(0, "ValidationFailed")] * 3, ["images/read", "subnets/join/action", "images/write"])


def test_staging_group_of_ones_own_must_be_empty(builder: Workshop) -> None:
    """It is not touched then."""
    body = template(stagingResourceGroup=GROUP)
    assert builder.refused(TEMPLATE, body) == (0, "ValidationFailed")
    error = builder.arm.read(TEMPLATE)["properties"]["provisioningError"]["provisioningErrorCode"]
    builder.done("DELETE", TEMPLATE)
    assert (error, builder.arm.call("GET", GROUP).status) == ("BadStagingResourceGroup", 200)


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("identity", {"type": "None"}, (400, "ValidationFailed")),
        ("properties.buildTimeoutInMinutes", 5, (400, "ValidationFailed")),
        (
            "properties.customize",
            [{"type": "Shell", "name": "both", "inline": ["a"], "scriptUri": "https://a/b"}],
            (400, "ValidationFailed"),
        ),
        ("properties.customize", [{"type": "Bash"}], (400, "InvalidParameter")),
        ("properties.customize", [{"type": "Shell", "inline": ["a"], "runElevated": True}], (400, "InvalidRequestContent")),
        ("properties.distribute", [], (400, "ValidationFailed")),
    ],
)
def test_wrong_form_is_refused_at_once(builder: Workshop, path: str, value: Any, expected: tuple[int, str]) -> None:
    """No identity, a wrong timeout, two sources of a script, a kind of step that there is not, a property of another kind, nowhere to go."""
    assert builder.refused(TEMPLATE, changed(template(), path, value)) == expected


def test_recipe_of_a_template_can_not_be_changed(builder: Workshop) -> None:
    """Tags and the build machine can; the steps can't."""
    builder.done("PUT", TEMPLATE, template())
    steps = changed(template(), "properties.customize", [{"type": "Shell", "inline": ["true"]}])
    refused = builder.refused(TEMPLATE, steps)
    builder.done("PUT", TEMPLATE, {**template(vmProfile={"vmSize": "Standard_D4s_v5"}), "tags": {"team": "web"}})
    assert (refused, builder.arm.read(TEMPLATE)["tags"]) == ((409, "Conflict"), {"team": "web"})


def test_build_can_be_cancelled(builder: Workshop) -> None:
    """Which takes a while, in which it can't be begun or cancelled again, or the template be deleted; a cancelled run makes nothing, and another one can begin."""
    builder.done("PUT", TEMPLATE, template())
    answer = builder.arm.call("POST", f"{TEMPLATE}/run")
    twice = builder.refused(f"{TEMPLATE}/run", None, "POST")
    cancelled = builder.arm.call("POST", f"{TEMPLATE}/cancel")
    early = builder.arm.read(TEMPLATE)["properties"]["lastRunStatus"]["runState"]
    meanwhile = [builder.refused(*each) for each in ((TEMPLATE, None, "DELETE"), (f"{TEMPLATE}/cancel", None, "POST"))]
    assert builder.outcome(cancelled) is None
    assert (twice, early, meanwhile, (builder.outcome(answer) or {})["code"], ended(builder)["runState"]) == (
        (409, "ImageTemplateIsRunning"),
        "Canceling",
        [(405, "OperationNotAllowed"), (409, "ImageTemplateNotRunning")],
        "OperationCanceled",
        "Canceled",
    )
    assert builder.arm.read(f"{DEFINITION}/versions")["value"] == []
    assert builder.done("POST", f"{TEMPLATE}/run") is None
    assert ended(builder)["runState"] == "Succeeded"


def test_template_is_not_deleted_while_it_is_built(builder: Workshop) -> None:
    """The build goes on; when it was cancelled, the template can be deleted."""
    builder.done("PUT", TEMPLATE, template())
    builder.arm.call("POST", f"{TEMPLATE}/run")
    refused = builder.refused(TEMPLATE, None, "DELETE")
    going_on = builder.arm.read(TEMPLATE)["properties"]["lastRunStatus"]["runState"]
    builder.done("POST", f"{TEMPLATE}/cancel")
    builder.done("DELETE", TEMPLATE)
    assert (refused, going_on) == ((405, "OperationNotAllowed"), "Running")


def test_deleted_template_takes_its_staging_group_and_leaves_its_images(builder: Workshop) -> None:
    """What a build has made outlives its template."""
    builder.done("PUT", TEMPLATE, template())
    builder.done("POST", f"{TEMPLATE}/run")
    staging = builder.arm.read(TEMPLATE)["properties"]["exactStagingResourceGroup"]
    there = builder.arm.call("GET", staging).status
    builder.done("DELETE", TEMPLATE)
    versions = [each["name"] for each in builder.arm.read(f"{DEFINITION}/versions")["value"]]
    assert (there, builder.arm.call("GET", staging).status, versions) == (200, 404, ["1.0.1"])
