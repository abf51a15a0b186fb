"""Seeing to it that an image is in Azure."""

import threading
from typing import Any

import pytest

from azure_scaleset.images.artifact import Artifact, ImageError, ensure
from azure_scaleset.images.chosen import CONTENT_TAG
from azure_scaleset.images.foresight import of_publication
from azure_scaleset.images.live_source import live_source
from azure_scaleset.rollout.arm import Arm, ArmError
from offline.arm import faults
from tests.unit.offline.arm import GROUP
from tests.unit.offline.images.workshop import GENERATION_1, MACHINE, VERSION, Workshop, version
from tests.unit.rollout.transport import Wire

VM = f"{GROUP}/providers/{MACHINE}"
IMAGE = f"{GROUP}/providers/{VERSION}"


def wanted(content: str = "abc", **profile: Any) -> Artifact:
    """A version of the machine."""
    return Artifact(IMAGE, {**version(VM, **profile), "tags": {CONTENT_TAG: content}})


def done(arm: Arm, artifact: Artifact) -> str:
    """What was done about it."""
    return ensure(arm, artifact, lambda _: None, threading.Event())


@pytest.fixture
def machine(workshop: Workshop) -> str:
    """A generalized machine, and a definition for its image."""
    workshop.definition()
    return workshop.generalized()


def test_a_version_is_made_once(arm: Arm, wire: Wire, machine: str, workshop: Workshop) -> None:
    """What is there with the same content is used again; the machine may be gone by then."""
    assert done(arm, wanted()) == "made web/1.0.0"
    workshop.done("DELETE", MACHINE)
    assert done(arm, wanted()) == "web/1.0.0 is there already: used again"
    assert wire.count("PUT") == 1


def test_where_a_version_is_published_is_brought_to_what_is_wanted(arm: Arm, machine: str, workshop: Workshop) -> None:
    """Another region, more replicas and an end of life are written, with the source that it was made of."""
    done(arm, wanted())
    regions = [{"name": "westeurope", "regionalReplicaCount": 2}, {"name": "northeurope"}]
    more = wanted(targetRegions=regions, endOfLifeDate="2030-01-01T00:00:00Z")

    assert done(arm, more) == "updated where web/1.0.0 is published"
    assert done(arm, more) == "web/1.0.0 is there already: used again"
    profile = workshop.arm.read(IMAGE)["properties"]["publishingProfile"]
    assert [(each["name"], each["regionalReplicaCount"]) for each in profile["targetRegions"]] == [("West Europe", 2), ("North Europe", 1)]


def test_other_content_under_the_same_number_is_refused(arm: Arm, machine: str) -> None:
    """Nothing is overwritten."""
    done(arm, wanted())
    with pytest.raises(ImageError, match=r"web/1\.0\.0 is there and was made of something else"):
        done(arm, wanted("def"))


def test_a_cancelled_deployment_stops_waiting(arm: Arm, machine: str) -> None:
    """Azure goes on; the next update finds what it made."""
    stop = threading.Event()
    stop.set()
    with pytest.raises(ImageError, match="cancelled"):
        ensure(arm, wanted(), lambda _: None, stop)
    assert done(arm, wanted()) == "web/1.0.0 is there already: used again"


def test_a_lost_answer_makes_no_second_version(arm: Arm, wire: Wire, machine: str, workshop: Workshop) -> None:
    """The retried PUT and the wait end with one version."""
    with workshop.arm.store.transaction():
        faults.add(workshop.arm.store, "loseAnswer", method="PUT", path="/versions/")
    assert done(arm, wanted()) == "made web/1.0.0"


def test_a_refusal_keeps_azures_code(arm: Arm, workshop: Workshop) -> None:
    """A machine that isn't generalized."""
    workshop.definition()
    workshop.machine()
    with pytest.raises((ArmError, ImageError), match="different OS state"):
        done(arm, wanted())


def test_the_preview_says_what_is_made_and_what_is_used_again(arm: Arm, machine: str) -> None:
    """Before and after."""
    given = {"id": IMAGE, "body": wanted().body}
    assert of_publication(arm, "GalleryImage 'web'", given, []) == "web/1.0.0 will be made of the VM build"
    done(arm, wanted())
    assert of_publication(arm, "GalleryImage 'web'", given, []) == "web/1.0.0 is there already: it is used again"


def test_the_preview_refuses_what_azure_would(arm: Arm, workshop: Workshop) -> None:
    """Not generalized, of another generation, in another region: all at once, each with what to do; then the rules of a version."""
    workshop.definition()
    workshop.machine(GENERATION_1)
    body = {**wanted().body, "location": "northeurope"}
    body["properties"] = {**body["properties"], "publishingProfile": {"targetRegions": [{"name": "northeurope"}]}}

    with pytest.raises(ValueError, match="can't be made") as caught:
        of_publication(arm, "GalleryImage 'web'", {"id": IMAGE, "body": body}, [])
    assert [line.partition(":")[0].removeprefix("  - ") for line in str(caught.value).splitlines()[1:]] == [
        "the VM build is not generalized (V1)",
        "the VM build is in westeurope, and location is northeurope. Expected the same region (Y5).",
        "the VM build is of generation V1, and the definition web of V2 (B12). Take a definition with generation V1.",
        "the VM build is not of trusted launch, and the definition web has the security type TrustedLaunch (T25). Expected Standard",
    ]

    body["properties"]["publishingProfile"] = {"targetRegions": [{"name": "northeurope", "regionalReplicaCount": 101}]}
    with pytest.raises(ValueError, match="regionalReplicaCount is 101"):
        of_publication(arm, "GalleryImage 'web'", {"id": IMAGE, "body": body}, [])


def test_a_source_is_read_as_azure_shows_it(arm: Arm, workshop: Workshop) -> None:
    """A machine that runs, the same when it is generalized, and none."""
    workshop.machine()
    running = live_source(arm, VM)
    assert running is not None
    assert (running.generalized, running.tells.os, running.tells.generation, running.words) == (False, "Linux", "V2", "the VM build")
    assert running.unique_id
    assert live_source(arm, f"{VM}2") is None
