"""Builds of templates whose place another one takes."""

import threading
from typing import Any

import pytest

from azure_scaleset.images import superseded
from azure_scaleset.images.artifact import ImageError
from azure_scaleset.images.superseded import OWNER_TAG, building, cancel
from azure_scaleset.rollout.arm import Arm
from tests.unit.images.builder import TEMPLATE, Builder
from tests.unit.offline.images.workshop import Workshop

STACK = "project/dev"
NEW = f"{TEMPLATE}-00000000"


@pytest.fixture
def builder(workshop: Workshop) -> Builder:
    """An Azure with a definition, and an identity that may write into it."""
    return Builder(workshop)


def run(builder: Builder, name: str, stack: str = STACK) -> Any:
    """A template that builds; gives the answer of the run."""
    path = f"{TEMPLATE.rpartition('/')[0]}/{name}"
    assert builder.submit(path=path, tags={OWNER_TAG: stack}) is None
    answer = builder.workshop.arm.call("POST", f"{path}/run")
    assert answer.status == 202
    return answer


def states(builder: Builder) -> dict[str, str]:
    """The states of the runs, by the names of the templates."""
    found = builder.workshop.arm.read(TEMPLATE.rpartition("/")[0])["value"]
    return {each["name"]: each["properties"]["lastRunStatus"]["runState"] for each in found}


def stop_builds(arm: Arm, stop: threading.Event | None = None) -> list[str]:
    """What is said about it."""
    said: list[str] = []
    cancel(arm, NEW, "web", STACK, said.append, stop or threading.Event())
    return said


def test_only_older_templates_of_the_image_stop(arm: Arm, builder: Builder) -> None:
    """Not the one that is wanted, those of another image or of another stack; then the old one can be deleted."""
    for name in ("web-00000000", "web-0123abcd", "web-api-0123abcd"):
        run(builder, name)
    run(builder, "web-99999999", "project/prod")
    assert [each["name"] for each in building(arm, NEW, "web", STACK)] == ["web-0123abcd"]

    assert stop_builds(arm) == ["the build web-0123abcd, of another recipe, is cancelled"]
    assert {name for name, state in states(builder).items() if state == "Canceled"} == {"web-0123abcd"}
    builder.workshop.done("DELETE", f"{TEMPLATE}-0123abcd")
    assert stop_builds(arm) == []


def test_one_that_somebody_cancels_is_waited_for(arm: Arm, builder: Builder) -> None:
    """Azure refuses the second cancellation."""
    run(builder, "web-0123abcd")
    builder.workshop.arm.call("POST", f"{TEMPLATE}-0123abcd/cancel")

    stop_builds(arm)
    assert states(builder) == {"web-0123abcd": "Canceled"}


def test_one_that_ends_before_it_is_cancelled_is_out_of_the_way(arm: Arm, builder: Builder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Azure took the cancellation, and it has failed since; a build that goes on nevertheless is an error."""
    run(builder, "web-0123abcd")
    ends = [False, True]

    def fails(*_: Any) -> None:
        if ends.pop():
            builder.workshop.done("POST", f"{TEMPLATE}-0123abcd/cancel")
        raise ImageError("web-0123abcd: nothing runs")

    monkeypatch.setattr(superseded, "finish", fails)
    monkeypatch.setattr(arm, "post", lambda *_: None)

    stop_builds(arm)
    assert states(builder) == {"web-0123abcd": "Canceled"}
    run(builder, "web-9999abcd")
    with pytest.raises(ImageError, match="nothing runs"):
        stop_builds(arm)


def test_a_cancelled_deployment_does_not_wait(arm: Arm, builder: Builder) -> None:
    """The build ends by itself; the next `up` goes on from there."""
    run(builder, "web-0123abcd")
    stop = threading.Event()
    stop.set()
    with pytest.raises(ImageError, match="the deployment was cancelled"):
        stop_builds(arm, stop)
    stop_builds(arm)
    assert states(builder) == {"web-0123abcd": "Canceled"}
