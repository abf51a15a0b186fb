"""Where an image goes, and what ARM is told of it."""

from typing import Any

import pytest

from azure_scaleset.capture import wanted
from azure_scaleset.capture.wanted import Wanted
from tests.unit.capture.bench import VM
from tests.unit.capture.vms import vm
from tests.unit.offline.arm import GROUP

OTHER = "/subscriptions/1/resourceGroups/images/providers/Microsoft.Compute/galleries/shared"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (Wanted(), f"{GROUP}/providers/Microsoft.Compute/galleries/group_images/images/build"),
        (Wanted(gallery="shared", definition="web"), f"{GROUP}/providers/Microsoft.Compute/galleries/shared/images/web"),
        (Wanted(gallery=OTHER), f"{OTHER}/images/build"),
    ],
)
def test_definition_of_an_image(asked: Wanted, expected: str) -> None:
    """By default it is named after the resource group and the VM; a gallery's name may have no dashes."""
    assert wanted.definition_id(VM, asked) == expected


def test_gallery_of_a_group_with_dashes() -> None:
    """What a gallery's name can't have becomes an underscore."""
    assert wanted.gallery_id(VM.replace("/group/", "/my-shop.dev/"), Wanted()).rpartition("/")[2] == "my_shop.dev_images"


def test_default_names_are_ones_that_azure_takes() -> None:
    """A group's name may have 90 characters, a gallery's 80; a VM's name may end with an underscore."""
    long = VM.replace("/group/", f"/{'g' * 90}/") + "_"

    assert wanted.definition_id(long, Wanted()).partition("/galleries/")[2] == f"{'g' * 73}_images/images/build"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (Wanted(managed_image="a", gallery="b"), ["--managed-image and --gallery were given"]),
        (Wanted(managed_image="a", regions=("uksouth",)), ["--managed-image and --region were given"]),
        (Wanted(gallery="my-gallery", version="1"), ["--gallery my-gallery: a gallery's name", "--image-version is '1'. Expected"]),
        (Wanted(gallery="/subscriptions/1"), ["--gallery /subscriptions/1 is no id"]),
        (Wanted(gallery=f"{OTHER}-1"), [f"--gallery {OTHER}-1: a gallery's name"]),
        (Wanted(definition="my image!", regions=("West Europe", "west/europe")), ["--definition 'my image!'", "--region 'west/europe'"]),
        (Wanted(managed_image="a/b"), ["--managed-image 'a/b'"]),
        (Wanted(version="1.0.2147483648"), ["--image-version is '1.0.2147483648'. Expected"]),
        (Wanted(version="1.2.3", gallery="images"), []),
    ],
)
def test_wrong_words(asked: Wanted, expected: list[str]) -> None:
    """All mistakes at once, each with what is expected."""
    found = wanted.problems(asked)
    assert [each[: len(start)] for each, start in zip(found, expected, strict=True)] == expected


@pytest.mark.parametrize(
    ("security", "features"), [("TrustedLaunch", [{"name": "SecurityType", "value": "TrustedLaunch"}]), ("Standard", [])]
)
def test_definition_says_what_the_vm_is(security: str, features: Any) -> None:
    """Of a VM without trusted launch Azure makes no image that supports it; the plan goes along."""
    plan = {"name": "a", "publisher": "b", "product": "c"}
    body = wanted.definition_body(vm(security=security, plan=plan), "web")
    assert body["properties"] == {
        "osType": "Linux",
        "osState": "Generalized",
        "hyperVGeneration": "V2",
        "architecture": "x64",
        "features": features,
        "identifier": {"publisher": "azure-scaleset", "offer": "web", "sku": "web"},
        "purchasePlan": {"name": "a", "publisher": "b", "product": "c"},
    }


def test_lines_of_a_stack_file() -> None:
    """System, image, security type and plan, as the stack files take them."""
    assert wanted.stack_lines("/image", vm(plan={"name": "a", "publisher": "b", "product": "c"}).tells) == [
        "azure-scaleset:os: Linux",
        "azure-scaleset:image: /image",
        "azure-scaleset:security:",
        "  type: TrustedLaunch",
        "azure-scaleset:overrides:",
        "  plan:",
        "    name: a",
        "    publisher: b",
        "    product: c",
    ]
