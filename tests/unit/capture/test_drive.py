"""A capture on the offline Azure: what it does to the VM, what it makes, and where it stops."""

from typing import Any

import pytest

from azure_scaleset.capture.drive import CaptureError
from azure_scaleset.capture.looking import found_again, taken
from azure_scaleset.capture.steps import UnclearStateError
from azure_scaleset.capture.wanted import Wanted
from offline.arm import faults
from tests.unit.capture.bench import VERSION, VM, Bench
from tests.unit.offline.arm import GROUP
from tests.unit.offline.compute.world import extension
from tests.unit.offline.images.workshop import ARM64, FLATCAR, GENERATION_1, MACHINE, PLAN, SET, WINDOWS, changed
from tests.unit.rollout.transport import Killed, connect

TRUSTED = {"securityType": "TrustedLaunch"}


def test_linux_vm_becomes_a_version_of_its_own_kind(bench: Bench) -> None:
    """Gallery and definition are made as the VM is, the steps are told in order, and a scale set of the version comes up."""
    bench.make()
    done = bench.capture()
    definition = bench.arm.read(VERSION.partition("/versions/")[0])["properties"]
    assert (done.image_id, bench.said) == (
        VERSION,
        [
            "0/4 build: prepare its system, which turns it off",
            "1/4 build: note that its system is prepared",
            "1/4 build: deallocate it",
            "2/4 build: mark it as generalized: it never starts again",
            "3/4 build: make the image",
            "3/4 making build/1.0.0",
        ],
    )
    assert (definition["osType"], definition["hyperVGeneration"], definition["features"]) == (
        "Linux",
        "V2",
        [{"name": "SecurityType", "value": "TrustedLaunch"}],
    )
    assert bench.runs_a_set(VERSION, securityProfile=TRUSTED)


def test_windows_vm_is_waited_for_till_sysprep_is_done(bench: Bench) -> None:
    """The VM turns itself off only with the image state that says so."""
    bench.make(WINDOWS)
    done = bench.capture()
    assert (done.image_id, done.vm.tells.os, [each["data"]["prepared"] for each in bench.store.events("machineGeneralized")]) == (
        VERSION,
        "Windows",
        [True],
    )


def test_extensions_are_removed_so_that_those_of_the_set_run(bench: Bench) -> None:
    """A scale set's own script runs on an instance of the image."""
    bench.make(extension=True)
    image = bench.capture().image_id
    script = extension()
    assert bench.runs_a_set(image, securityProfile=TRUSTED, extensionProfile={"extensions": [script]})
    runs = [each for each in bench.store.events("extensionRun") if SET in each["subject"]]
    assert ([each["data"]["extension"] for each in runs], bench.said[0]) == (
        ["script"],
        "0/5 build: remove its extensions: their state on the disk would keep a scale set's own from running",
    )


def test_managed_image_of_an_old_machine(bench: Bench) -> None:
    """Of a VM without trusted launch a managed image can be made."""
    bench.make(GENERATION_1)
    done = bench.capture(managed_image="golden")
    assert (done.image_id, bench.runs_a_set(done.image_id)) == (f"{GROUP}/providers/Microsoft.Compute/images/golden", True)


def test_stopped_vm_is_started_first(bench: Bench) -> None:
    """Its system must run to prepare itself."""
    bench.make()
    bench.workshop.done("POST", f"{MACHINE}/deallocate")
    bench.capture()
    assert bench.said[0] == "0/5 build: start it: its system must prepare itself"


def test_deleted_vm_takes_disk_and_interface(bench: Bench) -> None:
    """Nothing of it is left but the image, by one deletion; the same command afterwards finds the image."""
    bench.make()
    done = bench.capture(delete_vm=True)
    assert (bench.left(), len(done.deleted)) == (
        ["galleries group_images", "galleries/images build", "galleries/images/versions 1.0.0"],
        3,
    )
    assert found_again(connect(bench.wire), VM, Wanted()) == VERSION


def test_vm_that_was_captured_before_is_only_deleted(bench: Bench) -> None:
    """The image is found by its tag and not made again; what can't go with the VM any more goes after it."""
    bench.make()
    first = bench.capture().image_id
    again = bench.capture(delete_vm=True).image_id
    assert (first, again, [each for each in bench.left() if "galleries" not in each]) == (VERSION, VERSION, [])


@pytest.mark.parametrize("wanted", [Wanted(), Wanted(managed_image="golden")], ids=["version", "managed image"])
def test_an_image_that_azure_failed_to_make_is_none_of_a_vm_that_is_gone(bench: Bench, wanted: Wanted) -> None:
    """Nor one that is being deleted."""
    bench.make(GENERATION_1)
    image = bench.capture(managed_image=wanted.managed_image, delete_vm=True).image_id
    body = bench.workshop.arm.read(image)
    assert found_again(connect(bench.wire), VM, wanted) == image
    for state in ("Failed", "Deleting"):
        with bench.store.transaction():
            bench.store.put(image, body["type"], {**body, "properties": {**body["properties"], "provisioningState": state}})
        assert found_again(connect(bench.wire), VM, wanted) is None


