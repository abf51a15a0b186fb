"""The real command `scaleset capture`, as a process of its own, against the offline Azure over https."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from offline import workspace
from offline.arm.store import Store
from offline.https_server import running
from tests.contract.conftest import SUBSCRIPTION
from tests.unit.capture.bench import VERSION, VM
from tests.unit.offline.arm import Arm
from tests.unit.offline.images.workshop import GENERATION_1, MACHINE, Workshop

COMMAND = str(Path(sys.executable).with_name("scaleset"))
DEFINITION = VERSION.partition("/versions/")[0]
FLOATING = "That is this version, and no other. With imageVersion: {resolveLatest: true}, which takes newer ones, it is the definition:"
Done = subprocess.CompletedProcess[str]


@dataclass
class Shop:
    """An Azure with a VM, and the command beside it."""

    workshop: Workshop
    environment: dict[str, str]

    def run(self, *words: str) -> Done:
        """Runs `scaleset capture` with these words."""
        return subprocess.run([COMMAND, "capture", *words], env=self.environment, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """An Azure that is served, with the VM `build`."""
    home = tmp_path / "home"
    home.mkdir()
    with running(home) as served, closing(Store(workspace.azure_file(home))) as store:
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("AZURE_", "ARM_", "IDENTITY_", "MSI_", "COLUMNS"))
        }
        arm = Arm(store)
        arm.made("", {"location": "westeurope"})
        workshop = Workshop(arm)
        workshop.machine()
        yield Shop(workshop, {**kept, **served, "ARM_SUBSCRIPTION_ID": SUBSCRIPTION})


def test_capture_from_the_vm_to_the_lines_of_the_stack_file(shop: Shop) -> None:
    """One command makes gallery, definition and version, deletes the VM, and prints the id and what a stack file says."""
    done = shop.run("build", "--group", "group", "--delete-vm", "--yes")
    assert (done.returncode, done.stdout.splitlines()) == (
        0,
        [
            f"Captured build: {VERSION}",
            "It is deleted.",
            "In a stack file, below config:",
            "  azure-scaleset:os: Linux",
            f"  azure-scaleset:image: {VERSION}",
            "  azure-scaleset:security:",
            "    type: TrustedLaunch",
            FLOATING,
            f"  azure-scaleset:image: {DEFINITION}",
        ],
    ), done.stderr
    assert done.stderr.splitlines()[0] == "0 of 5 done; build: prepare its system, which turns it off"
    again = shop.run("build", "--group", "group", "--delete-vm", "--yes")
    assert (again.returncode, again.stdout) == (0, f"build is gone; it was captured before as {VERSION}\n")


def test_capture_as_json(shop: Shop) -> None:
    """The document that docs/commands.md describes."""
    done = shop.run(VM, "--output", "json", "--yes")
    assert json.loads(done.stdout) == {
        "image": VERSION,
        "definition": DEFINITION,
        "vm": VM,
        "deleted": [],
        "stack": ["azure-scaleset:os: Linux", f"azure-scaleset:image: {VERSION}", "azure-scaleset:security:", "  type: TrustedLaunch"],
    }


def test_command_that_deletes_the_vm_afterwards_makes_no_second_image(shop: Shop) -> None:
    """As it is printed, with all options that were given, it finds the image that was made, and deletes the VM."""
    given = ("--gallery", "golden", "--definition", "web", "--image-version", "2.5", "--region", "northeurope", "--timeout", "20")
    done = shop.run(VM, *given, "--yes")
    command = done.stdout.splitlines()[1].partition("To delete it: ")[2].split()
    assert command == ["scaleset", "capture", VM, *given, "--delete-vm"], done.stderr

    deleted = shop.run(*command[2:], "--yes")
    version = f"{VM.partition('/virtualMachines/')[0]}/galleries/golden/images/web/versions/2.5.0"
    assert (deleted.returncode, deleted.stdout.splitlines()[:2]) == (0, [f"Captured build: {version}", "It is deleted."]), deleted.stderr
    versions = shop.workshop.arm.store.resources(resource_type="Microsoft.Compute/galleries/images/versions")
    assert [each["id"] for each in versions] == [version]


def test_dry_run_changes_nothing(shop: Shop) -> None:
    """The steps, in order, and where the image would go."""
    done = shop.run(VM, "--dry-run", "--gallery", "golden", "--definition", "web")
    assert (done.returncode, done.stdout.splitlines()) == (
        0,
        [
            "1. prepare its system, which turns it off",
            "2. deallocate it",
            "3. mark it as generalized: it never starts again",
            "4. make the image",
            f"The image goes to {VM.partition('/virtualMachines/')[0]}/galleries/golden/images/web. Nothing was changed.",
        ],
    )
    assert shop.workshop.states()[-1] == "PowerState/running"


def test_nobody_to_ask(shop: Shop) -> None:
    """Without --yes and without a terminal nothing is done: it would end the use of the VM."""
    done = shop.run(VM)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"Nothing was done. To do it: scaleset capture {VM} --yes\n")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((VM, "--managed-image", "golden", "--yes"), "build is of trusted launch"),
        ((VM, "--managed-image", "golden", "--gallery", "my-images"), "--managed-image and --gallery were given"),
        (("build",), "Expected VM --group GROUP, or a resource id."),
        (("nobody", "--group", "group", "--yes"), "There is no VM"),
        (("/subscriptions/1", "--yes"), "is no resource id of a VM"),
    ],
)
def test_refused_words(shop: Shop, words: tuple[str, ...], expected: str) -> None:
    """Exit code 2, and what is expected; the VM is as it was."""
    done = shop.run(*words)
    assert (done.returncode, done.stdout, expected in done.stderr) == (2, "", True), done.stderr
    assert shop.workshop.states()[-1] == "PowerState/running"


def test_managed_image_of_an_old_machine(shop: Shop) -> None:
    """A VM of generation 1 becomes a managed image where that is asked for."""
    shop.workshop.machine(GENERATION_1, MACHINE.replace("build", "old"))
    done = shop.run("old", "--group", "group", "--managed-image", "golden", "--yes")
    image = VM.replace("virtualMachines/build", "images/golden")
    assert (done.returncode, done.stdout.splitlines()) == (
        0,
        [
            f"Captured old: {image}",
            f"It is of no more use. To delete it: scaleset capture {VM.replace('build', 'old')} --managed-image golden --delete-vm",
            "In a stack file, below config:",
            "  azure-scaleset:os: Linux",
            f"  azure-scaleset:image: {image}",
        ],
    ), done.stderr
