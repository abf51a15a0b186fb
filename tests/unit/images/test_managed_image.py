"""Which managed image of a VM is wanted, and what the preview says of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from azure_scaleset.commands.prune import _remove
from azure_scaleset.commands.prune_plan import Item, Kind
from azure_scaleset.images.chosen import CONTENT_TAG, MADE_TAG
from azure_scaleset.images.live_source import live_source
from azure_scaleset.images.managed_image import chosen_image, foreseen
from azure_scaleset.images.source import content
from azure_scaleset.rollout.arm import Arm
from tests.unit.offline.arm import GROUP
from tests.unit.offline.images.workshop import GENERATION_1, MACHINE, Workshop

VM = f"{GROUP}/providers/{MACHINE}"
BEGINNING = f"{GROUP}/providers/Microsoft.Compute/images/web"
SUBJECT = "CapturedImage 'web'"


@pytest.fixture
def of_machine(arm: Arm, workshop: Workshop) -> Callable[..., tuple[Any, str]]:
    """Which image is wanted of a generalized machine, as Azure has it now."""
    workshop.generalized(GENERATION_1)
    return lambda zoned=False, beginning=BEGINNING: chosen_image(arm, VM, live_source(arm, VM), beginning, zoned=zoned)


def make(workshop: Workshop, image: Any, tags: Any = None, *, zoned: bool = False) -> None:
    """Makes it."""
    properties = {"sourceVirtualMachine": {"id": VM}, **({"storageProfile": {"zoneResilient": True}} if zoned else {})}
    body = {"location": "westeurope", "tags": {**image.tags({}), **(tags or {})}, "properties": {**properties, "hyperVGeneration": "V1"}}
    workshop.done("PUT", image.id, body)


def test_an_image_that_somebody_deleted_has_another_mark(of_machine: Callable[..., tuple[Any, str]], workshop: Workshop) -> None:
    """So that `up` makes it again; one that is there keeps its own, and so has one without."""
    first, generation = of_machine()
    make(workshop, first)
    assert (of_machine()[0], generation, bool(first.made)) == (replace(first, there=True), "V1", True)

    workshop.done("DELETE", first.id)
    again, _ = of_machine()
    assert (again.id, again.content, again.made > first.made) == (first.id, first.content, True)
    make(workshop, again, {MADE_TAG: ""})
    assert of_machine()[0].tags({}) == {CONTENT_TAG: first.content}


def test_the_image_of_a_machine_that_is_gone_is_found_again(
    of_machine: Callable[..., tuple[Any, str]], arm: Arm, workshop: Workshop
) -> None:
    """The newest one under its own name: not one that somebody captured, of another component or in other storage, whichever Azure lists first."""
    older, _ = of_machine()
    make(workshop, of_machine(beginning=BEGINNING[:-3] + "another")[0])
    zoned, _ = of_machine(zoned=True)
    make(workshop, zoned, zoned=True)
    make(workshop, older)
    # The machine was made anew under the same name.
    workshop.done("DELETE", MACHINE)
    workshop.generalized(GENERATION_1)
    newer, _ = of_machine()
    make(workshop, newer)
    workshop.done("DELETE", MACHINE)

    assert len({older.id, newer.id, zoned.id}) == 3
    assert of_machine() == (replace(newer, there=True), "V1")
    assert chosen_image(arm, f"{VM}2", None, BEGINNING, zoned=False)[0].content == content(f"{VM}2")


def test_the_preview_says_what_becomes_of_it(of_machine: Callable[..., tuple[Any, str]], arm: Arm, workshop: Workshop) -> None:
    """Made, used again, made anew where it is gone or Azure has failed to make it; refused where the machine is gone, too."""
    image, _ = of_machine()
    wanted = {"id": image.id, "body": {"properties": {"sourceVirtualMachine": {"id": VM}}}}
    name = image.id.rpartition("/")[2]
    assert foreseen(arm, SUBJECT, wanted) == f"{name} will be made of the VM build"
    make(workshop, image)
    assert foreseen(arm, SUBJECT, wanted) == f"{name} is there already: it is used again"

    store = workshop.arm.store
    body = workshop.arm.read(image.id)
    with store.transaction():
        store.put(image.id, body["type"], {**body, "properties": {**body["properties"], "provisioningState": "Failed"}})
    assert foreseen(arm, SUBJECT, wanted) == f"{name} will be made of the VM build"
    workshop.done("DELETE", MACHINE)
    with pytest.raises(ValueError, match=r"the VM .* does not exist \(any more\), and neither does an image web-\w+ that was made of it"):
        foreseen(arm, SUBJECT, wanted)


def test_one_that_nothing_uses_is_removed(of_machine: Callable[..., tuple[Any, str]], arm: Arm, workshop: Workshop) -> None:
    """By `scaleset prune`."""
    image, _ = of_machine()
    make(workshop, image)
    _remove(arm, Item(Kind.MANAGED_IMAGE, image.id, BEGINNING, datetime(2026, 1, 1, tzinfo=UTC)))
    assert workshop.arm.call("GET", image.id).status == 404
