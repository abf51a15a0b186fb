"""What is done before a template is submitted."""

import threading

import pytest

from azure_scaleset.images import builder_rights
from azure_scaleset.images.submission import ARRIVAL, make_way, refusal
from azure_scaleset.rollout.arm import Arm
from offline.arm import faults
from tests.unit.images.builder import TEMPLATE, Builder
from tests.unit.offline.images.workshop import Workshop
from tests.unit.rollout.transport import Wire

GALLERY = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/g"


def test_a_template_waits_for_its_roles(arm: Arm, workshop: Workshop) -> None:
    """Then it is taken in, though a role counts only some time after it was assigned."""
    faults.add(workshop.arm.store, "rolesLate", seconds=ARRIVAL.total_seconds() - 30)
    builder = Builder(workshop)
    said: list[str] = []
    make_way(arm, TEMPLATE, builder.assignments, said.append, threading.Event())
    assert set(said) == {"the template web waits until Azure knows its roles everywhere, 5 minutes from their assignment"}
    assert builder.submit() is None


def test_a_refused_template_makes_way_and_another_one_stays(arm: Arm, wire: Wire, workshop: Workshop) -> None:
    """Only the refused one is deleted; the next one is taken in."""
    builder = Builder(workshop)
    builder.identity("stranger")
    builder.submit(identity="stranger")
    assert str(refusal(workshop.arm.read(TEMPLATE))).startswith("Not authorized to access the resource")

    said: list[str] = []
    make_way(arm, TEMPLATE, [], said.append, threading.Event())
    assert builder.submit() is None
    make_way(arm, TEMPLATE, [], said.append, threading.Event())
    (deleted,) = said
    assert deleted.startswith("the template web was refused (Not authorized to access the resource")
    assert (wire.count("DELETE"), refusal(workshop.arm.read(TEMPLATE))) == (1, None)


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ("Ubuntu2404", (builder_rights.GALLERY_READER, "/gallery")),
        (f"{GALLERY}/images/d/versions/1.0.0", (builder_rights.GALLERY_READER, f"{GALLERY}/images/d")),
        (
            "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/images/i",
            (builder_rights.READER, "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/images/i"),
        ),
    ],
)
def test_the_role_for_a_base(image: str, expected: tuple[str, str]) -> None:
    """A gallery's image by its definition, a managed image by itself; of a platform image one on the gallery that is written, where it adds nothing."""
    assert builder_rights.of_base(image, "/gallery") == expected