def test_next_vm_of_the_same_name_counts_up(bench: Bench) -> None:
    """Another VM is another content, and gets the next number."""
    bench.make()
    bench.capture(delete_vm=True)
    bench.make()
    assert bench.capture().image_id == VERSION.replace("1.0.0", "1.0.1")


@pytest.mark.parametrize("image", ["linux", "windows"])
def test_system_that_does_not_prepare_itself_is_told_after_the_time(bench: Bench, image: str) -> None:
    """The VM still runs and can be mended; when it is, the same command goes on."""
    bench.make(WINDOWS if image == "windows" else GENERATION_1)
    faults.add(bench.store, "generalizationFails")
    with pytest.raises(CaptureError, match="did not prepare itself within 5 minutes") as error:
        bench.capture(minutes=5)
    assert ("IMAGE_STATE_UNDEPLOYABLE" in str(error.value)) == (image == "windows")
    faults.clear(bench.store)
    assert bench.capture().image_id == VERSION


def test_version_that_another_vm_has_is_not_taken(bench: Bench) -> None:
    """A stated number that is taken is an error that says by what."""
    bench.make()
    bench.capture(version="2.0.0", delete_vm=True)
    bench.make()
    with pytest.raises(CaptureError, match=r"version 2\.0\.0 exists"):
        bench.capture(version="2.0.0")


def test_taken_version_or_managed_image_is_known_before(bench: Bench) -> None:
    """Both are looked for while the VM still runs; what was made of this VM is not taken."""
    bench.make(GENERATION_1)
    bench.capture(version="2.0.0")
    first = bench.vm()
    assert first is not None
    assert taken(connect(bench.wire), first, Wanted(version="2.0.0")) == []
    bench.workshop.done(
        "PUT",
        "Microsoft.Compute/images/golden",
        {"location": "westeurope", "properties": {"hyperVGeneration": "V1", "sourceVirtualMachine": {"id": VM}}},
    )
    bench.workshop.arm.call("DELETE", MACHINE)
    bench.make(GENERATION_1)
    other = bench.vm()
    assert other is not None
    told = [*taken(connect(bench.wire), other, Wanted(version="2.0.0")), *taken(connect(bench.wire), other, Wanted(managed_image="golden"))]
    assert [each.partition(",")[0] for each in told] == [
        "--image-version: version 2.0.0 exists",
        "--managed-image golden: there is one of this name",
    ]
    assert taken(connect(bench.wire), other, Wanted(version="2.0")) == []


def test_version_goes_to_all_its_regions(bench: Bench) -> None:
    """The VM's own is among them."""
    bench.make()
    image = bench.capture(regions=["northeurope", "West Europe"]).image_id
    regions = bench.arm.read(image)["properties"]["publishingProfile"]["targetRegions"]
    assert [each["name"] for each in regions] == ["West Europe", "North Europe"]


def test_vm_that_was_stopped_before_it_was_told_anything_is_not_captured(bench: Bench) -> None:
    """Killed between the mark and the script, then stopped by hand: its system isn't prepared, and the command says that nobody can tell."""
    bench.make()

    def die(_: int) -> None:
        if bench.wire.calls[-1] == ("POST", f"{VM}/runCommand"):
            raise Killed

    bench.wire.before = die
    with pytest.raises(Killed):
        bench.capture()
    bench.wire.before = lambda number: None
    bench.workshop.done("POST", f"{MACHINE}/powerOff")
    with pytest.raises(UnclearStateError, match="build was stopped while its system was being prepared"):
        bench.capture()
    assert bench.store.events("machineGeneralized") == []

    bench.workshop.done("POST", f"{MACHINE}/start")
    assert bench.capture().image_id == VERSION


@pytest.mark.parametrize(
    ("image", "size", "plan", "expected"),
    [
        (ARM64, "Standard_D2ps_v5", None, ("Arm64", None)),
        (FLATCAR, "Standard_D2s_v5", PLAN, ("x64", PLAN)),
    ],
    ids=["arm64", "plan"],
)
def test_the_definition_has_architecture_and_plan_of_the_vm(bench: Bench, image: Any, size: str, plan: Any, expected: Any) -> None:
    """So Azure takes the version, and tells others which plan a scale set of it needs."""
    body = bench.workshop.machine_body(image)
    body["properties"]["hardwareProfile"]["vmSize"] = size
    bench.workshop.done("PUT", MACHINE, changed(body, "plan", plan))
    done = bench.capture()

    properties = bench.arm.read(done.image_id.partition("/versions/")[0])["properties"]
    assert (properties["architecture"], properties.get("purchasePlan")) == expected
    assert bench.arm.read(done.image_id)["properties"]["provisioningState"] == "Succeeded"
